"""What a person sees while training: a bar with the time left on a terminal, a line every ten seconds elsewhere."""

import time
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor

from multigan.engine.events import Quiet
from multigan.engine.trainer import Trainer

__all__ = ["ProgressBar"]

LINE_SECONDS = 10.0
REFRESH_SECONDS = 0.25


class ProgressBar(Quiet):
    """Shows phase, samples seen, time left and the losses. Silent on all processes but the first.

    Args:
        console: where to write; its `is_terminal` decides between bar and lines.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        losses = TextColumn("{task.fields[losses]}", markup=False)
        self.bar = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), losses, console=console)
        self._task = self.bar.add_task("", total=1, losses="")
        self._began = self._shown = 0.0
        self._first_samples = 0

    def started(self, trainer: Trainer) -> None:
        """Open the bar."""
        self._began = time.perf_counter()
        self._first_samples = trainer.state.samples
        if self.console.is_terminal and trainer.world.is_first:
            self.bar.start()

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Move on, a few times a second at most: reading the losses waits for the device."""
        now = time.perf_counter()
        if now - self._shown < (REFRESH_SECONDS if self.console.is_terminal else LINE_SECONDS):
            return
        if not trainer.world.is_first:
            return
        self._shown = now
        total = sum(phase.samples for phase in trainer.phases)
        losses = "  ".join(f"{name} {float(value):.3g}" for name, value in parts.items() if name.startswith("loss/"))
        if self.console.is_terminal:
            description = f"{trainer.phase.name} · {trainer.state.samples:,} samples"
            self.bar.update(
                self._task, completed=trainer.state.samples, total=total, description=description, losses=losses
            )
        else:
            self.console.print(self._line(trainer, total, now - self._began, losses), highlight=False)

    def ended(self, trainer: Trainer) -> None:
        """Close the bar."""
        self.bar.stop()

    def _line(self, trainer: Trainer, total: int, elapsed: float, losses: str) -> str:
        samples = trainer.state.samples
        rate = (samples - self._first_samples) / max(elapsed, 1e-9)
        left = (total - samples) / max(rate, 1e-9)
        return (
            f"{trainer.phase.name}: {samples:,} of {total:,} samples, {rate:,.0f}/s, about {left:,.0f} s left  {losses}"
        )
