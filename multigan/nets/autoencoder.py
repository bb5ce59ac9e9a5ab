"""An encoder, a decoder and the map between noise and codes: one generator."""

from math import prod
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Latent, Spec
from multigan.nets.between import Prior, between
from multigan.nets.conditioning import ClassEmbedding
from multigan.nets.flow import Flow
from multigan.nets.mlp import Layers, MlpG
from multigan.nets.sizes import Size
from multigan.nets.transport import Velocities

__all__ = ["Autoencoder", "Dropout", "FlowLayers", "Told", "build_flat"]

FlowLayers = Annotated[int, Field(ge=0, le=64)]
Dropout = Annotated[float, Field(ge=0, lt=1)]
SMALLEST, LARGEST = -8.0, 2.0
"""Bounds of the log deviation of a code."""


class Autoencoder(nn.Module):
    """See `multigan.core.generators.Encoding`.

    Args:
        encoder: `(x, cond)` to `(batch, 2 nz)`: mean and log deviation of a code.
        decoder: `(code, cond)` to samples.
        flow: z to codes.
        nz: size of z and of a code.

    Source: Kingma & Welling 2014 (VAE), section 2.3 and appendix C.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, flow: Flow | Velocities, nz: int) -> None:
        super().__init__()
        self.encoder, self.decoder, self.flow = encoder, decoder, flow
        self.latent = Latent((nz,))

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, nz)` to samples."""
        return self.decode(self.to_code(z, cond), cond)

    def encode(self, x: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Samples to mean and log deviation of their codes, each `(batch, nz)`."""
        mean, log_deviation = self.encoder(x, cond).chunk(2, 1)
        return mean, log_deviation.clamp(SMALLEST, LARGEST)

    def decode(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes `(batch, nz)` to samples."""
        samples: Tensor = self.decoder(code, cond)
        return samples

    def to_code(self, z: Tensor, cond: Tensor | None = None) -> Tensor:
        """z to codes, both `(batch, nz)`."""
        code: Tensor = self.flow(z, cond)
        return code

    def to_z(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes to z, both `(batch, nz)`."""
        return self.flow.to_z(code, cond)

    def surprise(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """`-log p(code)` in nats, `(batch,)`."""
        return self.flow.surprise(code, cond)

    def lesson(self, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """What the map descends of codes that encoder and decoder leave alone, `(batch,)`."""
        return self.flow.lesson(code, cond, draw)


class Told(nn.Module):
    """A decoder whose class is joined to the code.

    Args:
        net: `(batch, 2 nz)` to samples, or `(batch, nz)` without classes.
        nz: size of a code.
        classes: number of classes, 0 = unconditional.
    """

    def __init__(self, net: nn.Module, nz: int, classes: int) -> None:
        super().__init__()
        self.embed = ClassEmbedding(classes, nz) if classes else None
        self.net = net

    def forward(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes `(batch, nz)` to samples."""
        samples: Tensor = self.net(self.joined(code, cond))
        return samples

    def joined(self, code: Tensor, cond: Tensor | None) -> Tensor:
        """Codes, and classes where there are some: what the net is given."""
        told: Tensor = code if self.embed is None else self.embed(code, cond)
        return told


def build_flat(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    nz: Size = 16,
    width: Size = 128,
    layers: Layers = 3,
    prior: Prior = "couplings",
    flow: FlowLayers = 4,
    flow_width: Size = 64,
    flow_dropout: Dropout = 0.0,
    conditional: bool = False,
) -> Autoencoder:
    """Linear layers for samples of any shape.

    Args:
        spec: what one sample is.
        nz: size of z and of a code.
        width: of the hidden layers.
        layers: hidden layers of encoder and decoder each.
        prior: the map between z and codes: `couplings`, or `transport` by velocities.
        flow: layers of it; 0 = codes are z.
        flow_width: hidden units of each.
        flow_dropout: share of these that are dropped while it learns.
        conditional: take labels.
    """
    classes = len(spec.classes) if conditional else 0
    encoder = _Flat(MlpG(2 * nz, prod(spec.shape), width, layers))
    decoder = nn.Sequential(
        MlpG(prod(spec.shape), nz * (2 if classes else 1), width, layers), nn.Unflatten(1, spec.shape)
    )
    way = between(prior, nz, flow, flow_width, classes, flow_dropout)
    return Autoencoder(encoder, Told(decoder, nz, classes), way, nz)


class _Flat(nn.Module):
    def __init__(self, net: MlpG) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        out: Tensor = self.net(x.flatten(1))
        return out
