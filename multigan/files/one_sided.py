"""Folders of which one side of pairs is there: the other one is empty, or was left somewhere else."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.files.findings import shown
from multigan.files.sides import INPUTS, TARGETS, TESTED, TRAINED
from multigan.files.walk import walk

__all__ = ["OneSided", "one_sided"]

PARTNERS = dict.fromkeys(INPUTS, "target") | dict.fromkeys(TARGETS, "input")
PARTNERS |= {"a": "B", "b": "A", "traina": "trainB", "trainb": "trainA", "lq": "hq", "hq": "lq", "lr": "hr", "hr": "lr"}
PARTNERS |= {"noisy": "clean", "clean": "noisy", "inputs": "targets", "targets": "inputs"}
ANYBODYS = {"label", "labels", "photo", "photos", "source", "output"}
"""Names that folders without pairs have too: they say nothing where nothing lies beside them."""


class OneSided(NamedTuple):
    """What was found.

    Attributes:
        there: the sub-folder with files.
        files: how many.
        partner: what its partner would be called.
        empty: the partner, where it is there and holds none; else None.
    """

    there: Path
    files: int
    partner: str
    empty: Path | None

    @property
    def trained(self) -> bool:
        """Whether it is called `trainA` or `trainB`, which nothing but one of two sets is."""
        return self.there.name.lower() in TRAINED

    def hint(self) -> str:
        """One line for people."""
        what = "one of two sets" if self.trained else "one side of pairs"
        return (
            f"{shown(self.there.name)}/ is named like {what}: put {self.partner}/ beside it where that was meant, "
            "its files are trained on alone"
        )

    def error(self) -> DataError:
        """That there is nothing on the other side."""
        name = shown(self.there.name)
        given = f"{shown(self.there)} holds {counted(self.files, 'file')} and {self.partner}/ beside it none"
        return DataError(
            given, "files on both sides", f"fill {self.partner}/, or give {shown(self.there)} for {name}/ alone"
        )


def one_sided(path: Path, suffixes: Sequence[str]) -> OneSided | None:
    """One side of pairs, or one of two sets, without the other; None where a folder is laid out otherwise.

    Args:
        path: the folder.
        suffixes: endings that count, lower case with the dot.
    """
    if not path.is_dir():
        return None
    files = [file.relative_to(path) for file in walk(path).files if file.name.lower().endswith(tuple(suffixes))]
    tops = {file.parts[0] for file in files}
    if trained := {top for top in tops if top.lower() in TRAINED}:
        tops = trained | {top for top in tops if top.lower() not in TESTED}
        files = [file for file in files if file.parts[0] in tops]
    if len(tops) != 1 or any(len(file.parts) < 2 for file in files):
        return None
    (top,) = tops
    if top.lower() not in PARTNERS:
        return None
    others = [folder for folder in sorted(path.iterdir()) if folder.is_dir() and folder.name[0] not in "._"]
    empty = [folder for folder in others if folder.name != top and _partners(top, folder.name)]
    if not empty and top.lower() in ANYBODYS:
        return None
    partner = empty[0].name if empty else PARTNERS[top.lower()]
    return OneSided(path / top, len(files), partner, empty[0] if empty else None)


def _partners(one: str, other: str) -> bool:
    one, other = one.lower(), other.lower()
    if one in TRAINED or other in TRAINED:
        return {one, other} == {*TRAINED}
    return (one in INPUTS and other in TARGETS) or (one in TARGETS and other in INPUTS)
