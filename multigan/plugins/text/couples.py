"""Pairs of texts as they lie in files: two files of lines, a folder of such, or two columns of one file."""

from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError, did_you_mean
from multigan.core.plain import one_line
from multigan.files.findings import shown
from multigan.files.listing import absent, beside
from multigan.plugins.text.columns import SIDES, below_one, named, no_column, of_side
from multigan.plugins.text.decode import checked
from multigan.plugins.text.headed import may_be_header
from multigan.plugins.text.layouts import OBJECTS, TABLES, Found, look, names_in
from multigan.plugins.text.read import TextFile, read_files
from multigan.plugins.text.remarks import report_lines
from multigan.plugins.text.table import NUMBERED, header_of, is_place

__all__ = ["Pairs", "read_pairs"]

UNSAID = ("empty-lines", "no-header")
"""Of one side alone; pairs say it of both."""


class Pairs(NamedTuple):
    """Texts of both sides, none of them empty.

    Attributes:
        source: inputs.
        target: targets, one for each.
        report: what was read and left out.
        files: the one or two files.
        root: file or folder that both lie in.
        numbers: of each pair, the line where it begins, from 1, a header counted; empty where no file is read.
    """

    source: list[str]
    target: list[str]
    report: tuple[str, ...]
    files: tuple[Path, ...]
    root: Path
    numbers: tuple[int, ...] = ()


def read_pairs(target: str, source: str | None, columns: tuple[str, str], *, swap: bool = False) -> Pairs:
    """Read both sides and join them: lines of two files by their number, columns by their row.

    Args:
        target: the file of targets, or a file or folder that holds both sides.
        source: the file of inputs; None = `target` holds both.
        columns: of inputs and of targets, where a person named them; "" = as found.
        swap: the other way round, where `target` holds both.

    Raises:
        DataError: there are no pairs; one file has more lines than the other; nothing is left.
    """
    for key, column in zip(SIDES, columns, strict=True):
        if (error := below_one(key, column)) is not None:
            raise error
    asked = source is None and all(one.isascii() and one.isdigit() for one in columns)
    found = _sides(Path(target).expanduser(), source, columns)
    found = found.swapped() if swap and source is None else found
    sides, said = [], list[str]()
    for key, file, column in zip(SIDES, found[:2], found.columns, strict=True):
        one, lines = _read(file, column, key, ragged=asked)
        sides.append(one)
        said += [line for line in lines if line not in said]
    if found.source != found.target:
        _same_length(found, *sides)
    given, wanted = (dict(zip(one.numbers, one.texts, strict=True)) for one in sides)
    numbers = [number for number, text in given.items() if text and wanted.get(number)]
    rows = len({number for texts in (given, wanted) for number, text in texts.items() if text})
    if not numbers:
        raise DataError(f"{shown(Path(target))} holds no pair of two texts", "a text on both sides", "check the files")
    root = Path(target).expanduser()
    root = root if source is None else root.parent
    report = [f"{shown(root)}: {found.told()}", *found.of_first(), *said]
    if rows > len(numbers):
        left = f"{counted(rows - len(numbers), 'pair')} without a text on both sides, left out"
        report.append(f"{left}: {len(numbers):,} of {rows:,} are kept")
    files = (found.target,) if found.source == found.target else (found.target, found.source)
    texts = [given[k] for k in numbers], [wanted[k] for k in numbers]
    return Pairs(*texts, tuple(report), files, root, tuple(numbers))


def _sides(place: Path, source: str | None, columns: tuple[str, str]) -> Found:
    places = [place] if source is None else [place, Path(source).expanduser()]
    for one in places:
        if not one.exists():
            near = beside(one)
            raise DataError(absent(one), "a file of texts", did_you_mean(one.name, near) if near else "check the path")
        if one.is_file() and not one.stat().st_size:
            raise DataError(f"{shown(one)} is empty", "texts, one a line, or a table of pairs", "write it again")
    if source is not None:
        return Found(places[1], place, columns)
    if all(columns) and place.is_file():
        given = Found(place, place, columns)
        _refuse_other_columns(given)
        return _by_place(given)
    found = look(place, asked=True)
    if found is None:
        _refuse_one_alone(place, columns)
        raise DataError(
            f"{shown(place)} holds no pairs of texts that are known",
            "a table or JSONL file with two columns, or a folder with two files of lines such as train.en and train.de",
            "name both: --set data.source=TARGETS --set input.source=INPUTS, or data.column and input.column",
        )
    if found.source == found.target:
        _refuse_one_column(found, columns)
    return found


def _by_place(found: Found) -> Found:
    """With columns that a person numbers, where the first row may hold such a number as a text."""
    numbered = all(one.isascii() and one.isdigit() for one in found.columns)
    if not numbered or not found.source.name.lower().endswith(TABLES):
        return found
    names = checked(found.source, header_of)
    if all(one in names for one in found.columns) or not all(is_place(one, len(names)) for one in found.columns):
        return found
    given, wanted = (f"{NUMBERED}{one}" for one in found.columns)
    return found._replace(columns=(given, wanted))


