"""Noise between seeds: a draw that mixes the numbers of other draws, whatever a net asks for and when."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from multigan.core.draw import Draw

__all__ = ["CHUNK", "Blend", "Mix", "Place", "lerp", "place_of", "slerp", "turn"]

CHUNK = 32
Mix = Callable[[Tensor, Tensor, float], Tensor]


@dataclass(frozen=True)
class Place:
    """One sample of `Generator.generate`: number `index` of `seed`."""

    seed: int
    index: int = 0

    def __str__(self) -> str:
        return f"{self.seed}:{self.index}" if self.index else str(self.seed)


def place_of(text: str) -> Place:
    """`"7"` or `"7:3"` (sample 3 of seed 7) as a place.

    Raises:
        ValueError: it is neither.
    """
    seed, _, index = text.strip().partition(":")
    place = Place(int(seed), int(index or 0))
    if place.index < 0:
        raise ValueError("a sample's number is not negative")
    return place


def lerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """The straight line `(1 - t) a + t b`; its middle is shorter than Gaussian noise is."""
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """The arc `sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b` with w the angle between a and b (as flat vectors).

    Source: Shoemake 1985 (quaternions); White 2016 (Sampling generative networks).
    Departures: vectors that are nearly parallel are joined by a straight line.
    """
    cosine = torch.nn.functional.cosine_similarity(a.flatten(), b.flatten(), 0).clamp(-1, 1)
    angle = float(torch.arccos(cosine))
    if math.sin(angle) < 1e-4:
        return lerp(a, b, t)
    return (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)


def turn(a: Tensor, b: Tensor, t: float) -> Tensor:
    """A quarter turn `cos(t pi/2) a + sin(t pi/2) b`: standard normal for every t when a and b are independently so."""
    return math.cos(t * math.pi / 2) * a + math.sin(t * math.pi / 2) * b


@dataclass(frozen=True)
class Blend(Draw):
    """A draw whose row i mixes what two places would have drawn: `mix(first[i], second[i], share[i])`.

    Nets that take all noise from z and nets that draw some at every step are treated alike, because the mixing happens
    where numbers are drawn. Uniform numbers are mixed as normal ones (`x = Phi^-1(u)`, and back), so that they stay
    uniform where `mix` keeps the normal distribution; `lerp` mixes them as they are. Shares 0 and 1 change nothing.

    Args:
        rows: `(first, second, share)` for every sample of the batch.
        mix: `lerp`, `slerp` or `turn`.
    """

    rows: Sequence[tuple[Place, Place, float]] = ()
    mix: Mix = slerp

    def child(self, name: str) -> "Blend":
        """See `Draw.child`."""
        return replace(self, path=f"{self.path}{name}/")

    def normal(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """Mixed standard normal numbers."""
        return self._mixed("normal", purpose, shape)

    def uniform(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """Mixed uniform numbers in [0, 1)."""
        return self._mixed("uniform", purpose, shape)

    def _mixed(self, kind: str, purpose: str, shape: tuple[int, ...]) -> Tensor:
        fields: dict[tuple[int, int], Tensor] = {}

        def field(place: Place) -> Tensor:
            chunk, row = divmod(place.index, CHUNK)
            key = (place.seed, chunk)
            if key not in fields:
                fields[key] = getattr(Draw(place.seed, chunk, self.path), kind)(purpose, (CHUNK, *shape[1:]))
            return fields[key][row]

        rows = [self._one(field(a), field(b), t, kind == "uniform") for a, b, t in self.rows]
        rows += rows[:1] * (shape[0] - len(rows))
        return torch.stack(rows).to(self.device)

    def _one(self, a: Tensor, b: Tensor, t: float, uniform: bool) -> Tensor:
        if t in (0.0, 1.0) and self.mix is not turn:
            return b if t else a
        if t == 0.0 or not a.numel():
            return a
        if not uniform or self.mix is lerp:
            return self.mix(a.double(), b.double(), t).to(a.dtype)
        x, y = (torch.special.ndtri(u.double().clamp(1e-9, 1 - 1e-9)) for u in (a, b))
        mixed: Tensor = torch.special.ndtr(self.mix(x, y, t)).clamp(0, 1 - 1e-7).to(a.dtype)
        return mixed
