"""Ctrl-C and SIGTERM: finish the iteration, save, leave. A second signal leaves at once."""

import signal
import threading
from types import FrameType

from multigan.engine.events import Quiet
from multigan.engine.trainer import Trainer

__all__ = ["Interrupt"]


class Interrupt(Quiet):
    """Turns the first SIGINT or SIGTERM into `trainer.stopping`.

    Attributes:
        signal: the signal that came, or None.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._before: dict[signal.Signals, object] = {}

    def started(self, trainer: Trainer) -> None:
        """Listen (signals can only be caught in the main thread)."""
        if threading.current_thread() is not threading.main_thread():
            return

        def stop(number: int, frame: FrameType | None) -> None:
            self.signal = signal.Signals(number)
            trainer.stopping = True
            self._restore()

        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, stop)

    def ended(self, trainer: Trainer) -> None:
        """Stop listening."""
        self._restore()

    def _restore(self) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]
        self._before = {}
