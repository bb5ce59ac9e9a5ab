"""SIGTERM and SIGHUP as Ctrl-C: what was begun is put away, and the exit code says which signal it was."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

__all__ = ["Interrupted", "exit_code", "hears_signals", "ignore_the_launcher", "leave_at_once", "tidy_on_signal"]


class Interrupted(KeyboardInterrupt):
    """A signal ended work at once; of a run: before training began, or as the second one.

    Attributes:
        signal: which.
        folder: the run directory, where it stands and can be resumed; None where nothing was left behind.
        saved: whether a checkpoint is in it; without one a resume begins from the start.
        silent: whether another process of the run says so.
    """

    silent = False

    def __init__(self, number: int, folder: Path | None = None, *, saved: bool = True) -> None:
        super().__init__(signal.Signals(number).name)
        self.signal, self.folder, self.saved = signal.Signals(number), folder, saved


def exit_code(stop: BaseException | None) -> int:
    """128 and the number of the signal: 130 after Ctrl-C, 143 after SIGTERM.

    Args:
        stop: a `KeyboardInterrupt`, or what was raised from one.
    """
    return 128 + (stop.signal if isinstance(stop, Interrupted) else signal.SIGINT)


@contextmanager
def tidy_on_signal() -> Iterator[None]:
    """A block in which SIGTERM and SIGHUP raise `Interrupted`, so that what was begun is put away, as with Ctrl-C.

    What is ignored (`nohup`) stays ignored, and handlers of the caller's own stay.
    """
    before = {}
    if hears_signals():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, leave_at_once)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_the_launcher() -> None:
    """Within `tidy_on_signal`, ignore SIGTERM from here on.

    A launcher sends it to all processes as soon as one has ended, and those have something to put away and to say.
    """
    if hears_signals() and signal.getsignal(signal.SIGTERM) is leave_at_once:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def hears_signals() -> bool:
    """Whether this is the thread in which handlers of signals are set and run."""
    return threading.current_thread() is threading.main_thread()


def leave_at_once(number: int, frame: FrameType | None) -> None:
    """The handler within `tidy_on_signal`.

    Raises:
        Interrupted: always.
    """
    raise Interrupted(number)
