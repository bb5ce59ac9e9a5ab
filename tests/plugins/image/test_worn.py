import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.image.worn import Blur, Jpeg, SecondOrder, build_blur, build_jpeg


@pytest.mark.parametrize("view", [Blur(0.5, 3.0), Jpeg(10, 95), SecondOrder(1), SecondOrder(2)])
def test_draws_alone_decide_and_several_processes_are_one(view):
    x = torch.rand(4, 3, 24, 16) * 2 - 1
    made = view(x, Draw(0, 3))
    assert made.shape == (4, 3, 24 // getattr(view, "factor", 1), 16 // getattr(view, "factor", 1))
    assert made.isfinite().all()
    assert made.abs().max() <= 1 + 1e-6
    assert torch.equal(made, view(x, Draw(0, 3)))
    assert not torch.equal(made, view(x, Draw(0, 4)))
    parts = [view(x[2 * k : 2 * k + 2], Draw(0, 3, rank=k, world_size=2)) for k in range(2)]
    torch.testing.assert_close(torch.cat(parts), made)


def test_the_gradient_reaches_the_picture_and_one_channel_will_do():
    x = (torch.rand(2, 1, 16, 16) * 1.8 - 0.9).requires_grad_()
    SecondOrder(2)(x, Draw(0)).sum().backward()
    assert bool(x.grad.flatten(1).any(1).all())


def test_more_wear_is_further_away():
    x = torch.nn.functional.interpolate(torch.rand(16, 3, 8, 8) * 2 - 1, size=(32, 32), mode="bicubic").clamp(-1, 1)

    def gap(view):
        return (view(x, Draw(0)) - x).abs().mean()

    assert gap(Blur(0.2, 0.3)) < gap(Blur(2.0, 3.0))
    assert gap(Jpeg(90, 95)) < gap(Jpeg(5, 10))
    assert gap(Jpeg(30, 95)) < gap(SecondOrder(1)) < 1


def test_sizes_and_options_are_checked():
    assert SecondOrder(2).spec(Spec("image", (3, 8, 4))).shape == (3, 4, 2)
    with pytest.raises(RecipeError, match="multiples of it"):
        SecondOrder(2).spec(Spec("image", (3, 8, 5)))
    for build in (build_blur, build_jpeg):
        with pytest.raises(RecipeError, match="least no larger than most"):
            build(None, Spec("image", (3, 8, 8)), least=9, most=5)
