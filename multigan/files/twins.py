"""Items that are there twice: by the hash of their bytes, or nearly, by small fingerprints."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from multigan.files.findings import Finding, Severity, finding, shown

__all__ = ["digest", "duplicates", "identical", "same", "similar", "spread"]

MOST_COMPARED = 20_000
BLOCK = 1024
MANY = 0.05
HEAD_BYTES = 4096
"""Of files of one size, what is read first: most differ there."""


def digest(path: Path) -> bytes:
    """16 bytes that stand for a file's content (BLAKE2b)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()


def same(keys: Sequence[Hashable]) -> list[list[int]]:
    """Groups of at least two positions that hold the same key."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return [group for group in places.values() if len(group) > 1]


def identical(files: Sequence[Path]) -> list[list[int]]:
    """Groups of at least two positions whose files are byte for byte the same; ones that cannot be read are in none.

    Files of one size are looked at, and read to their ends where they begin alike: most are never opened.
    """
    groups = _parted([list(range(len(files)))], files, lambda path: path.stat().st_size)
    for key in (_head, digest):
        groups = _parted(groups, files, key)
    return sorted(groups)


def _parted(groups: Iterable[list[int]], files: Sequence[Path], key: Callable[[Path], Hashable]) -> list[list[int]]:
    """Groups, parted by a key of their files; what is alone then goes."""
    parted = []
    for group in groups:
        known: dict[Hashable, list[int]] = defaultdict(list)
        for place in group:
            with suppress(OSError):  # whoever reads it says so
                known[key(files[place])].append(place)
        parted += [places for places in known.values() if len(places) > 1]
    return parted


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def spread(n: int, most: int = MOST_COMPARED) -> list[int]:
    """At most `most` positions of n, evenly spaced: all pairs of these are compared."""
    return list(range(n)) if n <= most else np.linspace(0, n - 1, most).round().astype(int).tolist()


def similar(prints: NDArray[np.float32], threshold: float) -> list[list[int]]:
    """Groups of fingerprints that differ by a root mean square of less than `threshold`, directly or in a chain.

    Args:
        prints: float32 `(n, dim)`; n² · dim operations in blocks, so n is at most some ten thousands.
        threshold: in the units of `prints`.
    """
    n, dim = prints.shape
    if n < 2:
        return []
    prints = prints - prints.mean(0)  # smaller numbers cancel less in float32
    squares = (prints * prints).sum(1)
    limit = dim * threshold**2
    parent = list(range(n))
    for first in range(0, n, BLOCK):
        block = slice(first, first + BLOCK)
        distances = squares[block, None] + squares[None, first:] - 2 * prints[block] @ prints[first:].T
        rows, columns = np.nonzero(distances < limit)
        for a, b in zip((rows + first).tolist(), (columns + first).tolist(), strict=True):
            if a < b:
                parent[_root(parent, b)] = _root(parent, a)
    return same([_root(parent, k) for k in range(n)]) if any(k != p for k, p in enumerate(parent)) else []


def duplicates(
    root: Path,
    files: Sequence[Path],
    groups: Sequence[Sequence[int]],
    noun: str,
    *,
    near: bool = False,
    class_of: Callable[[Path], str] | None = None,
) -> list[Finding]:
    """Groups of twins as a finding: a note for a few, a warning for many or for twins of different classes.

    Args:
        root: the folder that was given.
        files: all files that were compared.
        groups: positions in `files` of things that are the same.
        noun: what they are, in the plural.
        near: whether they are only nearly the same.
        class_of: the class of a file, where there are classes.
    """
    named = [[shown(files[k], root) for k in group] for group in groups]
    extra = sum(len(group) - 1 for group in groups)
    how, slug = ("nearly the same", "near-duplicates") if near else ("byte for byte the same", "exact-duplicates")
    severity: Severity = "warning" if extra > MANY * len(files) else "note"
    lines = (" = ".join(group[:3]) + (f" and {len(group) - 3:,} more" if len(group) > 3 else "") for group in named)
    what = f"{{n}} group{{s}} of {noun} that are {how}: {extra:,} too many"
    fix = "look at them and keep one of each" if near else "keep one of each: they count double in training"
    found = finding(severity, slug, what, lines, fix)
    if class_of is None or near:
        return found
    torn = [g for g, group in enumerate(groups) if len({class_of(files[k]) for k in group}) > 1]
    evidence = (" = ".join(named[g][:3]) for g in torn)
    what = f"{{n}} group{{s}} of the same {noun} in different classes"
    return found + finding("warning", "two-classes", what, evidence, "decide to which class they belong")


def _root(parent: list[int], k: int) -> int:
    while parent[k] != k:
        parent[k] = parent[parent[k]]
        k = parent[k]
    return k
