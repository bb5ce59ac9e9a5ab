"""Ctrl-C, SIGTERM and a closed terminal: finish the iteration, save, leave. A second signal leaves at once."""

import signal
import time
from types import FrameType

from multigan.core.signals import hears_signals, leave_at_once
from multigan.engine.trainer import Quiet, Trainer

__all__ = ["Interrupt"]

ECHO_SECONDS = 5.0
HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupt(Quiet):
    """Turns the first SIGINT, SIGTERM or SIGHUP into `trainer.stopping`; put it last: it listens while others save.

    A SIGHUP that is ignored, as under `nohup`, stays ignored.

    One stop often comes twice within moments: from the scheduler, and handed on by the launcher; from the terminal that
    was closed, and from its shell. With several processes, or after a SIGHUP, a second signal is therefore ignored for
    `ECHO_SECONDS`, and a second SIGHUP always.

    Attributes:
        signal: the signal that came, or None.
        broken: set it where training broke off on one of several processes: a SIGTERM is then the launcher's.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self.broken = False
        self._when = 0.0
        self._before: dict[signal.Signals, object] = {}

    def started(self, trainer: Trainer) -> None:
        """Listen (signals can only be caught in the main thread)."""
        if not hears_signals():
            return

        def stop(number: int, frame: FrameType | None) -> None:
            if self.signal is None:
                self.signal, self._when = signal.Signals(number), time.monotonic()
                trainer.stopping = True
            elif number != signal.SIGHUP and not self._is_echo(trainer):
                self._restore()
                signal.raise_signal(number)

        for number in HEARD:
            before = signal.getsignal(number)
            # None: set by something outside Python, and could not be put back.
            if before is not None and not (number == signal.SIGHUP and before is signal.SIG_IGN):
                self._before[number] = signal.signal(number, stop)

    def ended(self, trainer: Trainer) -> None:
        """Stop listening."""
        self._restore()

    def _is_echo(self, trainer: Trainer) -> bool:
        """Whether another signal is the same stop once more."""
        alone = trainer.world.size == 1 and self.signal != signal.SIGHUP
        return not alone and time.monotonic() - self._when <= ECHO_SECONDS

    def _restore(self) -> None:
        for number, before in self._before.items():
            late_echo = number == signal.SIGHUP and self.signal is not None
            launcher = number == signal.SIGTERM and self.broken
            deaf = before is leave_at_once and (late_echo or launcher)
            signal.signal(number, signal.SIG_IGN if deaf else before)  # type: ignore[arg-type]
        self._before = {}
