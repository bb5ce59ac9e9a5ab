"""Where numbers go: an append-only JSONL file that survives a kill, and TensorBoard."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from torch import Tensor

from multigan.engine.events import Quiet
from multigan.engine.folders import replace_file
from multigan.engine.trainer import Trainer
from multigan.engine.vitals import Vitals
from multigan.errors import RunError

__all__ = ["Also", "MetricsFile", "TensorBoard", "read_metrics", "scalars"]


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


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """All whole lines of a metrics file, oldest first; a line torn by a kill, or damaged, is left out."""
    rows: list[dict[str, Any]] = []
    for line in path.read_bytes().split(b"\n") if path.exists() else []:
        try:
            row = json.loads(line.decode())
        except ValueError:  # no JSON, or torn in the middle of a character
            continue
        if isinstance(row, dict) and "step" in row:
            rows.append(row)
    return rows


class MetricsFile(Quiet):
    """Writes `metrics.jsonl`: one line every `every` iterations, flushed at once.

    On a resume, lines from after the checkpoint are dropped, because those steps are trained again.

    Args:
        path: the file.
        every: iterations between lines.
        also: a further logger in the background, on the first process.
        vitals: listens before this one; its measurements are written in the row of their step.
    """

    def __init__(self, path: Path, every: int = 20, also: Also | None = None, vitals: Vitals | None = None) -> None:
        self.path, self.every, self.also, self.vitals = path, every, also, vitals
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
            kept = [row for row in read_metrics(self.path) if row["step"] <= trainer.state.step]
            self._write("".join(json.dumps(row) + "\n" for row in kept), replace_file)

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
        self._write(json.dumps(row | values) + "\n", _append)
        if self.also is not None:
            self.also.write(state.step, values)

    def ended(self, trainer: Trainer) -> None:
        """Give the further logger a moment to finish."""
        if self.also is not None:
            self.also.close()

    def _write(self, lines: str, how: Callable[[Path, str], None]) -> None:
        try:
            how(self.path, lines)
        except OSError as error:
            raise RunError(
                f"cannot write {self.path}: {error}", "a writable folder with free space", "free space and resume"
            ) from error


def _append(path: Path, lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


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
        self._writer = SummaryWriter(str(folder))

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Add one point to every curve."""
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)
        self._writer.flush()
