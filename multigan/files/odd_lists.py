"""Files that were meant for lists of pairs and are none: what is wrong with them, with the line, and what to type."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from multigan.core.errors import DataError
from multigan.files.findings import listed, shown
from multigan.files.manifest import ENDINGS, FIELD, MORE_INPUTS, MORE_TARGETS, read_manifest

__all__ = ["no_list"]

WANTED = "a header with a column for inputs (input, source, A, ...) and one for targets (target, output, B, ...)"
SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
OTHERS = {"inp": "input", "in": "input", "src": "input", "from": "input", "degraded": "input", "mask": "input"}
OTHERS |= {"out": "target", "tgt": "target", "dst": "target", "to": "target", "result": "target", "image": "target"}
"""Words in names of columns that say which side they are."""


def no_list(path: Path, suffixes: Sequence[str]) -> DataError | None:
    """Why a file that holds paths of such files is no list of pairs; None where it is one, or something else.

    Args:
        path: of the file.
        suffixes: endings of what could be paired, lower case with the dot.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS or not path.is_file() or read_manifest(path, suffixes) is not None:
        return None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        if not any(line.strip() for line in lines):
            return DataError(f"{shown(path)} is empty", f"texts, or, of pairs, {WANTED}", "write it again")
        return _objects(path, lines, suffixes) if ending == ".jsonl" else _table(path, lines, suffixes)
    except (OSError, ValueError, csv.Error, RecursionError):
        return None  # whoever reads it as texts says better what is wrong


def _table(path: Path, lines: Sequence[str], suffixes: Sequence[str]) -> DataError | None:
    """Of a CSV or TSV file."""
    own = FIELD[path.suffix.lower()]
    header, *rows = [row for row in csv.reader(lines, delimiter=own) if row]
    if not rows:
        sides = {_side(name) for name in header}
        given = f"{shown(path)} has a header and no row"
        return DataError(given, "a row for each pair", "write paths relative to it") if len(sides - {""}) == 2 else None
    if _paths(dict(enumerate(header)), suffixes):
        fix = f"put the line input{own if own == ',' else '<TAB>'}target above"
        return DataError(f"{shown(path)}:1: paths where the header should be", WANTED, fix)
    for other, called in SEPARATORS.items():
        split, first = lines[0].split(other), next(csv.reader(lines[1:], delimiter=other))
        if (
            other != own
            and len(header) == 1
            and len(split) > 1
            and _paths(dict(zip(split, first, strict=False)), suffixes)
        ):
            given = f"{shown(path)}: columns with {called} between them"
            return DataError(
                given, f"{SEPARATORS[own]}, as its ending says", "save it again, or rename it .tsv or .csv"
            )
    return _columns(path, dict(zip(header, rows[0], strict=False)), suffixes)


def _objects(path: Path, lines: Sequence[str], suffixes: Sequence[str]) -> DataError | None:
    """Of a JSONL file."""
    found, bad = list[Mapping[str, object]](), list[int]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            found.append(row)
        else:
            bad.append(number)
    if not found or not _paths(found[0], suffixes):
        return None
    if bad:
        places = ", ".join(listed([f"{shown(path)}:{number}" for number in bad], len(bad)))
        example = '{"input": "a/1.png", "target": "b/1.png"}'
        return DataError(f"{places}: no JSON object", f"one in every line, such as {example}", "mend or remove it")
    return _columns(path, found[0], suffixes)


def _columns(path: Path, first: Mapping[str, object], suffixes: Sequence[str]) -> DataError | None:
    """Of columns that hold paths under names that are not known, or several of one side."""
    paths = _paths(first, suffixes)
    if not paths:
        return None
    others = [name for name in first if name not in paths]
    renamed = [f"{shown(name)} to {side}" for name in paths if (side := _side(name)) and name.lower() != side]
    fix = f"did you mean to rename {' and '.join(renamed)}?" if renamed else "name them input and target"
    sides = [_side(name) for name in paths]
    if sorted(filter(None, sides)) != ["input", "target"]:
        fix = "name one of them input and one target"
    aside = f" (and {', '.join(map(shown, others))})" if others else ""
    return DataError(f"{shown(path)} lists paths as {', '.join(map(shown, paths))}{aside}", WANTED, fix)


def _paths(first: Mapping[Any, object], suffixes: Sequence[str]) -> list[str]:
    """The columns of paths, where a first row holds at least two and no sentence beside them."""
    values = {str(name): str(value).strip() for name, value in first.items() if name is not None}
    paths = [name for name, value in values.items() if value.lower().endswith(tuple(suffixes))]
    rest = [value for name, value in values.items() if name not in paths]
    return paths if len(paths) > 1 and not any(" " in value for value in rest) else []


def _side(name: str) -> str:
    """`"input"` or `"target"`, where the name of a column, or a word in it, says that; else `""`."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in name.lower()).split() if word]
    for word in words:
        if word in MORE_INPUTS or OTHERS.get(word) == "input":
            return "input"
        if word in MORE_TARGETS or OTHERS.get(word) == "target":
            return "target"
    return ""
