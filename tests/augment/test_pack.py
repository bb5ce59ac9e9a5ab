import pytest
import torch

from multigan.augment.pack import Pack, build_pack
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, ShapeError
from multigan.core.types import Spec


def test_neighbours_become_channels_in_their_order():
    x = torch.arange(4 * 3 * 2.0).view(4, 3, 2)
    packed = Pack(2)(x, Draw(0))
    assert packed.shape == (2, 6, 2)
    assert torch.equal(packed[0, :3], x[0])
    assert torch.equal(packed[0, 3:], x[1])
    assert torch.equal(packed[1, 3:], x[3])


def test_the_channel_axis_may_be_another():
    spec = Spec("text", (5, 7), channel_axis=1)
    view = build_pack(None, spec, samples=3)
    x = torch.randn(6, 5, 7)
    assert view.spec(spec).shape == (5, 21)
    assert torch.equal(view(x, Draw(0))[1, :, 14:], x[5])


def test_a_batch_that_does_not_divide_is_refused():
    with pytest.raises(ShapeError, match="a multiple of 2"):
        Pack(2)(torch.randn(5, 3), Draw(0))


def test_a_pack_of_one_is_refused():
    with pytest.raises(RecipeError, match="at least 2"):
        build_pack(None, Spec("points", (2,)), samples=1)
