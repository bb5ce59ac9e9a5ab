"""A map between noise and codes that goes both ways: where codes of data lie, learnt by likelihood."""

import math

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.nets.conditioning import ClassEmbedding

__all__ = ["Flow"]

LOUDEST = 3.0
"""Bound of the log factor of one layer."""


class Flow(nn.Module):
    """z `(batch, nz)` standard normal to codes `(batch, nz)` and back; it begins as the identity.

    Args:
        nz: size of z and of a code.
        layers: affine couplings; 0 = codes are z.
        width: hidden units of each.
        classes: number of classes, 0 = unconditional.
        dropout: share of hidden units that are dropped while it learns.

    Raises:
        RecipeError: z has one number, of which no half can tell the other.

    Source: Dinh et al. 2017 (Real NVP), section 3; as the prior of an autoencoder: Chen et al. 2017 (VLAE).
    Departures: the order of the numbers is reversed between couplings, and no multi-scale architecture.
    """

    def __init__(self, nz: int, layers: int, width: int, classes: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        if layers and nz < 2:
            given = f"G.flow = {layers} with nz = {nz}"
            raise RecipeError(given, "nz of 2 or more, or flow = 0", "type --set G.flow=0", key=("nz",))
        self.couplings = nn.ModuleList([_Coupling(nz, width, classes, dropout) for _ in range(layers)])

    def forward(self, z: Tensor, cond: Tensor | None = None) -> Tensor:
        """z to codes."""
        for coupling in self.couplings:
            z = coupling(z, cond).flip(1)
        return z

    def to_z(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes to z."""
        return self.inverse(code, cond)[0]

    def inverse(self, code: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Codes to z `(batch, nz)`, and the log of the determinant of that map `(batch,)`."""
        volume = code.new_zeros(len(code))
        for coupling in reversed(self.couplings):
            code, own = coupling.undone(code.flip(1), cond)  # type: ignore[operator]
            volume = volume + own
        return code, volume

    def surprise(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """`-log p(code)` in nats, `(batch,)`."""
        z, volume = self.inverse(code, cond)
        return 0.5 * (z.square() + math.log(2 * math.pi)).sum(1) - volume

    def lesson(self, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """What the map descends: `-log p(code) / nz`, `(batch,)`; draw is not used."""
        return self.surprise(code, cond) / code[0].numel()


class _Coupling(nn.Module):
    """The second part of the numbers is scaled and moved by what the first says."""

    def __init__(self, nz: int, width: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.known = nz // 2
        self.label = ClassEmbedding(classes, self.known) if classes else None
        self.take_in = nn.Linear(self.known * (2 if classes else 1), width)
        self.body = nn.Sequential(nn.GELU(), nn.Dropout(dropout), nn.Linear(width, width), nn.GELU())
        self.out = nn.Linear(width, 2 * (nz - self.known))
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, z: Tensor, cond: Tensor | None) -> Tensor:
        first, second = z[:, : self.known], z[:, self.known :]
        log_factor, move = self._said(first, cond)
        return torch.cat([first, second * log_factor.exp() + move], 1)

    def undone(self, code: Tensor, cond: Tensor | None) -> tuple[Tensor, Tensor]:
        first, second = code[:, : self.known], code[:, self.known :]
        log_factor, move = self._said(first, cond)
        return torch.cat([first, (second - move) * (-log_factor).exp()], 1), -log_factor.sum(1)

    def _said(self, first: Tensor, cond: Tensor | None) -> tuple[Tensor, Tensor]:
        if self.label is not None:
            first = self.label(first, cond)
        log_factor, move = self.out(self.body(self.take_in(first))).chunk(2, 1)
        return LOUDEST * torch.tanh(log_factor / LOUDEST), move
