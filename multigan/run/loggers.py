"""Further places for a run's numbers, by name: TensorBoard, and those of other packages.

A logger is built by `build(folder)`, where `folder` is the run's own for it: an object with `write(step, values)`.
It runs in the background: it can neither slow a run down nor end it. Entry-point group `multigan.loggers`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from multigan.core.errors import PluginError
from multigan.core.registry import Registry, callable_only
from multigan.run.background import Background, Writer

__all__ = ["Loggers", "loggers", "open_loggers"]

loggers: Registry[Callable[[Path], Writer]] = Registry(
    "logger",
    "multigan.loggers",
    builtin={"tensorboard": "multigan.run.writers:TensorBoard"},
    check=callable_only,
)


class Loggers:
    """Several loggers as one.

    Args:
        each: the loggers, each with a thread of its own.
    """

    def __init__(self, each: Sequence[Background]) -> None:
        self.each = each

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Hand one row to all; returns at once."""
        for one in self.each:
            one.write(step, values)

    def close(self) -> None:
        """Give all of them a moment to finish."""
        for one in self.each:
            one.close()


def open_loggers(names: Sequence[str], folder: Path, say: Callable[[str], object]) -> Loggers | None:
    """The loggers of a run, or None where it has none.

    Args:
        names: of the loggers.
        folder: the run directory; each logger gets a folder of its name in it.
        say: receives what is to be said of one that fails.

    Raises:
        UnknownNameError, PluginError, RunError: there is none of that name, or it does not open.
    """
    each = [(name, _opened(name, folder / name)) for name in dict.fromkeys(names)]
    return Loggers([Background(writer, say, name=f"logger '{name}'") for name, writer in each]) if each else None


def _opened(name: str, folder: Path) -> Writer:
    """What the logger's builder gives, which can write."""
    writer = loggers.get(name)(folder)
    if not callable(getattr(writer, "write", None)):
        given = f"logger '{name}': its builder gives {type(writer).__name__} without write"
        raise PluginError(given, "an object with write(step, values)", "see docs/extend.md, Entry points")
    return writer
