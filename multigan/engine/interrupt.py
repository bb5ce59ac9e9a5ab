"""Ctrl-C, SIGTERM and a closed terminal: finish the iteration, save, leave. A second signal leaves at once."""

import signal
import threading
import time
from types import FrameType

from multigan.engine.events import Quiet
from multigan.engine.trainer import Trainer

__all__ = ["Interrupt"]


ECHO_SECONDS = 5.0


def _heard() -> list[signal.Signals]:
    """SIGHUP is left alone where it is ignored already: that is how `nohup` keeps a run going."""
    hangup = getattr(signal, "SIGHUP", None)
    closed = [hangup] if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN else []
    return [signal.SIGINT, signal.SIGTERM, *closed]


class Interrupt(Quiet):
    """Turns the first of the signals into `trainer.stopping`; put it last, so that it listens while others save.

    Under a launcher one stop often comes twice within moments: from the scheduler, and handed on by the launcher. With
    several processes a second signal is therefore ignored for `ECHO_SECONDS`.

    Attributes:
        signal: the signal that came, or None.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._when = 0.0
        self._before: dict[signal.Signals, object] = {}

    def started(self, trainer: Trainer) -> None:
        """Listen (signals can only be caught in the main thread)."""
        if threading.current_thread() is not threading.main_thread():
            return

        def stop(number: int, frame: FrameType | None) -> None:
            if self.signal is not None:
                self._again(number)
                return
            self.signal, self._when = signal.Signals(number), time.monotonic()
            trainer.stopping = True
            if trainer.world.size == 1:
                self._restore()

        for number in _heard():
            self._before[number] = signal.signal(number, stop)

    def ended(self, trainer: Trainer) -> None:
        """Stop listening."""
        self._restore()

    def _again(self, number: int) -> None:
        if time.monotonic() - self._when > ECHO_SECONDS:
            self._restore()
            signal.raise_signal(number)

    def _restore(self) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]
        self._before = {}
