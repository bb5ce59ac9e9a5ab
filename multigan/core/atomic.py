"""Folders and files that are replaced whole: a kill at any instant leaves the old one or the new one."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from uuid import uuid4

from safetensors import SafetensorError

from multigan.core.errors import WriteError, unwritten
from multigan.core.shell import typed

__all__ = [
    "mirror_folder",
    "or_copy",
    "recover_folders",
    "remove_files",
    "replace_file",
    "replace_folder",
    "staged",
    "try_writing",
    "writing",
]

NEW, OLD = ".new-", ".old-"
SHORT_BYTES = 200
ROOM_BYTES = 2**17
"""What is written to find out: more than most files about a run take, and no more than an instant."""


def replace_folder(target: Path, write: Callable[[Path], object]) -> None:
    """Fill a temporary folder beside `target`, flush it to disk and rename it into place.

    Several processes may replace the same folder at once: one of them is the last, and one that comes in between the
    renames of another is told so. A kill leaves the old `target` or the new one, never half of either under its name.
    Only between the two renames does neither have it: then the old one is whole in `.old-NAME`, and `recover_folders`
    puts it back (of a name above 200 bytes in `.old-` and a digest of it; the next call for that name does).

    Args:
        target: the folder.
        write: fills the empty folder it is given.

    Raises:
        WriteError: nothing could be written (full disk, no permission); `target` is as it was, or as another process
            wrote it meanwhile.
    """
    stem = _short(target.name)
    retired = target.with_name(OLD + stem)
    staging = target.with_name(f"{NEW}{stem}-{os.getpid()}-{uuid4().hex[:8]}")
    try:
        with writing(target):
            with _alone(target):
                _put_back(retired, target)
            _clear_abandoned(target.with_name(stem))
            staging.mkdir(parents=True)
            write(staging)
            for path in (*staging.iterdir(), staging):
                _flush(path)
            with _alone(target):
                if target.exists():
                    target.rename(retired)
                staging.rename(target)
            _flush(target.parent)
    except BaseException:  # also where a signal ends it
        shutil.rmtree(staging, ignore_errors=True)
        with suppress(OSError):  # another process was faster
            if retired.exists() and not target.exists():
                retired.rename(target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(retired, ignore_errors=True)


def recover_folders(parent: Path, pattern: str = "*") -> list[Path]:
    """Clear away what a killed `replace_folder` left in `parent`.

    Args:
        parent: where to look; only the process that writes there may call it.
        pattern: names of the folders that were being replaced, as for `Path.glob`.

    Returns:
        The folders that only existed as `.old-NAME` and are back under their own name.
    """
    for staging in parent.glob(NEW + pattern):
        shutil.rmtree(staging, ignore_errors=True)
    back = []
    for retired in sorted(parent.glob(OLD + pattern)):
        target = parent / retired.name.removeprefix(OLD)
        if _put_back(retired, target):
            back.append(target)
    return back


def mirror_folder(source: Path, target: Path) -> None:
    """Make `target` a copy of `source`, or remove it where `source` does not exist.

    Args:
        source: a folder of files.
        target: replaced whole, as by `replace_folder`.

    Raises:
        WriteError: nothing could be written; `target` is as it was.
    """
    if source.is_dir():
        replace_folder(target, lambda into: shutil.copytree(source, into, dirs_exist_ok=True))
    else:
        shutil.rmtree(target, ignore_errors=True)


def replace_file(target: Path, content: str) -> None:
    """Replace a UTF-8 file whole: `target` has the old content or the new one at any instant.

    Raises:
        WriteError: it could not be written; `target` is as it was.
    """
    with writing(target), staged(target) as staging:
        staging.write_text(content, encoding="utf-8")
        _flush(staging)


@contextmanager
def staged(target: Path, settle: Callable[[Path, Path], object] = Path.replace) -> Iterator[Path]:
    """A block that fills a file beside `target`, which gets that name at the block's end, and goes where it fails.

    Several processes may write the same file at once; one of them is the last.

    Args:
        target: the file; it is whole at any instant, the old one or the new one.
        settle: gives the filled file, its first argument, the name.

    Raises:
        OSError: it could not be renamed; whatever the block raises goes through. `target` is as it was.
    """
    staging = target.with_name(f"{NEW}{uuid4().hex[:8]}")  # short, as the file's name may be as long as one can be
    try:
        yield staging
        settle(staging, target)
    finally:
        with suppress(OSError):
            staging.unlink(missing_ok=True)


def remove_files(folder: Path, patterns: Iterable[str]) -> None:
    """Remove what matches in a folder, and the folder itself where that leaves it empty; the rest is not touched.

    Args:
        folder: it may be missing.
        patterns: of files in it, as for `Path.glob`; links and folders that match stay.
    """
    for pattern in patterns:
        for path in list(folder.glob(pattern)):
            if path.is_file() and not path.is_symlink():
                with suppress(OSError):
                    path.unlink()
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """A block that writes `target`: what the system refuses is said in one way.

    Raises:
        WriteError: with the file and the system's reason.
    """
    try:
        yield
    except (OSError, SafetensorError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise WriteError(f"cannot write {target}: {why}", *unwritten(error)) from error


def try_writing(target: Path) -> None:
    """Find out now, and not after minutes of work, whether `target` can be written; nothing is left behind.

    Raises:
        WriteError: its folder is read-only, gone or full, or there is no permission.
    """
    try:
        with writing(target), TemporaryFile(dir=target.parent) as file:
            file.write(bytes(ROOM_BYTES))
            file.flush()
            os.fsync(file.fileno())  # some systems find out here that there is no room
    except WriteError as error:
        raise or_copy(error, target.parent) from error


def or_copy(error: WriteError, folder: Path) -> WriteError:
    """What could not be written into a folder that holds work, with both ways to go on: a right, or a copy.

    Args:
        error: what the system refused.
        folder: where.
    """
    fix = f"type chmod -R u+w {typed(folder)}" if isinstance(error.__cause__, PermissionError) else error.fix
    copy = f"cp -r {typed(folder)} ELSEWHERE && chmod -R u+w ELSEWHERE"  # a copy has the rights of what was copied
    return WriteError(error.given, error.expected, f"{fix}, or work on a copy: {copy}")


def _put_back(retired: Path, target: Path) -> bool:
    """Give what a killed `replace_folder` had put aside its name back, or clear it away where the name is taken."""
    if not retired.exists():
        return False
    if back := not target.exists():
        retired.rename(target)
    else:
        shutil.rmtree(retired, ignore_errors=True)
    return back


def _short(name: str) -> str:
    """A folder's name where a prefix, a process and a number fit beside it, else a digest of it."""
    raw = os.fsencode(name)
    return name if len(raw) <= SHORT_BYTES else sha256(raw).hexdigest()[:16]


def _clear_abandoned(target: Path) -> None:
    """Remove what killed processes were filling; what belongs to one that is alive stays."""
    name = re.compile(rf"{re.escape(NEW + target.name)}-(\d+)-[0-9a-f]{{8}}")
    for path in target.parent.glob(f"{NEW}{escape(target.name)}-*"):
        if (owner := name.fullmatch(path.name)) and not _lives(int(owner[1])):
            shutil.rmtree(path, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # somebody else's
    return True


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """A block of renames; where another process renamed in between, that is said."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
            raise
        given = f"another process wrote {target} meanwhile"
        raise WriteError(
            given, "one process at a time", "look at what it holds, and write it again if need be"
        ) from error


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
