"""Fakes of one seed, of which the first are kept, so that what several scores look at is drawn once."""

from collections.abc import Iterator

from torch import Tensor

from multigan.generator.generator import Generator

__all__ = ["Drawn"]

MOST = 2000
"""Fakes that are kept: what a modality's own scores look at."""
ROOM_BYTES = 2**28
SPARSE = 1 / 16
"""Share of numbers that are not 0 below which only these are kept, as of one-hots over a vocabulary."""


class Drawn:
    """A generator's fakes, the same every time they are asked for.

    Args:
        generator: whose.
        seed: of all fakes.
    """

    def __init__(self, generator: Generator, seed: int) -> None:
        self.generator, self.seed = generator, seed
        self._kept: list[Tensor] = []
        self._rows, self._bytes = 0, 0

    def batches(self, n: int) -> Iterator[Tensor]:
        """The first `n`, `(batch, *spec.shape)` piece by piece, from what is kept where that is enough."""
        if n <= self._rows:
            left = n
            for batch in self._kept:
                if left <= 0:
                    return
                yield (batch.to_dense() if batch.is_sparse else batch)[:left]
                left -= len(batch)
            return
        self._kept, self._rows, self._bytes = [], 0, 0
        full = False
        for batch in self.generator.batches(n, self.seed):
            full = full or not self._keep(batch)
            yield batch

    def _keep(self, batch: Tensor) -> bool:
        """Whether there was room for it."""
        if self._rows >= MOST:
            return False
        there = int(batch.count_nonzero())
        sparse = there < SPARSE * batch.numel()
        size = there * 8 * (batch.ndim + 1) if sparse else batch.numel() * batch.element_size()
        if self._bytes + size > ROOM_BYTES:
            return False
        self._kept.append(batch.to_sparse() if sparse else batch.clone())
        self._rows, self._bytes = self._rows + len(batch), self._bytes + size
        return True
