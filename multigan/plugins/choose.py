"""Which recipe suits a folder or a file: a look at the endings, and a reason in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.inputs import Halves, Sets, Unites
from multigan.core.types import Modality, able
from multigan.files.findings import shown
from multigan.files.manifest import ENDINGS, TRAINED, list_at
from multigan.files.odd_lists import no_list
from multigan.files.one_sided import OneSided, one_sided
from multigan.files.sides import are_sets, sides_of
from multigan.files.walk import Walk, report_left_out, walk
from multigan.plugins import modalities
from multigan.plugins.abilities import Couples, Suits

__all__ = ["Choice", "asked", "half_of", "sniff"]


ALONE = {".json": "text", ".ndjson": "text"}
"""What is read where it is named itself; in folders such files mostly say something about others."""


class Choice(NamedTuple):
    """The recipe for some files, and why."""

    recipe: str
    reason: str


def sniff(path: Path, overrides: Sequence[str] = ()) -> Choice:
    """Pick a recipe for `path`.

    Args:
        path: a folder or a file of data.
        overrides: `"table.key=value"` strings as for `train`; columns that they name say what is to be made of what.

    Raises:
        DataError: it holds nothing that any modality reads (the message counts what was found), one side of pairs
            beside an empty one, or it is a list of pairs that cannot be read as one.
    """
    _check_name(path)
    found = walk(path)
    endings = Counter(_ending(file) for file in found.files)
    known = {name: modality for name, modality in modalities.items() if _trains(name, modality)}
    if path.is_file() and (listed := _listed(path, known.values())):
        return listed
    columns = _columns(overrides)
    if path.is_file() and (chosen := _by_columns(path, known.values(), *columns)):
        return chosen
    if couples := _coupled(path, known.values()):
        return couples
    if path.is_file() and _ending(path) in ALONE and ALONE[_ending(path)] in known:
        name = ALONE[_ending(path)]
        return Choice(known[name].recipe_for_files, f"{shown(path)} is one {name} file")
    counts = {name: sum(endings[ending] for ending in modality.suffixes) for name, modality in known.items()}
    # Where several read the same files, a built-in goes first: installing a package must not change what files are.
    best = max(counts, key=lambda name: (counts[name], not modalities.is_plugin(name)))
    if not counts[best]:
        readable = "; ".join(f"{name}: {' '.join(modality.suffixes)}" for name, modality in known.items())
        raise _nothing(found, endings, readable)
    rest = Counter({ending: n for ending, n in endings.items() if ending not in known[best].suffixes})
    aside = f" and {counted(rest.total(), 'other file')}, left out: {_counted(rest)}" if rest else ""
    rivals = [name for name, count in counts.items() if count == counts[best] and name != best]
    aside += f"; as well read by {', '.join(rivals)}" if rivals else ""
    aside += "".join(f"; {line}" for line in report_left_out(found))
    if pairs := _pairs(path, known[best], aside):
        return pairs
    if special := _special(found, known[best]):
        return Choice(special.recipe, f"{special.reason}{aside}")
    if half := half_of(path, known[best]):
        if half.empty:
            raise half.error()
        aside += f"; {half.hint()}"
    aside += _two_manners(path, known[best])
    return Choice(
        known[best].recipe_for_files,
        f"{shown(path)} holds, going by endings, {counted(counts[best], f'{best} file')}{aside}",
    )


def _listed(path: Path, known: Iterable[Modality]) -> Choice | None:
    """The recipe for a list of pairs, whose files are of another ending than its own.

    Raises:
        DataError: it holds paths, and is no such list.
    """
    for modality in known:
        if choice := _of_list(path, modality):
            return choice
    for modality in known:
        if able(modality, Halves) and (error := no_list(path, modality.suffixes)):
            raise error
    return None


def _of_list(path: Path, modality: Modality) -> Choice | None:
    """The recipe for the pairs of a list, which is a file or lies in a folder."""
    found = list_at(path, modality.suffixes) if able(modality, Halves) else None
    if found is None or not able(modality, Halves):
        return None
    pairs, lost = len(found.pairs()), len(found.rows) + len(found.blank)
    told = f"{counted(pairs, 'pair')}" if pairs == lost else f"{pairs:,} pairs in {counted(lost, 'row')}"
    return Choice(modality.recipe_for_pairs, f"{shown(found.path)} lists {told}, {found.source} as input")


def _coupled(path: Path, known: Iterable[Modality]) -> Choice | None:
    """The recipe for inputs and targets that stand side by side in files of many items."""
    for modality in known:
        if able(modality, Couples) and (found := modality.sees_couples(path)):
            why = f"{shown(path)} holds pairs: {found} (no pairs: --recipe {modality.recipe_for_files})"
            return Choice(modality.recipe_for_couples, why)
    return None


def _columns(overrides: Iterable[str]) -> tuple[str, str]:
    """The columns of inputs and of targets that are named, "" where none is."""
    named = {key.strip(): value.strip().strip("\"'") for key, _, value in (one.partition("=") for one in overrides)}
    return named.get("input.column", ""), named.get("data.column", "")


def _by_columns(path: Path, known: Iterable[Modality], given: str, wanted: str) -> Choice | None:
    """The recipe for columns that a person names: pairs where there is one of inputs, else the one column alone."""
    for modality in known:
        if not able(modality, Couples) or not _is_of(path, modality):
            continue
        if given:
            sides = f"{shown(given)} as input" + (f" and {shown(wanted)} as target" if wanted else "")
            return Choice(modality.recipe_for_couples, f"{shown(path)}: columns are named, {sides}")
        if wanted and (found := modality.sees_couples(path)):
            why = f"{shown(path)}: column {shown(wanted)} alone, nothing else is read"
            pairs = f"as pairs, {found}: --recipe {modality.recipe_for_couples} without data.column"
            return Choice(modality.recipe_for_files, f"{why} ({pairs})")
    return None


def _is_of(path: Path, modality: Modality) -> bool:
    ending = _ending(path)
    return ending in modality.suffixes or ALONE.get(ending) == modality.name


def half_of(path: Path, modality: Modality) -> OneSided | None:
    """One side of pairs without the other; or one of two sets, where the modality knows no pairs."""
    half = one_sided(path, modality.suffixes)
    known = half is not None and (able(modality, Halves) or (able(modality, Sets) and half.trained))
    return half if known else None


def _two_manners(path: Path, modality: Modality) -> str:
    """What is said of two files that may be two sets without pairs."""
    if not able(modality, Unites) or not (two := modality.sees_sets(path)):
        return ""
    return f": {two}; two manners without pairs: --recipe {modality.recipe_for_sets}" if able(modality, Sets) else ""


def _pairs(path: Path, modality: Modality, aside: str) -> Choice | None:
    """The recipe for inputs and targets, pairs or two sets, and what was found, `aside` too; None where there are none.

    Raises:
        DataError: one of two sides is empty, or a list of pairs cannot be read as one.
    """
    if able(modality, Sets) and (sets := are_sets(path, modality.suffixes)):
        return Choice(modality.recipe_for_sets, f"{shown(path)} holds {sets.told_apart()}{aside}")
    if not able(modality, Halves):
        return None
    if sides := sides_of(path, modality.suffixes):
        no_pairs = f" (no pairs: --recipe {modality.recipe_for_sets})" if able(modality, Sets) and sides.trained else ""
        more = list_at(path, modality.suffixes)
        beside = f"; {shown(more.path)} beside them is not read: name it to train on its pairs" if more else ""
        return Choice(modality.recipe_for_pairs, f"{shown(path)} holds {sides.told()}{no_pairs}{beside}{aside}")
    if listed := _of_list(path, modality):
        return listed
    if odd := _odd_list(path, modality):
        raise odd
    if modality.halves(path) is None:
        return None
    why = f"each file of {shown(path)} is twice as wide as high: pairs, the left half as input unless swapped"
    return Choice(modality.recipe_for_pairs, f"{why} (no pairs: --recipe {modality.recipe_for_files}){aside}")


def _odd_list(path: Path, modality: Modality) -> DataError | None:
    """What is wrong with a file of a folder that is called `pairs` and lists none."""
    lists = [file for place in (path, path / TRAINED) for ending in ENDINGS for file in place.glob(f"[Pp]airs{ending}")]
    errors = (no_list(file, modality.suffixes) for file in lists)
    return next((error for error in errors if error is not None), None)


def _special(found: Walk, modality: Modality) -> Choice | None:
    """The recipe for files of a special layout, by a look into them."""
    if not able(modality, Suits):
        return None
    files = [file for file in found.files if found.root == file or _ending(file) in modality.suffixes]
    if (suited := modality.suited(files)) is None:
        return None
    recipe, why = suited
    no = f" (no {why.partition(':')[0]}: --recipe {modality.recipe_for_files})"
    return Choice(recipe, f"{shown(found.root)} holds {why}{no}")


def asked(path: Path, recipe: str, overrides: Sequence[str] = ()) -> Choice:
    """The recipe that a person asks for, whatever the endings say.

    Raises:
        DataError: the path cannot stand in a recipe.
    """
    try:
        return Choice(recipe, sniff(path, overrides).reason)
    except DataError:  # its loader says better what it misses
        _check_name(path)
        return Choice(recipe, f"{shown(path)} is no data whose kind is known")


def _check_name(path: Path) -> None:
    try:
        str(path.resolve()).encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataError(
            f"the name {shown(path.resolve())} has bytes that are no UTF-8, which a recipe cannot hold",
            "a name in UTF-8; names of files in the folder may be anything",
            "rename it",
        ) from error


def _nothing(found: Walk, endings: Counter[str], readable: str) -> DataError:
    """Why there is nothing to train on, and what to do about it."""
    path, reasons = found.root, [left.why for left in found.left_out if left.path == found.root]
    if reasons:
        return DataError(f"{shown(path)} is no data: {reasons[0]}", "a folder or a file of data", "check the path")
    what = "; ".join([_counted(endings) or "no files", *report_left_out(found)])
    if endings[""] and not path.is_dir():
        return DataError(f"{shown(path)} has no ending that says what it is", readable, "give it one of these endings")
    return DataError(f"{shown(path)} holds nothing to train on ({what})", readable, "check the path")


def _counted(endings: Counter[str]) -> str:
    return ", ".join(f"{count} {shown(ending) or 'no ending'}" for ending, count in endings.most_common(5))


def _trains(name: str, modality: Modality) -> bool:
    """Points read CSV files too, but are a test bench; some modalities train on nothing that lies in files."""
    return name != "points" and bool(modality.recipe_for_files) and "train" not in modality.unsupported


def _ending(file: Path) -> str:
    """The suffix in lower case; `.gz` counts with the one before it, and idx files by their name."""
    name = file.name.lower()
    if name.removesuffix(".gz").endswith(("-ubyte", ".idx")):
        return ".idx"
    return "".join(Path(name).suffixes[-2:]) if name.endswith(".gz") else Path(name).suffix
