"""Whose a run's folder is: made and held by one call, which takes away only what it made itself."""

import errno
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from multigan.engine.checkpoint import list_checkpoints
from multigan.engine.distributed import World
from multigan.engine.folders import replace_file
from multigan.errors import DivergedError, RunError, WriteError

__all__ = ["RECIPE", "Hold", "has_begun", "held", "new_folder"]

RECIPE = "recipe.toml"
LOCK, OWNER = ".lock", ".owner.json"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
WRITTEN = {
    *(RECIPE, "data.json", "metrics.jsonl", "run.json", "verdict.json", "report.html", "log.txt"),
    *("checkpoints", "samples", "generator", "generator-best", "generator-mle", "healthy", "tensorboard"),
}
"""All that a run writes in its folder. Loggers of other packages have a folder of their own each, which is left."""


@dataclass
class Hold:
    """A run's folder that is held.

    Attributes:
        forgotten: whether nothing shall be left that tells of it.
    """

    forgotten: bool = False


class _TakenError(RunError):
    """There is something in the folder."""


@contextmanager
def new_folder(wanted: Path | None, name: str, recipe: str, world: World) -> Iterator[Path]:
    """A new run's folder, held by this call; where the run fails before its first checkpoint, it was never there.

    Args:
        wanted: the folder, new or empty; None = `runs/NAME-NUMBER` with the next free number.
        name: of the run, for its number.
        recipe: content of `recipe.toml`.
        world: the first process makes the folder, and all get its path.

    Raises:
        RunError: there is something in it, another process holds it, or it cannot be made.
        WriteError: the run could not write on; the message says whether there is something to resume.
    """
    made = _make(wanted, name) if world.is_first else []
    words = json.dumps(str(wanted or made[-1])) if world.is_first else ""
    folder = Path(json.loads(world.first_words(words)[1]))
    try:
        with held(folder, world) as hold:
            try:
                if world.is_first:
                    _furnish(folder, recipe)
                yield folder
            except BaseException as error:
                # A run that diverged stays, with its verdict, however early.
                hold.forgotten = world.is_first and not isinstance(error, DivergedError) and not has_begun(folder)
                if hold.forgotten and not isinstance(error, _TakenError):
                    _take_back(folder)
                raise
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir()  # only what is empty goes
        raise


@contextmanager
def held(folder: Path, world: World) -> "Iterator[Hold]":
    """Hold a run's folder: no other process trains in it meanwhile. The system lets go of it when this process ends.

    Raises:
        RunError: another process holds it; the message says which, where and since when.
        WriteError: the run could not write on; the message says whether there is something to resume.
    """
    hold, lock = Hold(), _lock(folder) if world.is_first else None
    try:
        with _said_what_to_do(folder):
            yield hold
    finally:
        if lock is not None:
            for name in (OWNER, LOCK) if hold.forgotten else (OWNER,):
                with suppress(OSError):
                    (folder / name).unlink(missing_ok=True)
            lock.release()


def has_begun(folder: Path) -> bool:
    """Whether a run has saved anything that a new start would lose."""
    return bool(list_checkpoints(folder / "checkpoints")) or (folder / "generator").exists()


def _make(wanted: Path | None, name: str) -> list[Path]:
    """Make the folder and what is missing above it; returns what was made, outermost first."""
    if wanted is None:
        return _make_next(Path("runs"), name)
    if wanted.exists() and not wanted.is_dir():
        raise RunError(f"{wanted} exists already, and is no folder", "a new or empty directory", "choose another --out")
    if any(path.name not in (LOCK, OWNER) for path in _inside(wanted)):
        if (wanted / LOCK).exists():
            _lock(wanted).release()  # who trains there now is the better answer
        raise _taken(wanted)
    return _made(wanted, exist_ok=True)


def _make_next(parent: Path, name: str) -> list[Path]:
    for number in count(1):
        folder = parent / f"{name}-{number}"
        with suppress(FileExistsError):
            return _made(folder, exist_ok=False)
    raise AssertionError  # count() has no end


def _made(folder: Path, *, exist_ok: bool) -> list[Path]:
    missing = [path for path in (*reversed(folder.parents), folder) if not path.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=exist_ok)
    except FileExistsError:
        raise
    except OSError as error:
        raise RunError(
            f"cannot write {folder}: {error.strerror}", "a writable directory", "choose another with --out DIR"
        ) from error
    return missing


def _taken(folder: Path) -> RunError:
    what, expected = f"{folder} exists already", "a new or empty directory"
    if not (folder / RECIPE).is_file():
        return _TakenError(what, expected, "choose another with --out; nothing in it was touched")
    return _TakenError(what, expected, f"go on with it: multigan train --resume {folder}")


def _furnish(folder: Path, recipe: str) -> None:
    if any(path.name not in (LOCK, OWNER) for path in _inside(folder)):  # it was empty a moment ago
        raise _taken(folder)
    try:
        (folder / "samples").mkdir()
        replace_file(folder / RECIPE, recipe)
    except OSError as error:
        raise WriteError(f"cannot write {folder}: {error.strerror}", "a writable directory") from error


def _lock(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise RunError(
            f"{folder} is in use by {_owner(folder)}",
            "one process at a time in a run's folder",
            "wait for it or stop it (kill -TERM saves), or choose another --out",
        ) from None
    except OSError as error:
        raise RunError(
            f"cannot write {folder}: {error.strerror or error}", "a writable directory", "check its rights"
        ) from error
    me = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    with suppress(OSError):  # a full disk is told of where something of the run is lost by it
        replace_file(folder / OWNER, json.dumps(me))
    return lock


def _owner(folder: Path) -> str:
    try:
        about = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return f"process {int(about['pid'])} on {about['host']!s}, since {about['since']!s}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


@contextmanager
def _said_what_to_do(folder: Path) -> Iterator[None]:
    """Where a write failed, say what can be done now that is true: resume, or start again."""
    try:
        yield
    except WriteError as error:
        raise WriteError(error.given, error.expected, _fix(folder)) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise WriteError(f"cannot write {error.filename or folder}: {error.strerror}", "", _fix(folder)) from error


def _fix(folder: Path) -> str:
    if list_checkpoints(folder / "checkpoints"):
        return f"free space, then go on with: multigan train --resume {folder}"
    return "free space and start again; there was no checkpoint yet, so nothing of this run is kept"


def _take_back(folder: Path) -> None:
    """The folder was empty when this call took it: what a run writes there is this call's own."""
    for path in _inside(folder):
        if path.name in WRITTEN:
            _remove(path)


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _remove(path: Path) -> None:
    remove: Callable[[Path], object] = shutil.rmtree if path.is_dir() and not path.is_symlink() else Path.unlink
    with suppress(OSError):
        remove(path)
