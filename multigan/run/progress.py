"""What a person sees while training: a bar with the time left on a terminal, a line every ten seconds elsewhere."""

import math
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from torch import Tensor

from multigan.core.counted import counted
from multigan.engine.trainer import Quiet, Trainer
from multigan.terminal.bar import LINE_COLUMNS, TIMED_FEWEST, make_bar, spoken, within

__all__ = ["ProgressBar"]

LINE_SECONDS = 10.0
REFRESH_SECONDS = 0.25


class ProgressBar(Quiet):
    """Shows phase, samples seen, time left and the losses. Silent on all processes but the first.

    Args:
        console: where to write; its `is_terminal` decides between bar and lines.
        most: seconds that are left at most, as of a run with minutes, which is planned anew as it goes on.
    """

    def __init__(self, console: Console, most: Callable[[], float] = lambda: math.inf) -> None:
        self.console, self.most = console, most
        self.bar = make_bar(console)
        self._task = self.bar.add_task("", total=1)
        self._began = self._shown = 0.0
        self._first_samples = self._steps = 0

    def started(self, trainer: Trainer) -> None:
        """Open the bar."""
        self._began = time.perf_counter()
        self._first_samples = trainer.state.samples
        if self.console.is_terminal and trainer.world.is_first:
            self.bar.start()

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Move on, a few times a second at most: reading the losses waits for the device."""
        self._steps += 1
        now = time.perf_counter()
        if now - self._shown < (REFRESH_SECONDS if self.console.is_terminal else LINE_SECONDS):
            return
        if not trainer.world.is_first:
            return
        self._shown = now
        samples, total = trainer.state.samples, _total(trainer)
        losses = "  ".join(
            f"{name.removeprefix('loss/')} {float(value):.3g}"
            for name, value in parts.items()
            if name.startswith("loss/")
        )
        asides = [f"loss {losses}"] if losses else []
        if self.console.is_terminal:
            asides = [*asides, counted(samples, "sample")]
            self.bar.update(self._task, completed=samples, total=total, description=trainer.phase.told, asides=asides)
        else:
            line = self._line(trainer, total, now - self._began)
            said = within(LINE_COLUMNS, line, asides)
            self.console.print(said, highlight=False, markup=False, soft_wrap=True)

    def ended(self, trainer: Trainer) -> None:
        """Close the bar."""
        if self.bar.live.is_started:
            self.bar.stop()

    def _line(self, trainer: Trainer, total: int, elapsed: float) -> str:
        samples = trainer.state.samples
        rate = (samples - self._first_samples) / max(elapsed, 1e-9)
        left = min(max(0, total - samples) / max(rate, 1e-9), max(0.0, self.most()))
        about = f", about {spoken(left)} left" if self._steps >= TIMED_FEWEST or not left else ""
        return f"{trainer.phase.told}: {samples:,} of {counted(total, 'sample')}{about}"


def _total(trainer: Trainer) -> int:
    """Samples at the end: every phase takes whole batches, so that it may be somewhat more than was asked for."""
    batch = trainer.batches.batch
    return sum(phase.iterations(batch) * phase.step_samples(batch) for phase in trainer.phases)
