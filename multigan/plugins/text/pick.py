"""Choices for grammars that make embedded texts: a function of the seed alone, on every machine and version."""

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

__all__ = ["Pick"]

T = TypeVar("T")


class Pick:
    """Draws from lists.

    Args:
        seed: any integer.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # of whose methods only `random` is promised never to change

    def number(self, low: int, high: int) -> int:
        """From `low` to `high`, both possible."""
        return low + math.floor(self._random.random() * (high - low + 1))

    def one(self, of: Sequence[T]) -> T:
        """One of a list."""
        return of[self.number(0, len(of) - 1)]

    def several(self, of: Sequence[T], n: int) -> list[T]:
        """`n` different ones of a list, in random order."""
        left = list(of)
        return [left.pop(self.number(0, len(left) - 1)) for _ in range(n)]