def _refuse_one_alone(place: Path, columns: tuple[str, str]) -> None:
    """One of two columns that a person names, of a file that does not say which the other is.

    Raises:
        DataError: the file has no such column, or what to type for both.
    """
    name = place.name.lower()
    if not any(columns) or not name.endswith((*TABLES, *OBJECTS)):
        return
    key, one = (SIDES[1], columns[1]) if columns[1] else (SIDES[0], columns[0])
    names, numbered = names_in(place), name.endswith(TABLES)
    if one not in names and not (numbered and is_place(one, len(names))):
        raise of_side(no_column(place, one, names, numbered=len(names) if numbered else 0), key)
    both = " ".join(f"--set {side}={one_line(one) if side == key else 'NAME'}" for side in SIDES)
    given = f"{key} = '{one_line(one)}', and no column is named for the other side"
    raise DataError(given, f"both columns, out of {named(names)}", f"type {both}", key=key.split("."), whole=True)


def _refuse_one_column(found: Found, columns: tuple[str, str]) -> None:
    """One of two columns that a person names, and not as they were found.

    Raises:
        DataError: it says what to type for pairs.
    """
    for key, one, known in zip(SIDES, columns, found.columns, strict=True):
        if one and one != known.removeprefix(NUMBERED):
            names = [one_line(name.removeprefix(NUMBERED)) for name in found.columns]
            raise DataError(
                f"{key} = '{one_line(one)}', and no column is named for the other side",
                "both columns",
                f"type --set input.column={names[0]} --set data.column={names[1]}, or these two the other way round",
                key=key.split("."),
                whole=True,
            )


def _refuse_other_columns(found: Found) -> None:
    """Columns that a recipe names by the names of its own set, for a file that has others.

    Raises:
        DataError: the file has none of that name; it says which there are, and both keys.
    """
    if found.source != found.target or not all(found.columns):
        return
    file, objects = found.source, found.source.name.lower().endswith(OBJECTS)
    names = list(names_in(file))
    missing = [k for k, name in enumerate(found.columns) if not name.isdigit() and name not in names]
    if not missing or any("." in name for name in found.columns):
        return
    lacks = f"{'column' if len(missing) == 1 else 'columns'} " + " and ".join(
        f"'{one_line(found.columns[k])}'" for k in missing
    )
    key = SIDES[missing[-1]].split(".")
    numbers = "--set input.column=1 --set data.column=2"
    if not objects and not may_be_header(names):
        raise DataError(
            f"{shown(file)} has no header with the {lacks}: its first row is {named(names)}",
            f"columns by their numbers, 1 to {len(names)}" if len(names) > 1 else "two columns",
            f"type {numbers}" if len(names) > 1 else "put inputs and targets side by side, with a tab between",
            key=key,
            whole=True,
        )
    known = look(file, asked=True)
    by_name = known is not None and not known.columns[0].startswith(NUMBERED)
    given, wanted = known.columns if known is not None and by_name else (*names, "NAME", "NAME")[:2]
    fix = f"type --set input.column={one_line(given)} --set data.column={one_line(wanted)}"
    raise DataError(
        f"{shown(file)} has no {lacks}",
        f"an input and a target out of {named(names)}",
        fix if objects else f"{fix}; or, where the first row is no header, {numbers}",
        key=key,
        whole=True,
    )


def _read(file: Path, column: str, key: str, *, ragged: bool) -> tuple[TextFile, list[str]]:
    try:
        reading = read_files(file, column, to_train=True, ragged=ragged)
    except DataError as error:
        raise of_side(error, key) from error
    if reading.refused:
        raise of_side(reading.refused[0], key)
    if len(reading.files) != 1:
        raise DataError(f"{shown(file)} is a folder", "one file a side", "name a file")
    return reading.files[0], report_lines([one for one in reading.findings() if one.name not in UNSAID])


def _same_length(found: Found, given: TextFile, wanted: TextFile) -> None:
    """Two files of lines have as many: else line i of the one is not that of the other."""
    sizes = [_without_tail(one) for one in (given, wanted)]
    if sizes[0] != sizes[1]:
        names = [f"{shown(one.name)} has {counted(n, 'line')}" for one, n in zip(found[:2], sizes, strict=True)]
        raise DataError(
            " and ".join(names),
            "as many in both: line i of the one belongs to line i of the other",
            "put empty lines where one has no partner, or write both into one file with a tab between",
        )


def _without_tail(one: TextFile) -> int:
    """The number of the last row that is not empty."""
    return max((number for number, text in zip(one.numbers, one.texts, strict=True) if text), default=0)
