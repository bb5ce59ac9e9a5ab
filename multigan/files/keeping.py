"""What is there stays: where a user asks for files, one of the same name and other content is not replaced unasked.

Commands write under `keeping`. Without it (from Python, and for a run's own files) files are replaced.
"""

import filecmp
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from multigan.core.atomic import staged, writing
from multigan.core.errors import RunError

__all__ = ["keeping", "keeps", "may_replace", "refuse", "same_folder", "settle", "write_whole"]


@dataclass
class _Rule:
    overwrite: bool
    made: list[Path] = field(default_factory=list)


_RULE: ContextVar[_Rule | None] = ContextVar("rule", default=None)


@contextmanager
def keeping(*, overwrite: bool) -> Iterator[None]:
    """Within it, files of other content are kept: whoever would replace one gets a RunError, unless `overwrite`."""
    token = _RULE.set(_Rule(overwrite))
    try:
        yield
    finally:
        _RULE.reset(token)


@contextmanager
def may_replace() -> Iterator[None]:
    """Within it files are replaced: for what is carried on, such as an index that gets new entries."""
    token = _RULE.set(None)
    try:
        yield
    finally:
        _RULE.reset(token)


def keeps() -> bool:
    """Whether files of other content are kept here."""
    rule = _RULE.get()
    return rule is not None and not rule.overwrite


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, whole or not at all, and give it its name.

    Args:
        path: the file.
        write: fills the file that it is given.

    Raises:
        WriteError: it cannot be written.
        RunError: a file of other content has the name and is to be kept.
    """
    with writing(path), staged(path, settle) as temporary:
        write(temporary)


def settle(finished: Path, path: Path) -> None:
    """Give a finished file its name. Where `path` has the same content already, nothing happens to it.

    Raises:
        RunError: another file has the name and is to be kept; what this call has made till then is removed again.
        OSError: it cannot be renamed.
    """
    rule = _RULE.get()
    if rule is None or rule.overwrite or path in rule.made:
        finished.replace(path)
    elif not path.exists() and not path.is_symlink():
        finished.replace(path)
        rule.made.append(path)
    else:
        same = path.is_file() and filecmp.cmp(finished, path, shallow=False)
        if not same:
            refuse(path)


def refuse(path: Path) -> None:
    """Say that `path` is there and kept, and take back the files that were made before it.

    Raises:
        RunError: always.
    """
    rule = _RULE.get()
    for made in rule.made if rule is not None else ():
        made.unlink(missing_ok=True)
    what = "exists already, with other content"
    raise RunError(f"{path} {what}", "a new name", "type --overwrite to replace it, or name another place")


def same_folder(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes, at any depth."""
    names = {path.relative_to(one) for path in one.rglob("*") if not path.is_dir()}
    if names != {path.relative_to(other) for path in other.rglob("*") if not path.is_dir()}:
        return False
    return all(filecmp.cmp(one / name, other / name, shallow=False) for name in names)
