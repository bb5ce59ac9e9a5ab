"""Colours for a grey picture, whose luminance stays: the net says how far a pixel is from grey, and no more."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.image.degrade import LUMA
from multigan.plugins.image.unet import Norm, UNet, build_unet

__all__ = ["Colourist", "build_colourist", "coloured"]


class Colourist(nn.Module):
    """Grey picture -> picture with colours and the same luma.

    Args:
        body: a U-Net of one channel to three.

    Source: Zhang et al. 2016 (Colorful image colorization), section 2: the net predicts chroma, and the lightness is
    the input's. Departures: luma of BT.601 in place of CIE Lab's lightness, so that pixels of one luma are
    a plane; the net's last layer begins at zero, so that the untrained net gives the grey picture.
    """

    def __init__(self, body: UNet) -> None:
        super().__init__()
        self.latent, self.multiple, self.body = Latent((0,)), body.multiple, body
        body.silence()

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, 1, height, width)` -> `(batch, 3, height, width)` in [-1, 1]; z is empty."""
        return coloured(source, self.body(z, source=source))


def coloured(grey: Tensor, colour: Tensor) -> Tensor:
    """`colour` `(batch, 3, ...)` brought to the luma of `grey` `(batch, 1, ...)`.

    Where a pixel would leave [-1, 1], its chroma is made smaller. The luma of the result is `grey` up to rounding:
    chroma has none, whatever it is multiplied by.
    """
    luma = (colour * colour.new_tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
    chroma = colour - luma
    room = torch.where(chroma > 0, 1 - grey, 1 + grey).clamp_min(0)
    share = (room / chroma.abs().clamp_min(1e-6)).amin(1, keepdim=True).clamp_max(1)
    return grey + share * chroma


def build_colourist(
    spec: Spec,
    source: Spec,
    *,
    width: Size = 16,
    downs: Annotated[int, Field(ge=0, le=12)] = 0,
    norm: Norm = "instance",
) -> Colourist:
    """A net from grey pictures like `source` to coloured ones like `spec`; options as of the net `unet`.

    Raises:
        RecipeError: they are of other channels or sizes.
    """
    if (source.shape[0], spec.shape[0]) != (1, 3):
        given = f"inputs of {source.shape[0]} channels for pictures of {spec.shape[0]}"
        fix = "write degrade = [{ name = \"grey\" }], or use the net 'unet'"
        raise RecipeError(given, "1 and 3: grey pictures whose colours are asked for", fix, key=["net"])
    return Colourist(build_unet(spec, source, width=width, downs=downs, norm=norm))
