"""Where numbers go: an append-only JSONL file that survives a kill, and TensorBoard."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from torch import Tensor

from multigan.core.atomic import writing
from multigan.core.errors import RunError
from multigan.engine.trainer import Quiet, Trainer
from multigan.run.ledger import Ledger

__all__ = ["Also", "Measuring", "MetricsFile", "TensorBoard", "scalars"]


class Measuring(Protocol):
    """A handler that measures now and then.

    Attributes:
        latest: what the last iteration's measurement found, `{}` where it was not due.
    """

    latest: dict[str, float]

    def due(self, trainer: Trainer) -> bool:
        """Whether this iteration is measured; the same answer on every process."""
        ...


class Also(Protocol):
    """A logger that never waits and never raises, such as `Background`."""

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Take one row."""
        ...

    def close(self) -> None:
        """Finish."""
        ...


def scalars(trainer: Trainer, parts: Mapping[str, Tensor]) -> dict[str, float]:
    """The parts of one iteration as numbers, averaged over processes; all processes must call it together."""
    return trainer.world.mean({name: float(value) for name, value in parts.items()})


class MetricsFile(Quiet):
    """Writes `metrics.jsonl`: one line every `every` iterations, flushed at once.

    On a resume, lines from after the checkpoint are dropped, because those steps are trained again.

    Args:
        ledger: the file.
        every: iterations between lines.
        also: a further logger in the background, on the first process.
        vitals: listens before this one; its measurements are written in the row of their step.
    """

    def __init__(
        self, ledger: Ledger, every: int = 20, also: Also | None = None, vitals: Measuring | None = None
    ) -> None:
        self.ledger, self.every, self.also, self.vitals = ledger, every, also, vitals
        self._clock = 0.0

    def started(self, trainer: Trainer) -> None:
        """Keep only what belongs to the steps already done."""
        self._clock = time.perf_counter()
        if trainer.world.is_first:
            self.rewound(trainer)
            if self.vitals is not None and self.vitals.latest:
                self._row(trainer, self.vitals.latest)

    def rewound(self, trainer: Trainer) -> None:
        """Drop what will be trained again."""
        if trainer.world.is_first:
            self.ledger.keep(trainer.state.step or -1)  # what is measured before the first step is measured again

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Log when due, and at the last step."""
        measured = self.vitals is not None and self.vitals.due(trainer)
        if trainer.state.step % self.every and not trainer.finished and not measured:
            return
        values = scalars(trainer, parts)
        if trainer.world.is_first:
            self._row(trainer, values | (self.vitals.latest if self.vitals is not None else {}))

    def _row(self, trainer: Trainer, values: dict[str, float]) -> None:
        seconds = time.perf_counter() - self._clock
        state = trainer.state
        row = {"step": state.step, "samples": state.samples, "phase": trainer.phase.name, "seconds": round(seconds, 3)}
        self.ledger.append(row | values)
        if self.also is not None:
            self.also.write(state.step, values)

    def ended(self, trainer: Trainer) -> None:
        """Give the further logger a moment to finish."""
        if self.also is not None:
            self.also.close()


class TensorBoard:
    """Scalars for TensorBoard; needs `pip install "multigan[tensorboard]"`.

    Args:
        folder: where event files go.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise RunError(
                "train.tensorboard = true, but TensorBoard is not installed",
                "the extra",
                'type pip install "multigan[tensorboard]"',
            ) from error
        _hush_its_thread()
        with writing(folder):
            self._writer = SummaryWriter(str(folder))

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Add one point to every curve."""
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)
        self._writer.flush()


def _hush_its_thread() -> None:
    """TensorBoard writes in a thread that hands its error on, so that it is said once, and prints it whole besides."""
    before = threading.excepthook
    if getattr(before, "__name__", "") == "_hushed":
        return

    def _hushed(args: threading.ExceptHookArgs) -> None:
        if not type(args.thread).__module__.startswith("tensorboard."):
            before(args)

    threading.excepthook = _hushed
