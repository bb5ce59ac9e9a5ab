"""Batches as a pure function of (seed, phase, number): no loader state, so a resume is exact and free."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, MultiGANError, RecipeError
from multigan.core.types import Batch, Data, Modality
from multigan.engine.distributed import World
from multigan.engine.holdout import Split, split_items

__all__ = ["Batches"]

AHEAD = 3  # batches that are read while the current one is used


class _Raw(NamedTuple):
    """What is read of a batch: raw targets, their labels, and raw inputs where these are not made of the targets."""

    target: Tensor
    labels: Tensor | None
    source: Tensor | None


class Batches:
    """The endless, shuffled stream of batches.

    Sample number i of a phase is trained item `permutation(seed, phase, i // n)[i % n]`: every item once per epoch,
    whatever the batch size, the number of processes or where a run was interrupted.

    Args:
        data: what to train on, with its inputs where it has some.
        modality: turns raw items into D's space.
        batch: samples per batch over all processes.
        seed: the run's seed.
        device: where batches are wanted.
        world: the processes that share each batch; `batch` must be divisible by their number.
        conditional: whether batches carry labels.
        split: which items are trained on and which are held out; None = all are trained on.
    """

    def __init__(  # noqa: PLR0913  (a stream of batches has that many sides)
        self,
        data: Data,
        modality: Modality,
        *,
        batch: int,
        seed: int,
        device: torch.device | str = "cpu",
        world: World | None = None,
        conditional: bool = False,
        split: Split | None = None,
    ) -> None:
        self.world = world or World()
        if batch % self.world.size:
            raise RecipeError(
                f"train.batch = {batch} does not divide among {counted(self.world.size, 'process', 'processes')}",
                f"a multiple of {self.world.size}",
                f"type --set train.batch={-(-batch // self.world.size) * self.world.size}",
            )
        self.data, self.modality, self.batch, self.seed = data, modality, batch, seed
        self.device, self.conditional = torch.device(device), conditional
        self.split = split or split_items(len(data.items), 0, seed)
        # Items in memory are gathered in microseconds; reading ahead pays for files only.
        resident = getattr(data.items, "resident", False) and (data.inputs is None or data.inputs.resident)
        self._reader = None if resident else ThreadPoolExecutor(2, "multigan-batches")
        self._ahead: dict[tuple[str, int], Future[_Raw]] = {}

    @property
    def local_batch(self) -> int:
        """Samples per batch on this process."""
        return self.batch // self.world.size

    def take(self, phase: str, number: int) -> Batch:
        """Batch `number` of `phase`, in D's space on the device.

        Raises:
            DataError: an item cannot be read (any more); it is named.
        """
        raw = self._read(phase, number) if self._reader is None else self._read_ahead(phase, number)
        return self._made(raw, self._draw(phase, number))

    def indices(self, phase: str, number: int) -> Tensor:
        """Item numbers of this process's share of a batch, int64 `(local_batch,)`."""
        n = len(self.split.train)
        first = number * self.batch + self.world.rank * self.local_batch
        # Slices of each epoch's order: a batch must not cost more where the data set is larger.
        rows, end = list[Tensor](), first + self.local_batch
        while first < end:
            epoch, start = divmod(first, n)
            rows.append(_permutation(self.seed, phase, epoch, n)[start : start + end - first])
            first += len(rows[-1])
        return self.split.train[torch.cat(rows)]

    def pick(self, items: Tensor) -> Batch:
        """Chosen items as a batch, for those who watch: crops and the like are the same at every call.

        Raises:
            DataError: an item cannot be read (any more); it is named.
        """
        draw = Draw(self.seed, 0, "pick/")
        return self._made(self._gather(items, draw), draw)

    def close(self) -> None:
        """Stop reading ahead."""
        if self._reader is not None:
            self._reader.shutdown(wait=False, cancel_futures=True)

    def _draw(self, phase: str, number: int) -> Draw:
        return Draw(self.seed, number, f"data/{phase}/", self.world.rank, self.world.size)

    def _read(self, phase: str, number: int) -> _Raw:
        return self._gather(self.indices(phase, number), self._draw(phase, number))

    def _gather(self, items: Tensor, draw: Draw) -> _Raw:
        labels = self.data.labels[items] if self.conditional and self.data.labels is not None else None
        target, source = self._fetch(items, draw)
        return _Raw(target, labels, source)

    def _made(self, raw: _Raw, draw: Draw) -> Batch:
        """In D's space, on the device, with what is made of the targets there."""
        real = self.modality.to_real(raw.target.to(self.device, non_blocking=True), self.data.spec)
        labels, inputs = None if raw.labels is None else raw.labels.to(self.device), self.data.inputs
        if inputs is None:
            return Batch(real, labels)
        given = None if raw.source is None else raw.source.to(self.device, non_blocking=True)
        return Batch(real, labels, inputs.make(real, given, replace(draw.child("input"), device=str(self.device))))

    def _take(self, items: Tensor, draw: Draw) -> tuple[Tensor, Tensor | None]:
        inputs = self.data.inputs
        return self.data.items.take(items, draw), None if inputs is None else inputs.take(items, draw)

    def _fetch(self, items: Tensor, draw: Draw) -> tuple[Tensor, Tensor | None]:
        try:
            return self._take(items, draw)
        except (Exception, SystemExit) as error:  # in a thread, SystemExit would end nothing and say nothing
            raise self._unreadable(items, draw, error) from error

    def _unreadable(self, indices: Tensor, draw: Draw, error: BaseException) -> DataError:
        """The error of the first item that cannot be read alone: a file that was moved while the run went on."""
        if isinstance(error, DataError):
            return error
        for index in indices:
            try:
                self._take(index[None], draw)
            except (Exception, SystemExit) as single:
                return _data_error(f"item {int(index)}", single)
        return _data_error(f"items {indices.tolist()}", error)

    def _read_ahead(self, phase: str, number: int) -> _Raw:
        reader = self._reader
        wanted = [(phase, number + k) for k in range(AHEAD + 1)]
        self._ahead = {key: future for key, future in self._ahead.items() if key in wanted}
        for key in wanted:
            if key not in self._ahead and reader is not None:
                self._ahead[key] = reader.submit(self._read, *key)
        return self._ahead.pop((phase, number)).result()


def _data_error(which: str, error: BaseException) -> DataError:
    what = error.given if isinstance(error, MultiGANError) else f"{type(error).__name__}: {error}"
    return DataError(
        f"{which} of the data cannot be read: {what}",
        "what could be read at the start",
        "put it back and resume the run",
    )


@lru_cache(maxsize=4)
def _permutation(seed: int, phase: str, epoch: int, n: int) -> Tensor:
    return torch.randperm(n, generator=Draw(seed, epoch).generator(f"order/{phase}"))
