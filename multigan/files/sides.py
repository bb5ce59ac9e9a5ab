"""Folders of pairs: which sub-folder holds the inputs, which the targets, and which names match."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.files.findings import Finding, finding, shown
from multigan.files.walk import Walk, walk

__all__ = ["Sides", "pairs_of", "sides_of", "stem_of", "unmatched"]

INPUTS = ("a", "input", "inputs", "source", "noisy", "lq", "lr", "edges", "label", "labels")
TARGETS = ("b", "target", "targets", "output", "clean", "gt", "hq", "hr", "photo", "photos")
FEWEST = 0.5
"""Share of the names of the smaller side that match: with fewer, the two folders are something else."""


class Sides(NamedTuple):
    """A folder of pairs.

    Attributes:
        source: where the inputs are.
        target: where the targets are.
        sources: stems of the inputs.
        targets: stems of the targets.
    """

    source: Path
    target: Path
    sources: frozenset[str]
    targets: frozenset[str]

    @property
    def pairs(self) -> int:
        """Names on both sides."""
        return len(self.sources & self.targets)

    def told(self) -> str:
        """One line for people."""
        names = f"{shown(self.source.name)}/ as inputs and {shown(self.target.name)}/ as targets"
        return f"{names}, {counted(self.pairs, 'pair')} by name"


def sides_of(path: Path, suffixes: Sequence[str], *, swap: bool = False) -> Sides | None:
    """The two sides of a folder with exactly two sub-folders, named `A` and `B`, `input` and `target` and the like.

    Args:
        path: the folder.
        suffixes: endings that count, lower case with the dot; the two of a pair may differ.
        swap: take the other one for the inputs.

    Returns:
        None where it is laid out otherwise, or less than half of the names match.
    """
    if not path.is_dir():
        return None
    found = walk(path)
    tops = sorted({file.relative_to(path).parts[0] for file in found.files if len(file.relative_to(path).parts) > 1})
    named = {top.lower(): path / top for top in tops}
    source = [named[name] for name in named if name in INPUTS]
    target = [named[name] for name in named if name in TARGETS]
    if len(tops) != 2 or len(source) != 1 or len(target) != 1:
        return None
    one, other = (target[0], source[0]) if swap else (source[0], target[0])
    sides = Sides(one, other, _stems(found, one, suffixes), _stems(found, other, suffixes))
    smaller = min(len(sides.sources), len(sides.targets))
    return sides if smaller and sides.pairs >= FEWEST * smaller else None


def stem_of(file: Path, root: Path) -> str:
    """The name by which a file finds its partner: its path below `root`, without the suffix."""
    inside = Path(file.name) if file == root or not file.is_relative_to(root) else file.relative_to(root)
    return inside.with_suffix("").as_posix()


def unmatched(sides: Sides) -> list[Finding]:
    """Names of one side alone, for the doctor."""
    found = list[Finding]()
    for what, lone in (("input", sides.sources - sides.targets), ("target", sides.targets - sides.sources)):
        found += finding(
            "warning",
            f"{what}-alone",
            f"{{n}} {what}{{s}} without a partner of the same name, left out",
            (shown(name) for name in sorted(lone)),
            "rename them like their partners, or take them away",
        )
    return found


def pairs_of(sides: Sides, suffixes: Sequence[str]) -> list[tuple[Path, Path]]:
    """The files of each pair, input and target, in the order of their names; of two with one name the first."""
    both = []
    for folder in (sides.source, sides.target):
        files = [file for file in walk(folder).files if file.name.lower().endswith(tuple(suffixes))]
        both.append({stem_of(file, folder): file for file in reversed(files)})
    return [(both[0][name], both[1][name]) for name in sorted(both[0].keys() & both[1].keys())]


def _stems(found: Walk, folder: Path, suffixes: Sequence[str]) -> frozenset[str]:
    files = (
        file for file in found.files if file.is_relative_to(folder) and file.name.lower().endswith(tuple(suffixes))
    )
    return frozenset(stem_of(file, folder) for file in files)
