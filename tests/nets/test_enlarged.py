import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.dcgan import build_g
from multigan.nets.dcgan_autoencoder import build_autoencoder
from multigan.nets.enlarged import Enlarged, times_of, to_meta


@pytest.mark.parametrize(("small", "times"), [((8, 8), 2), ((5, 7), 3), ((1, 6), 2), ((4, 3), 1)])
def test_it_enlarges_as_pillow_does(small, times):
    picture = np.random.default_rng(0).uniform(-0.5, 0.5, small).astype(np.float32)
    sides = (small[0] * times, small[1] * times)
    wanted = np.asarray(Image.fromarray(picture).resize(sides[::-1], Image.Resampling.BICUBIC))
    # Before tanh each pixel stands `times` x `times` times, as it is or as unequal ones of the same mean.
    before = torch.from_numpy(picture).double().atanh().repeat_interleave(times, 0).repeat_interleave(times, 1)
    if times == 2:
        before += torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(sides[1] // 2)
    out = Enlarged(*sides, times)(before[None, None].float())
    assert out.shape == (1, 1, *sides)
    torch.testing.assert_close(out[0, 0], torch.from_numpy(wanted.copy()), atol=2e-6, rtol=0)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_of_bytes_it_gives_the_bytes_of_pillow_also_where_edges_overshoot(times):
    """Rows are cut before columns, as Pillow has bytes between them; these are rounded, which is a level or so."""
    small = (np.random.default_rng(1).random((8, 8)) < 0.5).astype(np.uint8) * 255
    wanted = np.asarray(Image.fromarray(small).resize((8 * times, 8 * times), Image.Resampling.BICUBIC)).astype(float)
    before = 40 * (torch.from_numpy(small).float() / 127.5 - 1)
    out = Enlarged(8 * times, 8 * times, times)(
        before.repeat_interleave(times, 0).repeat_interleave(times, 1)[None, None]
    )
    assert np.abs((out[0, 0].numpy() + 1) * 127.5 - wanted).max() < 1.5


@pytest.mark.parametrize(("shape", "times"), [((1, 56, 56), 7), ((1, 15, 9), 3), ((3, 18, 18), 9)])
def test_it_is_the_sides_that_are_divided(shape, times):
    torch.manual_seed(0)
    fake = build_g(Spec("image", shape), nz=5, width=4, enlarged=times)(torch.randn(2, 5))
    assert fake.shape == (2, *shape)
    assert fake.std() > 0


def test_the_decoder_of_an_autoencoder_enlarges_too():
    spec = Spec("image", (1, 16, 16), (), to_meta((8, 8), (16, 16)))
    assert isinstance(build_autoencoder(spec, nz=3, width=4, enlarged="auto").decoder.net.last, Enlarged)
    assert not isinstance(build_autoencoder(spec, nz=3, width=4).decoder.net.last, Enlarged)


def test_what_overshoots_is_cut_and_what_saturates_keeps_its_gradient():
    edge = torch.full((1, 1, 8, 8), -50.0)
    edge[..., 4:] = 50.0
    out = Enlarged(8, 8, 2)(edge)
    assert out.max() == 1
    assert out.min() == -1
    # Neighbours that are as bright as can be and as dark: grey, and not without a gradient.
    x = torch.tensor([50.0, -50.0]).repeat(8, 4)[None, None].requires_grad_()
    (Enlarged(8, 8, 2)(x) - 1).square().sum().backward()
    assert (x.grad.abs() > 0).all()


def test_its_gradient_is_that_of_the_formula():
    x = torch.randn(2, 1, 6, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(Enlarged(6, 4, 2).double(), (0.3 * x,))


@pytest.mark.parametrize(
    ("own", "size", "times"),
    [
        ((8, 8), (16, 16), 2),
        ((8, 4), (24, 12), 3),
        *[((8, 8), size, 1) for size in ((8, 8), (20, 20), (16, 24), (4, 4))],
    ],
)
def test_data_says_how_often_it_was_enlarged(own, size, times):
    assert times_of(to_meta(own, size)) == times


def test_auto_is_what_the_data_says_and_no_more():
    assert times_of({}) == 1
    torch.manual_seed(0)
    spec = Spec("image", (1, 16, 16), (), to_meta((8, 8), (16, 16)))
    z = torch.randn(4, 5)
    for given, times in (("auto", 2), (4, 4), (1, 1)):
        torch.manual_seed(0)
        fake = build_g(spec, nz=5, width=4, enlarged=given)(z)
        torch.manual_seed(0)
        plain = build_g(Spec("image", (1, 16, 16)), nz=5, width=4)(z)
        wanted = plain if times == 1 else Enlarged(16, 16, times)(plain.atanh())
        torch.testing.assert_close(fake, wanted, atol=1e-5, rtol=0)


@pytest.mark.parametrize(("shape", "times"), [((1, 16, 16), 3), ((1, 15, 16), 2), ((1, 9, 18), 2)])
def test_a_side_that_is_no_multiple_is_refused_in_words(shape, times):
    with pytest.raises(RecipeError, match=f"enlarged = {times}.*divisor of both sides"):
        build_g(Spec("image", shape), nz=5, width=4, enlarged=times)
