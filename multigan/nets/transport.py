"""A map between noise and codes that goes both ways, learnt as a field of velocities: for codes that lie in groups."""

import math
from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.nets.conditioning import ClassEmbedding

__all__ = ["REPEATS", "WAVES", "Field", "Transport", "Velocities", "carried", "waves_of"]

Field: TypeAlias = Callable[[Tensor, float], Tensor]
"""Velocities `(batch, n)` of places `(batch, n)` at a time."""

STEPS = 10
"""Of Runge and Kutta's method, from noise to codes and back."""
REPEATS = 16
"""Places along the way for each code of a batch: the field costs little beside the nets that made the code."""
WAVES = 8


class Velocities(nn.Module):
    """Codes `(batch, nz)` are where `dx/dt = velocity(x, t)` brings standard normal z of that shape, t from 0 to 1.

    Source: Lipman et al. 2023 (Flow Matching), Eq. 1; change of density: Chen et al. 2018 (Neural ODE), Eq. 8.
    Departures: Runge and Kutta's method of the fourth order with ten steps of equal size, both ways: to and fro is
        the identity up to its error.
    """

    def velocity(self, x: Tensor, t: Tensor, cond: Tensor | None) -> Tensor:
        """Of places x `(batch, nz)` at times t `(batch, 1)`: `(batch, nz)`."""
        raise NotImplementedError

    def lesson(self, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """What the velocities descend, of codes that carry no gradient: `(batch,)`."""
        raise NotImplementedError

    def forward(self, z: Tensor, cond: Tensor | None = None) -> Tensor:
        """z to codes."""
        return carried(self._at(cond), z)

    def to_z(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """Codes to z."""
        return carried(self._at(cond), code, back=True)

    def surprise(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        """`-log p(code)` in nats, `(batch,)`, exact but for the steps. The divergence costs nz passes a step."""
        spread = code.new_zeros(len(code))
        for step in range(STEPS, 0, -1):
            spread = spread + self._divergence(code, (step - 0.5) / STEPS, cond) / STEPS
            code = code + stepped(self._at(cond), code, step / STEPS, -1 / STEPS)
        return 0.5 * (code.square() + math.log(2 * math.pi)).sum(1) + spread

    def _at(self, cond: Tensor | None) -> Field:
        return lambda x, time: self.velocity(x, torch.full_like(x[:, :1], time), cond)

    def _divergence(self, x: Tensor, middle: float, cond: Tensor | None) -> Tensor:
        """Sum of dv_j / dx_j `(batch,)` half a step before x."""
        t = torch.full_like(x[:, :1], middle)
        x = x - self.velocity(x, t, cond) * (0.5 / STEPS)
        rows, nz = x.shape
        ways = torch.eye(nz, device=x.device, dtype=x.dtype).repeat(rows, 1)
        many, times = x.repeat_interleave(nz, 0), t.repeat_interleave(nz, 0)
        labels = None if cond is None else cond.repeat_interleave(nz)
        _, back = torch.func.vjp(lambda place: self.velocity(place, times, labels), many)
        slopes: Tensor = back(ways)[0]
        return (slopes * ways).sum(1).view(rows, nz).sum(1)


class Transport(Velocities):
    """z `(batch, nz)` standard normal to codes `(batch, nz)` and back along `dx/dt = v(x, t)`, t from 0 to 1.

    It begins as the identity. Affine couplings join groups of codes by bridges, on which draws are of two kinds at
    once; a field of velocities parts them.

    Args:
        nz: size of z and of a code.
        layers: residual blocks of v.
        width: its hidden units.
        classes: number of classes, 0 = unconditional.
        dropout: share of hidden units that are dropped while it learns.

    Source: Lipman et al. 2023 (Flow Matching), Eq. 22 and 23 with the least deviation 0; also Liu et al. 2023
        (rectified flow), Eq. 1.
    """

    def __init__(self, nz: int, layers: int, width: int, classes: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        self.label = ClassEmbedding(classes, nz) if classes else None
        self.take_in = nn.Linear(nz * (2 if classes else 1) + 2 * WAVES + 1, width)
        self.blocks = nn.ModuleList([_block(width, dropout) for _ in range(layers)])
        self.out = nn.Linear(width, nz)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def lesson(self, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """`mean |v((1 - t) z + t code, t) - (code - z)|^2` over z and t, `(batch,)`: what the field descends."""
        rows, nz = code.shape
        code = code.repeat_interleave(REPEATS, 0)
        cond = None if cond is None else cond.repeat_interleave(REPEATS)
        z = draw.normal("transport/z", (rows, REPEATS, nz)).flatten(0, 1)
        t = draw.uniform("transport/t", (rows, REPEATS, 1)).flatten(0, 1)
        error = self.velocity((1 - t) * z + t * code, t, cond) - (code - z)
        return error.square().mean(1).view(rows, REPEATS).mean(1)

    def velocity(self, x: Tensor, t: Tensor, cond: Tensor | None) -> Tensor:
        """v of places x `(batch, nz)` at times t `(batch, 1)`: `(batch, nz)`."""
        seen = x if self.label is None else self.label(x, cond)
        hidden = self.take_in(torch.cat([seen, waves_of(t)], 1))
        for block in self.blocks:
            hidden = hidden + block(hidden)
        moved: Tensor = self.out(hidden)
        return moved


def carried(at: Field, x: Tensor, *, back: bool = False) -> Tensor:
    """Places x `(batch, n)` at t = 0 carried to t = 1, or back: in `STEPS` equal steps.

    Args:
        at: velocities of places at a time.
        x: the places.
        back: from t = 1 to t = 0.
    """
    for step in range(STEPS):
        now, ahead = (1 - step / STEPS, -1 / STEPS) if back else (step / STEPS, 1 / STEPS)
        x = x + stepped(at, x, now, ahead)
    return x


def stepped(at: Field, x: Tensor, now: float, ahead: float) -> Tensor:
    """How far one step of Runge and Kutta's fourth order moves x `(batch, n)`."""
    first = at(x, now)
    second = at(x + first * (ahead / 2), now + ahead / 2)
    third = at(x + second * (ahead / 2), now + ahead / 2)
    fourth = at(x + third * ahead, now + ahead)
    return (first + 2 * second + 2 * third + fourth) * (ahead / 6)


def waves_of(t: Tensor) -> Tensor:
    """Times `(batch, 1)` as a net is told them, `(batch, 2 WAVES + 1)`: plain, and by sines of several lengths."""
    angles = math.pi * t * torch.exp2(torch.arange(-2.0, WAVES - 2.0, device=t.device, dtype=t.dtype))
    return torch.cat([t, angles.sin(), angles.cos()], 1)


def _block(width: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, width)
    )
