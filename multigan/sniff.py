"""Which recipe suits a folder or a file: a look at the endings, and a reason in words."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from multigan.errors import DataError
from multigan.plugins import modalities
from multigan.types import Modality

__all__ = ["Choice", "sniff"]


class Choice(NamedTuple):
    """The recipe for some files, and why."""

    recipe: str
    reason: str


def sniff(path: Path) -> Choice:
    """Pick a recipe for `path`.

    Args:
        path: a folder or a file of data.

    Raises:
        DataError: it holds nothing that any modality reads; the message counts what was found.
    """
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    endings = Counter(_ending(file) for file in files)
    known = {name: modality for name, modality in modalities.items() if _trains(name, modality)}
    counts = {name: sum(endings[ending] for ending in modality.suffixes) for name, modality in known.items()}
    # Where several read the same files, a built-in goes first: installing a package must not change what files are.
    best = max(counts, key=lambda name: (counts[name], not modalities.is_plugin(name)))
    if not counts[best]:
        found = ", ".join(f"{count} {ending or 'no ending'}" for ending, count in endings.most_common(5)) or "no files"
        readable = "; ".join(f"{name}: {' '.join(modality.suffixes)}" for name, modality in known.items())
        raise DataError(f"{path} holds nothing to train on ({found})", readable, "check the path")
    other = sum(endings.values()) - counts[best]
    aside = f" and {other} other files, which are left out" if other else ""
    rivals = [name for name, count in counts.items() if count == counts[best] and name != best]
    aside += f"; as well read by {', '.join(rivals)}" if rivals else ""
    return Choice(known[best].recipe_for_files, f"{path} holds {counts[best]} {best} files{aside}")


def _trains(name: str, modality: Modality) -> bool:
    """Points read CSV files too, but are a test bench; some modalities train on nothing that lies in files."""
    return name != "points" and bool(modality.recipe_for_files) and "train" not in modality.unsupported


def _ending(file: Path) -> str:
    """The suffix in lower case; `.gz` counts with the one before it, and idx files by their name."""
    name = file.name.lower()
    if name.removesuffix(".gz").endswith(("-ubyte", ".idx")):
        return ".idx"
    return "".join(Path(name).suffixes[-2:]) if name.endswith(".gz") else Path(name).suffix
