"""A hole filled by a smooth film and a correction that begins at zero."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.image.degrade import HOLE
from multigan.plugins.image.membrane import membrane
from multigan.plugins.image.unet import Norm, UNet, depth_of

__all__ = ["Filler", "build_filler"]


class Filler(nn.Module):
    """Picture with a hole -> the same picture without one.

    What is known is copied bit for bit. The hole begins as `membrane` fills it, and a U-Net that sees this and where
    the hole was adds what it learnt. Its last layer begins at zero, so that the untrained net is the film bit for bit.

    Args:
        channels: of a picture.
        width: feature maps of the U-Net's first stage.
        downs: its stages, and the halvings of the film's pyramid.
        norm: of the U-Net.

    Source: ours; a net that begins at a classical method is that of residual upscalers (Kim et al. 2016, VDSR).
    """

    def __init__(self, channels: int, width: int, downs: int, norm: Norm) -> None:
        super().__init__()
        self.latent, self.multiple, self.levels = Latent((0,)), 2**downs, downs
        self.body = UNet(channels + 1, channels, width, downs, norm)
        self.body.silence()

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, channels + 1, height, width)` -> `(batch, channels, height, width)`; z is empty."""
        known, hole = source[:, :-1], source[:, -1:]
        film = membrane(known, hole, self.levels)
        added = 2 * self.body(z, source=torch.cat([film, hole], 1))
        return torch.where(hole > 0.5, film + added, known)


def build_filler(
    spec: Spec,
    source: Spec,
    *,
    width: Size = 24,
    downs: Annotated[int, Field(ge=0, le=12)] = 0,
    norm: Norm = "instance",
) -> Filler:
    """A net from pictures with holes to whole ones; `downs` = 0: down to 2 pixels or a little more.

    Raises:
        RecipeError: inputs have no hole.
    """
    if not source.meta.get(HOLE) or source.shape != (spec.shape[0] + 1, *spec.shape[1:]):
        given = f"inputs of {source.shape} for pictures of {spec.shape}, and no word of a hole"
        fix = "write degrade = [{ name = \"hole\" }], or use the net 'unet'"
        raise RecipeError(given, "pictures with a hole, and a channel that says where", fix, key=["net"])
    return Filler(spec.shape[0], width, downs or depth_of(spec), norm)
