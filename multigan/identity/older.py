"""Data compared with the record of a run, also where the record counts files that training leaves out."""

from collections.abc import Sequence
from dataclasses import replace

from multigan.core.types import Data
from multigan.files.findings import listed, shown
from multigan.identity.difference import Difference, differences
from multigan.identity.fingerprint import Identity, candidates, marks_of, name_of

__all__ = ["compare"]


def compare(before: Identity, now: Identity, data: Data) -> Difference:
    """How data differs from what a run was trained on.

    Loaders used not to say which files they took, and every file at the place counted. Of such a record, files that
    lie there unchanged and are left out do not count; of what was taken, files that would not have counted then.

    Args:
        before: the record of a run.
        now: of `data`.
        data: as it was loaded.
    """
    if before.taken or not now.taken:
        return differences(before, now)
    root, files = candidates(data, now.source)
    took = {name_of(file, data.root or root) for file in data.files}
    once = {name_of(file, root) for file in files}
    there = set(marks_of(root, [file for file in files if name_of(file, root) not in took]))
    left = [mark.name for mark in before.files if mark in there]
    before = replace(before, files=tuple(mark for mark in before.files if mark not in there))
    now = replace(now, files=tuple(mark for mark in now.files if mark.name in once))
    found = differences(before, now)
    same_files = [mark.digest for mark in before.files] == [mark.digest for mark in now.files]
    if now.items >= before.items or not same_files or not left:
        return found
    return replace(found, items=(*found.items, _left(left)))


def _left(names: Sequence[str]) -> str:
    """An older version may have trained on files of a kind that is left out now."""
    n = len(names)
    named = ", ".join(listed([shown(name) for name in names], n))
    return f"{n:,} file{'' if n == 1 else 's'} left out now, which an older version may have trained on ({named})"
