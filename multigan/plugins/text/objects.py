"""Texts of JSONL files, an object or a string a line, and of a JSON array; what is no text is left out and counted."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from multigan.core.errors import DataError
from multigan.plugins.text.columns import no_column
from multigan.plugins.text.decode import FILE_BYTES, MOST_LINES, lines_in, opened
from multigan.plugins.text.remarks import Remarks
from multigan.provenance.synthetic import is_ours

__all__ = ["read_array", "read_objects"]

ARRAY_BYTES = FILE_BYTES // 4
"""A JSON array has to be in memory as a whole, several times its size."""
_KINDS = {list: "lists", dict: "objects", bool: "truth-values", float: "numbers", type(None): "null-texts"}
_ABSENT = object()


def read_objects(file: Path, wanted: str, remarks: Remarks, own: set[int] | None = None) -> Iterator[tuple[int, str]]:
    """The texts of a JSONL file with their lines.

    Args:
        file: an object or a string a line.
        wanted: key of the text, `outer.inner` where objects stand in objects; empty = `text`, or the only one.
        remarks: what was left out.
        own: gathers the lines whose objects say that MultiGAN made them.

    Raises:
        DataError: a line is no JSON, or no object has the key.
    """
    return _texts(file, _marked(_parsed(file), own), wanted, remarks)


def read_array(file: Path, wanted: str, remarks: Remarks, own: set[int] | None = None) -> Iterator[tuple[int, str]]:
    """The same of a JSON file that is one array of objects or strings, numbered from 1, or has one a line.

    Raises:
        DataError: it is neither.
    """
    with opened(file) as stream:
        text = stream.read(ARRAY_BYTES + 1)
    if len(text) > ARRAY_BYTES:
        what = f"{file} is an array of more than {ARRAY_BYTES / 2**20:g} million characters"
        raise DataError(what, "one object a line (.jsonl)", f"jq -c '.[]' {file.name} > {file.stem}.jsonl")
    if sum(map(text.count, "[{,")) > 2 * MOST_LINES:
        what = f"{file} has more than {2 * MOST_LINES:,} brackets and commas: they do not fit in memory"
        raise DataError(what, "one object a line (.jsonl)", f"jq -c '.[]' {file.name} > {file.stem}.jsonl")
    if not text.lstrip().startswith("["):
        return read_objects(file, wanted, remarks, own)
    return _texts(file, _marked(enumerate(_loads(file, 0, text), 1), own), wanted, remarks)


def _parsed(file: Path) -> Iterator[tuple[int, Any]]:
    with opened(file) as stream:
        for number, line in enumerate(lines_in(file, stream), 1):
            yield number, _loads(file, number, line) if line.strip() else ""


def _marked(rows: Iterable[tuple[int, Any]], own: set[int] | None) -> Iterator[tuple[int, Any]]:
    """The rows; the numbers of those that carry MultiGAN's label go into `own`."""
    for number, row in rows:
        if own is not None and isinstance(row, dict) and is_ours(row.get("provenance")):
            own.add(number)
        yield number, row


def _loads(file: Path, number: int, text: str) -> Any:
    place = f"{file}:{number}" if number else str(file)
    try:
        # That a value is a number is all that matters: Python refuses to read those of more than 4,300 digits.
        return json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number)
    except json.JSONDecodeError as error:
        raise DataError(f"{place} is no JSON: {error}", "one object a line", "correct that line") from error
    except RecursionError as error:
        raise DataError(f"{place} is nested too deeply", "one object a line", "remove that line") from error


def _number(digits: str) -> float:
    return 0.0


def _texts(file: Path, rows: Iterable[tuple[int, Any]], wanted: str, remarks: Remarks) -> Iterator[tuple[int, str]]:
    keys: tuple[str, ...] = ()
    name, objects, met = wanted, 0, 0
    for number, row in rows:
        value = row
        if isinstance(row, dict):
            keys, objects = keys or tuple(row), objects + 1
            name = "text" if "text" in row and not wanted else name or _name(file, keys)
            value = _value(row, name)
            met += value is not _ABSENT
        if isinstance(value, str):
            yield number, value
        else:
            remarks.add(_KINDS.get(type(value), "null-texts"), file, number)
    if objects and not met:
        raise no_column(file, name, keys)


def _name(file: Path, keys: Sequence[str]) -> str:
    if "text" not in keys and len(keys) != 1:
        raise no_column(file, "text", keys)
    return "text" if "text" in keys else keys[0]


def _value(row: dict[str, Any], name: str) -> Any:
    """What a key leads to; `outer.inner` leads into an object, where there is no such key itself."""
    if name in row:
        return row[name]
    outer, dot, inner = name.partition(".")
    within = row.get(outer) if dot else None
    return _value(within, inner) if isinstance(within, dict) else _ABSENT
