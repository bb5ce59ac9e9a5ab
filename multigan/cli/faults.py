"""The last handler: a fault of MultiGAN itself is one line for people, and a file with all that mends it."""

import os
import platform
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

from multigan.cli.lines import echo
from multigan.core.errors import is_memory
from multigan.core.plain import words_of
from multigan.core.shell import typed
from multigan.core.version import __version__

__all__ = ["FAULT", "catch_the_rest", "fault", "record"]

FAULT = 1
"""Exit code of a fault of MultiGAN or of a plugin, as against 2 for what was given."""
BESIDE = ("torch", "numpy", "pydantic", "typer", "rich", "pillow", "soundfile", "safetensors")


def fault(error: BaseException, arguments: Sequence[str]) -> int:
    """Say in one line that `error` came through, keep its traceback in a file and name that; never raises.

    Args:
        error: what nobody caught.
        arguments: of the command line, without the program.

    Returns:
        The exit code.
    """
    # Also the second fault, in the handler itself, must not reach people as a traceback.
    with suppress(BaseException):
        path = record(error, arguments)
        where = f"the traceback is in {path}" if path else "the traceback could be written nowhere"
        if is_memory(error):
            cure = "use a smaller batch (--set train.batch=N), smaller nets or samples"
            echo(f"multigan: the memory is full ({words_of(error)}); {cure}; {where}", err=True)
        else:
            whose, cure = _whose(error)
            cure += " with that file" if path else ""
            echo(f"multigan: this is a fault in {whose}: {words_of(error)}; {where}; {cure}", err=True)
    return FAULT


def _whose(error: BaseException) -> tuple[str, str]:
    """Whose fault it is, and what to do: a plugin's where its code is on the way to the error."""
    with suppress(Exception):
        from multigan.extend.blame import blame

        if found := blame(error):
            cure = f"its authors find it with multigan check {found.target}; please report it to them"
            return f"{found.who}, {found.place}", cure
    return "MultiGAN or a plugin", "please report it"


def record(error: BaseException, arguments: Sequence[str]) -> Path | None:
    """Write the traceback, versions and the command line into the run's folder, the cache or, at last, a temporary one.

    Args:
        error: with its traceback.
        arguments: of the command line; a run's folder is found in them.

    Returns:
        The file, or None where nothing can be written anywhere.
    """
    text = _account(error, arguments)
    name = f"fault-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{os.getpid()}.txt"
    for folder in _folders(arguments):
        with suppress(OSError, ValueError, RuntimeError):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder.absolute() / name
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
            return path
    return None


def catch_the_rest(arguments: Sequence[str]) -> None:
    """What goes wrong in threads, and in objects that are being cleared away, is recorded as well."""

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
            fault(given.exc_value, arguments)

    def in_clearing(given: object) -> None:
        error = getattr(given, "exc_value", None)
        if isinstance(error, Exception) and not isinstance(error, OSError):
            with suppress(BaseException):
                record(error, arguments)

    def at_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        fault(error, arguments)

    threading.excepthook, sys.unraisablehook, sys.excepthook = in_thread, in_clearing, at_the_end


def _account(error: BaseException, arguments: Sequence[str]) -> str:
    lines = [
        f"MultiGAN {__version__}, Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{name} {found}" for name in BESIDE if (found := _version(name))),
        f"command: {' '.join(map(typed, ['multigan', *arguments]))}",
        f"folder: {_here()}",
        f"process {os.environ.get('RANK', '0')} of {os.environ.get('WORLD_SIZE', '1')}",
        "",
    ]
    return "\n".join(lines) + "\n" + "".join(traceback.format_exception(error))


def _version(name: str) -> str:
    try:
        return version(name)
    except Exception:  # not installed, or its metadata is damaged
        return ""


def _here() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return "gone"


def _folders(arguments: Sequence[str]) -> Iterator[Path]:
    """Where the file may lie, the best place first."""
    for word in arguments:
        folder = Path(word.partition("=")[2] if word.startswith("--") else word)
        with suppress(OSError, ValueError):
            # A run without a checkpoint goes when its training fails, and must not be kept by this file.
            if (folder / "recipe.toml").is_file() and any((folder / "checkpoints").iterdir()):
                yield folder
    from multigan.core.cache_folder import cache_folder

    with suppress(RuntimeError):  # nobody's home
        yield cache_folder() / "faults"
    yield Path(tempfile.gettempdir())
