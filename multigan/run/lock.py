"""One process at a time on a run: a file in it that its owner holds locked, with the owner's name inside."""

import fcntl
import json
import os
import socket
import stat
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from multigan.core import strict_json
from multigan.core.atomic import or_copy
from multigan.core.errors import RunError, WriteError, unwritten
from multigan.core.shell import typed

__all__ = ["LOCK", "Owner", "RunLock", "owner_of", "refuse_busy"]

LOCK = ".run-lock"
PATIENCE_SECONDS = 0.5
"""How long a held lock is tried again: another may only be looking at it, or be about to leave."""


@dataclass(frozen=True)
class Owner:
    """A process that trains in a run directory.

    Attributes:
        pid: its number.
        host: the machine's name.
        kernel: the machine's boot, which containers on it share; "" where it cannot be told.
        started: when it began, in the kernel's ticks; numbers are used again, this pair is not. "" = unknown.
        since: when it took the run, UTC, for people.
    """

    pid: int
    host: str
    kernel: str
    started: str
    since: str

    @classmethod
    def here(cls) -> "Owner":
        """This process, now."""
        pid, since = os.getpid(), time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
        return cls(pid, socket.gethostname(), _kernel(), _started(pid), since)

    @property
    def is_this_process(self) -> bool:
        """Whether it is the one that asks: another machine may have one of the same number."""
        return self.pid == os.getpid() and self.host == socket.gethostname()

    def surely_gone(self, *, locks_work: bool) -> bool:
        """Whether a process that left its name, and whose lock was given to us, cannot be alive.

        Args:
            locks_work: whether this file system keeps locks among the processes of one machine. Nothing says whether it
                also keeps them between machines.
        """
        if self.kernel and self.kernel == _kernel():
            return locks_work or (self.host == socket.gethostname() and not _alive(self))
        # A machine that was started anew has none of its former processes.
        return self.host == socket.gethostname() and (bool(self.kernel) or locks_work or not _alive(self))


class RunLock:
    """The right to write in a run directory, until `release` or the end of this process, however it ends.

    The lock is the kernel's (`flock`), so a killed owner leaves none behind. Where a file system has no such locks, or
    another machine may hold one that cannot be seen, the name in the file decides.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self._handle = path, handle

    @classmethod
    def take(cls, folder: Path, then: str = "") -> "RunLock":
        """Own a run directory.

        Args:
            folder: the directory.
            then: what to type once another has left it; "" = what goes on with the run.

        Raises:
            RunError: another process does; the message names it and says what to type.
            WriteError: the folder cannot be written.
        """
        path = folder / LOCK
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            handle, mine = _open(path, folder)
            try:
                held, works = _lock(handle)
                if held and time.monotonic() > deadline:
                    raise _busy(folder, _read(handle), then=then)
                if not held and _is_still(handle, path):
                    _see_through(handle, folder, mine=mine, works=works, then=then)
                    _sign(handle, path)
                    return cls(path, handle)
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)
            time.sleep(0.02)

    def release(self) -> None:
        """Let others have it; the file goes too."""
        if _is_still(self._handle, self.path):  # the folder may have been moved, and another run be there
            with suppress(OSError):
                self.path.unlink()
        os.close(self._handle)


def owner_of(folder: Path) -> Owner | None:
    """Who writes in a run directory now, or None; nothing is changed."""
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        held, works = _lock(handle, fcntl.LOCK_SH)
        owner = _read(handle)
    except RunError:
        return None
    finally:
        os.close(handle)
    return None if owner is None or (not held and owner.surely_gone(locks_work=works)) else owner


def refuse_busy(folder: Path) -> None:
    """End in words where a process trains in `folder` now.

    Raises:
        RunError: it names the process.
    """
    if owner := owner_of(folder):
        raise _busy(folder, owner)


def _busy(folder: Path, owner: Owner | None, *, unseen: bool = False, then: str = "") -> RunError:
    resume = then or f"multigan train --resume {typed(folder)}"
    expected = "one process at a time in a run"
    if owner is None:
        return RunError(f"{folder} is in use by another process", expected, f"wait for it, then type {resume}")
    given = f"{folder} is in use by process {owner.pid} on host {owner.host}, since {owner.since}"
    if unseen:
        cure = f"if that process has ended, type rm {typed(folder / LOCK)} and then {resume}"
        return RunError(f"{given}, as far as can be seen from here", expected, cure)
    if owner.is_this_process:
        return RunError(f"{given}, which is this one", expected, "wait for the other call to end")
    return RunError(given, expected, f"wait for it, or stop it, saved, with kill {owner.pid}; then type {resume}")


def _open(path: Path, folder: Path) -> tuple[int, bool]:
    """The lock file, and whether this call made it."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe would wait for its other end
    try:
        try:
            return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o644), True
        except FileExistsError:
            return os.open(path, flags | os.O_CREAT, 0o644), False
    except OSError as error:
        fault = WriteError(f"cannot write {path}: {error.strerror}", *unwritten(error))
        fault.__cause__ = error
        if not (folder / "recipe.toml").is_file():  # of a new run there is nothing to copy
            raise fault from error
        fault.reword(f"{folder} cannot be written: {error.strerror}", fault.expected, fault.fix)
        raise or_copy(fault, folder) from error


def _lock(handle: int, kind: int = fcntl.LOCK_EX) -> tuple[bool, bool]:
    """Lock an open file: whether another holds it, and whether locks mean anything here."""
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True, True
    except OSError:  # a file system without locks
        return False, False
    return False, _refuses_a_second(handle)


def _refuses_a_second(handle: int) -> bool:
    """Whether the lock just taken keeps out anybody at all; some file systems say yes to everyone."""
    try:
        second = os.open(f"/proc/self/fd/{handle}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return True  # no /proc: nothing to try it with
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(second)
    return False


def _is_still(handle: int, path: Path) -> bool:
    """Whether the open file is the one under that name: its owner may have removed it on leaving."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(handle), os.stat(path))
    return False


def _see_through(handle: int, folder: Path, *, mine: bool, works: bool, then: str = "") -> None:
    """Look at the name in a lock that was given to us.

    Raises:
        RunError: that process may be alive all the same.
    """
    if mine:
        return
    before = _read(handle)
    if before is None and not works:
        time.sleep(0.2)  # its owner may be about to write it
        before = _read(handle)
    if before is not None and not before.surely_gone(locks_work=works):
        unseen = before.host != socket.gethostname() or before.kernel != _kernel()
        raise _busy(folder, before, unseen=unseen, then=then)


def _read(handle: int) -> Owner | None:
    """The name in a lock file; None where its owner had no time to write it.

    Raises:
        RunError: the file is something else.
    """
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise RunError(f"{LOCK} in this folder is no file", "a run's directory", "move it away and try again")
    content = os.pread(handle, 4096, 0)
    if not content:
        return None
    try:
        found = json.loads(content)
        return Owner(int(found["pid"]), *(str(found[key]) for key in ("host", "kernel", "started", "since")))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError(
            f"{LOCK} in this folder is no lock of a run", "a run's directory", "move that file away and try again"
        ) from error


def _sign(handle: int, path: Path) -> None:
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, strict_json.dumps(asdict(Owner.here())).encode(), 0)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise WriteError(f"cannot write {path}: {error.strerror}", *unwritten(error)) from error


def _kernel() -> str:
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _started(pid: int) -> str:
    """When a process began; the name in the line may hold anything, so it is read from its end."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    return ""


def _alive(owner: Owner) -> bool:
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # somebody else's
    return not owner.started or _started(owner.pid) == owner.started
