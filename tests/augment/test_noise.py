import pytest
import torch

from multigan.augment import views
from multigan.augment.noise import InstanceNoise
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError


@pytest.mark.parametrize(("progress", "sigma"), [(0.0, 0.4), (0.5, 0.25), (1.0, 0.1)])
def test_the_deviation_goes_linearly_to_its_end(progress, sigma):
    x = torch.randn(64, 500)
    draw = Draw(0, progress=progress)
    added = InstanceNoise(0.4, 0.1)(x, draw) - x
    torch.testing.assert_close(added, sigma * draw.normal("instance-noise", (64, 500)), rtol=0, atol=1e-6)
    assert abs(added.std().item() / sigma - 1) < 0.02


def test_it_ends_at_the_samples_themselves_by_default():
    x = torch.randn(4, 3)
    assert torch.equal(views.get("instance-noise")(None, None)(x, Draw(0, progress=1.0)), x)


def test_a_negative_deviation_is_refused():
    with pytest.raises(RecipeError, match="0 or more"):
        views.get("instance-noise")(None, None, sigma=-1.0)
