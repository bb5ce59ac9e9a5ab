"""Multi-layer perceptrons for vectors."""

from math import prod
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Critique, Latent, Spec
from multigan.nets.minibatch_std import MinibatchStd
from multigan.nets.sizes import Group, Size

__all__ = ["Layers", "MlpD", "MlpG", "build_d", "build_flat_d", "build_flat_g", "build_g"]


Layers = Annotated[int, Field(ge=1, le=1000)]


class MlpG(nn.Module):
    """z `(batch, nz)` -> `(batch, dim)`: `layers` hidden layers of leaky ReLUs, a linear output.

    Source: Lin et al. 2018 (PacGAN), appendix on synthetic data, for the size of the problem.
    Departures: no batch normalisation.
    """

    def __init__(self, dim: int, nz: int, width: int, layers: int) -> None:
        super().__init__()
        self.latent = Latent((nz,))
        self.body = _hidden(nz, width, layers)
        self.out = nn.Linear(width, dim)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, nz)` -> `(batch, dim)`."""
        out: Tensor = self.out(self.body(z))
        return out


class MlpD(nn.Module):
    """x `(batch, dim)` -> one logit; the last hidden layer is its feature.

    Args:
        dim: of x.
        width: of the hidden layers.
        layers: hidden layers.
        minibatch_std: samples per group whose spread the last layer sees (Karras et al. 2018, section 3); 0 = off.

    Source: Lin et al. 2018, appendix on synthetic data.
    Departures: leaky ReLUs instead of maxout.
    """

    def __init__(self, dim: int, width: int, layers: int, minibatch_std: int = 0) -> None:
        super().__init__()
        self.body = _hidden(dim, width, layers)
        self.spread = MinibatchStd(minibatch_std) if minibatch_std else nn.Identity()
        self.out = nn.Linear(width + bool(minibatch_std), 1)

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, dim)` -> logits `(batch,)`."""
        hidden = self.body(x)
        return Critique((self.out(self.spread(hidden)).squeeze(1),), (hidden,))


def build_g(spec: Spec, *, nz: Size = 2, width: Size = 128, layers: Layers = 3) -> MlpG:
    """A G for vectors of `spec.shape`."""
    return MlpG(spec.shape[0], nz, width, layers)


def build_d(spec: Spec, *, width: Size = 128, layers: Layers = 3, minibatch_std: Group = 0) -> MlpD:
    """A D for vectors of `spec.shape`."""
    return MlpD(spec.shape[0], width, layers, minibatch_std)


def build_flat_g(spec: Spec, *, nz: Size = 16, width: Size = 128, layers: Layers = 3) -> nn.Module:
    """A G for samples of any shape: one long vector, folded into `spec.shape`."""
    return _Folded(MlpG(prod(spec.shape), nz, width, layers), spec.shape)


def build_flat_d(spec: Spec, *, width: Size = 128, layers: Layers = 3, minibatch_std: Group = 0) -> nn.Module:
    """A D for samples of any shape, which it flattens."""
    return _Flattened(MlpD(prod(spec.shape), width, layers, minibatch_std))


class _Folded(nn.Module):
    def __init__(self, net: MlpG, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.net, self.shape, self.latent = net, shape, net.latent

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        folded: Tensor = self.net(z, cond, draw).unflatten(1, self.shape)
        return folded


class _Flattened(nn.Module):
    def __init__(self, net: MlpD) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        critique: Critique = self.net(x.flatten(1), cond, draw)
        return critique


def _hidden(inputs: int, width: int, layers: int) -> nn.Sequential:
    blocks: list[nn.Module] = []
    for number in range(layers):
        linear = nn.Linear(width if number else inputs, width)
        nn.init.kaiming_normal_(linear.weight, 0.2)
        nn.init.zeros_(linear.bias)
        blocks += [linear, nn.LeakyReLU(0.2)]
    return nn.Sequential(*blocks)
