import pytest

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.stages import plan_ladder, wave_shape


@pytest.mark.parametrize(
    ("samples", "strides"),
    [(16384, (4, 4, 4, 4, 4)), (32768, (4, 4, 4, 4, 4, 2)), (65536, (4, 4, 4, 4, 4, 4)), (8192, (4, 4, 4, 4, 2))],
)
def test_the_papers_lengths_start_at_sixteen(samples, strides):
    ladder = plan_ladder(samples)
    assert (ladder.base, ladder.strides) == (16, strides)
    assert ladder.lengths()[-1] == samples


@pytest.mark.parametrize("samples", [64, 1000, 22050, 44100, 100_001])
def test_any_length_wastes_little(samples):
    ladder = plan_ladder(samples)
    assert 0 <= ladder.lengths()[-1] - samples < samples / 16 + 1


def test_too_short_and_other_data_are_refused():
    with pytest.raises(RecipeError, match="at least 64"):
        plan_ladder(63)
    with pytest.raises(RecipeError, match="waves of shape"):
        wave_shape(Spec("image", (1, 8, 8)))
