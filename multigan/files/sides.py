"""Folders of pairs: which sub-folder holds the inputs, which the targets, and which names match."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.files.findings import Finding, finding, shown
from multigan.files.walk import Walk, walk

__all__ = ["Sides", "are_sets", "pairs_of", "sets_of", "sides_of", "stem_of", "unmatched"]

INPUTS = ("a", "input", "inputs", "source", "noisy", "lq", "lr", "edges", "label", "labels")
TARGETS = ("b", "target", "targets", "output", "clean", "gt", "hq", "hr", "photo", "photos")
TRAINED = ("traina", "trainb")
"""Two sets of which no item belongs to any other, in the layout of CycleGAN's data sets."""
TESTED = ("testa", "testb", "vala", "valb")
"""What that layout keeps for later."""
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

    @property
    def trained(self) -> bool:
        """Whether they are called `trainA` and `trainB`."""
        return self.source.name.lower() in TRAINED

    def told(self) -> str:
        """One line for people."""
        names = f"{shown(self.source.name)}/ as inputs and {shown(self.target.name)}/ as targets"
        return f"{names}, {counted(self.pairs, 'pair')} by name"

    def told_apart(self) -> str:
        """One line for people, of two sets without pairs."""
        inputs, targets = f"{len(self.sources):,} in", f"{len(self.targets):,} in"
        return (
            f"inputs, {inputs} {shown(self.source.name)}/, and targets, {targets} {shown(self.target.name)}/, no pairs"
        )


def sides_of(path: Path, suffixes: Sequence[str], *, swap: bool = False) -> Sides | None:
    """The two sides of a folder with exactly two sub-folders, named `A` and `B`, `input` and `target` and the like.

    Args:
        path: the folder.
        suffixes: endings that count, lower case with the dot; the two of a pair may differ.
        swap: take the other one for the inputs.

    Returns:
        None where it is laid out otherwise, or less than half of the names match; of `trainA` and `trainB` all of the
        smaller side's must.
    """
    sides = _both(path, suffixes, swap)
    if sides is None:
        return None
    smaller = min(len(sides.sources), len(sides.targets))
    least = 1.0 if sides.trained else FEWEST
    return sides if sides.pairs >= least * smaller else None


def sets_of(path: Path, suffixes: Sequence[str], *, swap: bool = False) -> Sides | None:
    """The two sets of a folder, whatever their names have in common: as `sides_of`, and `trainA` and `trainB`.

    Two sub-folders of any other names count too, in alphabetical order.
    """
    return _both(path, suffixes, swap, named=False)


def are_sets(path: Path, suffixes: Sequence[str]) -> Sides | None:
    """Two sets that are named so that they can be nothing else: `trainA` and `trainB`, which are no pairs by name."""
    sides = _both(path, suffixes, swap=False)
    return sides if sides is not None and sides.trained and sides_of(path, suffixes) is None else None


def _both(path: Path, suffixes: Sequence[str], swap: bool, *, named: bool = True) -> Sides | None:
    """The two sub-folders that files lie in, where both hold some with one of the endings."""
    if not path.is_dir():
        return None
    found = walk(path)
    tops = sorted({file.relative_to(path).parts[0] for file in found.files if len(file.relative_to(path).parts) > 1})
    if {*TRAINED} <= {top.lower() for top in tops}:
        tops = [top for top in tops if top.lower() not in TESTED]
    if len(tops) != 2:
        return None
    one, other = (top.lower() for top in tops)
    reversed_order = other in (*INPUTS, TRAINED[0]) and one in (*TARGETS, TRAINED[1])
    if named and not reversed_order and not (one in (*INPUTS, TRAINED[0]) and other in (*TARGETS, TRAINED[1])):
        return None
    source, target = (path / top for top in (reversed(tops) if reversed_order != swap else tops))
    sides = Sides(source, target, _stems(found, source, suffixes), _stems(found, target, suffixes))
    return sides if sides.sources and sides.targets else None


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
