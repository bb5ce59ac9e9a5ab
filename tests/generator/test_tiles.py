"""Parts of a file, and that nothing shows where they meet."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.generators import draw_fakes
from multigan.core.types import Latent, Spec
from multigan.generator import tiles as module
from multigan.generator.tiles import Tiles
from multigan.plugins.fitted import Taken
from multigan.plugins.image.unet import UNet
from multigan.plugins.image.upscaler import Upscaler

SPEC = Spec("image", (3, 16, 16))
SIZES = [(101, 67), (64, 64), (33, 200), (97, 1), (65, 64)]


def _shaken(net):
    generator = torch.Generator().manual_seed(0)
    for value in net.parameters():
        value.data = torch.randn(value.shape, generator=generator) * 0.2
    return net.eval().requires_grad_(False)


def _taken(size):
    raw = torch.rand(3, *size, generator=torch.Generator().manual_seed(1)) * 2 - 1
    return Taken(raw, lambda x: x, lambda x: x, lambda x: x, lambda x: x)


def _call(net):
    return lambda given: draw_fakes(net, 1, Draw(0), None, given[None])[0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("net", [UNet(3, 3, 4, 3, "none"), Upscaler(3, 4, 3, 2)], ids=["unet", "upscaler"])
def test_parts_equal_the_whole(net, size):
    net, taken = _shaken(net), _taken(size)
    tiles = Tiles(net, SPEC, 32)
    made, whole = tiles.through(_call(net), taken), _call(net)(taken.raw)
    # Convolutions of other sizes may add in another order; in the steps of a file it is the same picture.
    assert (made - whole).abs().max() < 5e-6
    kept = replace(taken, to_kept=lambda x: (x.clamp(-1, 1) * 127.5 + 127.5).round().byte())
    assert torch.equal(tiles.through(_call(net), kept), kept.to_kept(whole))
    assert len(tiles.parts(size)) == -(-size[0] // 32) * -(-size[1] // 32) > 1
    assert tiles.seam < 5e-6
    assert tiles.why_whole() == ""


def test_with_less_around_it_a_part_has_seams():
    net, taken = _shaken(UNet(3, 3, 4, 3, "none")), _taken((101, 67))
    tiles = Tiles(net, SPEC, 32)
    tiles.reach = tiles.reach._replace(places=8)
    tiles.seam = 0.0
    assert (tiles.through(_call(net), taken) - _call(net)(taken.raw)).abs().max() > 1e-3


def test_a_net_that_looks_at_everything_gets_files_at_once_and_says_why():
    net, taken = _shaken(UNet(3, 3, 4, 3, "instance")), _taken((101, 67))
    tiles = Tiles(net, SPEC, 32)
    assert tiles.why_whole() == ""
    assert torch.equal(tiles.through(_call(net), taken), _call(net)(taken.raw))
    assert "looks at the whole file (InstanceNorm2d at down.1.2)" in tiles.why_whole()
    assert len(tiles.parts((101, 67))) == 1


class _Noisy(nn.Module):
    """Noise for every place: another one where the part is another."""

    latent = Latent((0,))

    def __init__(self):
        super().__init__()
        self.share = nn.Parameter(torch.ones(1))

    def forward(self, z, cond=None, draw=None, *, source):
        return source + self.share * draw.normal("noise", tuple(source.shape))


def test_seams_that_no_reach_explains_are_found_on_the_first_file():
    net, taken = _Noisy().eval().requires_grad_(False), _taken((101, 67))
    tiles = Tiles(net, SPEC, 32)
    assert torch.equal(tiles.through(_call(net), taken), _call(net)(taken.raw))
    assert "differ by" in tiles.why_whole()


def test_small_files_and_a_side_of_none_are_not_cut_and_nothing_is_measured():
    tiles = Tiles(_shaken(Upscaler(3, 4, 3, 2)), SPEC, 0)
    assert len(tiles.parts((5000, 5000))) == 1
    assert len(Tiles(tiles.net, SPEC).parts((512, 512))) == 1
    assert "reach" not in vars(tiles)


def test_what_memory_does_not_hold_is_refused(monkeypatch):
    monkeypatch.setattr(module, "memory_bytes", lambda: 2**20)
    tiles = Tiles(_shaken(UNet(3, 3, 4, 3, "instance")), SPEC)
    with pytest.raises(DataError, match=r"at once take [\d.]+ [KM]iB or more.*G.norm=none"):
        tiles.through(_call(tiles.net), _taken((600, 600)))
