import pytest

from multigan.core.errors import RecipeError
from multigan.plugins.audio import modality
from multigan.plugins.audio.options import Options
from multigan.recipe.options import bind


@pytest.mark.parametrize("values", [{"samples": 0}, {"samples": 64}, {"sample_rate_hz": "auto"}, {"sample_rate_hz": 0}])
def test_what_can_be_said(values):
    assert bind(modality.load, values, "data").items() >= values.items()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"samples": 63}, "at least 64"),
        ({"samples": -1}, "0 for what fits the sounds"),
        ({"sample_rate_hz": 999}, "auto for what their tones need"),
        ({"sample_rate_hz": "fast"}, "auto"),
        ({"begin": "middle"}, "onset"),
    ],
)
def test_what_cannot_be_said_names_what_can(values, expected):
    with pytest.raises(RecipeError, match=expected):
        bind(modality.load, values, "data")


def test_only_what_is_left_to_the_sounds_is_open():
    assert not Options().open
    assert not Options(begin="onset", kind="oneshot").open
    assert all(one.open for one in (Options(samples=0), Options(sample_rate_hz="auto"), Options(begin="onset")))
    assert (Options(sample_rate_hz="auto").rate, Options(sample_rate_hz=8000).rate) == (0, 8000)
