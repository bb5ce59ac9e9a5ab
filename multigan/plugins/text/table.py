"""One column of a CSV or TSV file: which character separates, whether there is a header, and which rows fit it."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.plugins.text.columns import no_column
from multigan.plugins.text.decode import LINE_CHARACTERS, lines_in, opened
from multigan.plugins.text.remarks import Remarks
from multigan.plugins.text.swallowed import MANY_LINES, Columns, alike_lines, parted

__all__ = ["Head", "head_of", "header_of", "is_place", "read_table"]

SEPARATORS = (",", ";", "\t", "|")
NONE = "\x1f"
"""Separates nothing: no text holds it. For files of one column, whose commas are part of the texts."""
NUMBERED = ":"
"""Before the number of a column in a file without a header: a first row that holds that number as a text names none."""
HEAD_LINES = 500
MOST_COLUMNS = 10**9
DIGITS = 9
"""Of the number of a column at most: Python refuses to read some thousands."""
FEW = 0.05
"""Of the rows may have too many fields and be left out; with more, the file is not what its header says."""
LEAVE = "; for pairs without these rows, type --set input.column=1 --set data.column=2"
LONE = 20
"""Texts of one line in a file of one column from which on a few of several lines are out of the ordinary."""
HEADERS = {
    *("text", "texts", "line", "lines", "sentence", "sentences", "content", "body", "message", "caption", "captions"),
    *("name", "names", "title", "titles", "word", "words", "poem", "poems", "quote", "quotes", "lyrics", "review"),
    *("comment", "comments", "tweet", "prompt", "description", "document", "input", "output", "question", "answer"),
    *("surname", "surnames", "haiku", "story", "stories", "joke", "jokes", "song", "songs", "label", "verse", "verses"),
}
"""First rows of a file of one column that are its name and no text."""


class Head(NamedTuple):
    """How a table begins.

    Attributes:
        rows: the first ones, at most 500.
        separator: of their fields.
        spaced: whether mostly a space follows it, as commas of prose have one.
    """

    rows: tuple[tuple[str, ...], ...]
    separator: str
    spaced: bool


class _Form(NamedTuple):
    separator: str
    quoted: bool
    spaced: bool = False
    usual: int = 0
    """Fields of most of the first rows; 0 = not looked at."""
    ragged: bool = False
    """Whether rows with more fields are left out, however many they are."""


class _Column(NamedTuple):
    place: int
    width: int
    header: bool
    names: tuple[str, ...] = ()
    """Of a header, as it stands in the file."""


def read_table(file: Path, wanted: str, remarks: Remarks, *, ragged: bool = False) -> list[tuple[int, str]]:
    """The texts of one column with the lines where their rows begin; rows that do not fit the header are left out.

    Args:
        file: the separator is the one that suits most rows, of comma, semicolon, tab and bar.
        wanted: name of the column (`NAME:2` for the second of that name), or its number from 1 in a file without a
            header (`:1` says that there is none); empty = `text`, or the only one.
        remarks: what was left out, and how the file was read.
        ragged: a person has numbered the columns: rows that have others are left out, however many they are.

    Raises:
        DataError: no such column, quotes that do not match, or more than 5 % of the rows have too many fields.
    """
    with opened(file, "") as stream:
        lines = lines_in(file, stream)
        head = list(islice(lines, HEAD_LINES))
        whole = next(lines, None) is None
    asked = ragged or (is_place(by := wanted.removeprefix(NUMBERED), MOST_COLUMNS) and int(by) > 1)
    separator = _separator(head, whole, _is_tsv(file), asked=asked)
    usual = _usual(_widths(head, separator, whole))
    if separator not in (",", NONE, "\t" if _is_tsv(file) else ","):
        remarks.add("separator", file, note=f"'{separator}'")
    mine = Remarks(remarks.root)
    try:
        with _long_fields():
            found = _read(file, _Form(separator, True, _is_spaced(head, separator), usual, ragged), wanted, mine)
    except _QuotesError as error:
        # Files with tabs, and files of one column, often have no quotes that mean anything.
        if separator not in ("\t", NONE) or error.spanned:
            raise DataError(
                f"{file}:{error.number} has quotes that do not match ({error.reason})",
                "quotes around whole fields, doubled inside of them",
                "correct that row, or save the file again from the program that wrote it",
            ) from error
        mine = Remarks(remarks.root)
        mine.add("bare-quotes", file, error.number)
        with _long_fields():
            found = _read(file, _Form(separator, False, usual=usual, ragged=ragged), wanted, mine)
    remarks.merge(mine)
    return found


class _QuotesError(ValueError):
    def __init__(self, number: int, reason: str, spanned: bool) -> None:
        super().__init__(reason)
        self.number, self.reason, self.spanned = number, reason, spanned


@contextmanager
def _long_fields() -> Iterator[None]:
    """The module csv takes fields of 131,072 characters, and knows this as a setting of the whole process only."""
    before = csv.field_size_limit(LINE_CHARACTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _separator(head: Sequence[str], whole: bool, tabs: bool, *, asked: bool = False) -> str:
    """The character that stands in the first row, and cuts the most other rows into as many fields as that one.

    Tabs of a `.tsv` need only cut most rows at all: a first row with a field more than the others makes it no prose.
    Nor is it where a person has `asked` for columns by number; there a first row with a field less counts as most do.
    """
    if head and head[0].lower().startswith("sep=") and len(head[0].rstrip("\r\n")) == 5:
        return head[0][4]  # spreadsheets write and read this line
    scores = {}
    for separator in SEPARATORS:
        widths = _widths(head, separator, whole)
        favourite = tabs and separator == "\t"
        first = _usual(widths) if asked and widths[:1] == [1] else widths[0] if widths else 0
        least = 2 if favourite or asked else first
        if first < 2 or sum(width >= least for width in widths) < len(widths) / 2:
            continue
        scores[separator] = (favourite, sum(width == first for width in widths), first)
    return max(scores, key=lambda separator: scores[separator]) if scores else NONE


def _usual(widths: Sequence[int]) -> int:
    """Fields of most rows, the more of two that are as frequent; 0 of no rows."""
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width], width)) if counts else 0


def _widths(head: Sequence[str], separator: str, whole: bool) -> list[int]:
    """Fields of every row in the first lines; the last row may go on after them."""
    widths: list[int] = []
    try:
        widths.extend(len(row) for row in csv.reader(head, delimiter=separator, skipinitialspace=True) if row)
    except csv.Error:
        return widths
    return widths if whole else widths[:-1]


def _rows(file: Path, form: _Form) -> Iterator[tuple[int, list[str]]]:
    """Rows with the lines where they begin."""
    with opened(file, "") as stream:
        lines = lines_in(file, stream)
        first = next(lines, "")
        named = first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == 5
        reader = csv.reader(
            lines if named else chain([first] if first else [], lines),
            delimiter=form.separator,
            skipinitialspace=True,
            strict=True,
            quoting=csv.QUOTE_MINIMAL if form.quoted else csv.QUOTE_NONE,
        )
        number, spanned = 1 + named, False
        try:
            for row in reader:
                end = reader.line_num + named
                yield number, row
                spanned = spanned or end > number
                number = end + 1
        except csv.Error as error:
            raise _QuotesError(number, str(error), spanned) from error


def _is_spaced(head: Sequence[str], separator: str) -> bool:
    text = "".join(head)
    return 2 * text.count(f"{separator} ") > text.count(separator)


def _read(file: Path, form: _Form, wanted: str, remarks: Remarks) -> list[tuple[int, str]]:
    rows = _rows(file, form)
    number, first = next(((number, row) for number, row in rows if row), (1, []))
    if not first:
        return []
    column = _column(file, first, wanted, form.usual)._replace(names=_stripped(first))
    if not column.header:
        remarks.add("no-header", file)
    elif column.width == 1 and not wanted:
        remarks.add("header", file, number, note=first[0].strip())
    return _Taken(file, column, form, remarks).all(rows if column.header else chain([(number, first)], rows))


class _Taken:
    """The texts of rows, without those that do not fit, which are counted.

    Args:
        file: where the rows are from.
        column: where the texts are.
        form: of the file.
        remarks: what is to be said.
    """

    def __init__(self, file: Path, column: _Column, form: _Form, remarks: Remarks) -> None:
        self.file, self.column, self.separator, self.remarks = file, column, form.separator, remarks
        self.ragged = form.ragged
        self.columns = Columns(column.place, column.width, spaced=form.spaced)
        self.surplus: list[int] = []
        self.doubtful: list[int] = []
        self.names = column.names if column.header else None

    def all(self, rows: Iterable[tuple[int, list[str]]]) -> list[tuple[int, str]]:
        """The texts with the lines where their rows begin; refused where too many rows do not fit."""
        texts: list[tuple[int, str]] = []
        suspects: list[tuple[int, int, list[str]]] = []
        for at, row in rows:
            several = any("\n" in field or "\r" in field for field in row)
            if several and self._is_suspect(row):
                suspects.append((len(texts), at, row))
            else:
                texts += self._one(at, row)
            if not several:
                self.columns.add(row)
        found, done = [], 0
        for place, at, row in suspects:  # now that it is known what the columns hold
            found += [*texts[done:place], *self._suspect(at, row)]
            done = place
        found += texts[done:]
        self._say(found)
        return found

    def _one(self, at: int, row: Sequence[str]) -> list[tuple[int, str]]:
        fields = _without_empty_surplus(row, self.column.width)
        if self.names is not None and len(row) == len(self.names) and _stripped(row) == self.names:
            self.remarks.add("repeated-header", self.file, at)
        elif len(fields) > self.column.width:
            self.surplus.append(at)
        elif row and len(fields) <= self.column.place:
            self.remarks.add("null-texts", self.file, at)
        else:
            return [(at, fields[self.column.place] if row else "")]
        return []

    def _is_suspect(self, row: Sequence[str]) -> bool:
        return parted(row, self.separator, self.column.width) is not None or any(self._alike(row))

    def _alike(self, row: Sequence[str]) -> list[list[str]]:
        return [cut for field in row for cut in alike_lines(field, self.separator, self.column.width)]

    def _suspect(self, at: int, row: Sequence[str]) -> list[tuple[int, str]]:
        """Rows that a quote has swallowed are rows; what may be a text stays one."""
        parts = parted(row, self.separator, self.column.width, at)
        sure = self.columns.hold(parts.rows if parts else self._alike(row))
        if sure is False:
            return self._one(at, row)
        if parts and (sure or len(parts.rows) > MANY_LINES):
            self.remarks.add("quotes-as-text", self.file, at, note=f"{len(parts.rows):,} rows")
            return [found for line, one in zip(parts.lines, parts.rows, strict=True) for found in self._one(line, one)]
        if not parts:
            self.remarks.add("swallowed-rows", self.file, at)
            return []
        self.doubtful.append(at)
        return self._one(at, row)

    def _say(self, found: Sequence[tuple[int, str]]) -> None:
        self.surplus.sort()
        if not self.ragged:
            _refuse_many(self.file, self.surplus, len(found), self.column, self.separator)
        for at in self.surplus:
            self.remarks.add("surplus-fields", self.file, at)
        if self.column.width == 1:
            self.doubtful = [at for at, text in found if "\n" in text.strip() or "\r" in text.strip()]
        if len(self.doubtful) <= FEW * len(found) and len(found) > LONE * (self.column.width == 1):
            for at in self.doubtful:  # where there are many, the texts of this file are like that
                self.remarks.add("perhaps-swallowed", self.file, at)


def _column(file: Path, first: Sequence[str], wanted: str, usual: int = 0) -> _Column:
    """Where the texts are; a first row that is no header is a row of texts, and as wide as most may be (`usual`)."""
    names = [name.strip() for name in first]
    while len(names) > 1 and not names[-1]:
        names.pop()
    width = len(names)
    alone = names[0] if width == 1 else ""
    name = wanted or ("text" if "text" in names else "")
    by_number = wanted.removeprefix(NUMBERED)
    most = usual or width
    if by_number != wanted and is_place(by_number, most):
        return _Column(int(by_number) - 1, most, False)
    if name in names:
        return _Column(_only(file, names, name), width, True)
    of_several, _, which = wanted.rpartition(":")
    if of_several in names and which in map(str, range(1, names.count(of_several) + 1)):
        return _Column([k for k, one in enumerate(names) if one == of_several][int(which) - 1], width, True)
    if alone and not wanted:
        return _Column(0, 1, alone.lower() in HEADERS or alone.lower() == file.name.lower().split(".")[0])
    if is_place(wanted, most):
        return _Column(int(wanted) - 1, most, False)
    raise no_column(file, wanted, names, numbered=most)


def is_place(wanted: str, most: int) -> bool:
    """Whether it is the number of one of so many columns, from 1."""
    return wanted.isascii() and wanted.isdigit() and len(wanted) <= DIGITS and 1 <= int(wanted) <= most


def _stripped(row: Sequence[str]) -> tuple[str, ...]:
    """The fields of a row without white space, and without the mark that a file begins with, which one behind keeps."""
    return tuple(field.strip().lstrip("\ufeff") for field in row)


def _only(file: Path, names: Sequence[str], name: str) -> int:
    """The place of the one column of that name."""
    places = [place for place, one in enumerate(names) if one == name]
    if len(places) == 1:
        return places[0]
    raise DataError(
        f"{file} has {len(places)} columns '{name}' (number {', '.join(str(place + 1) for place in places)})",
        "one column with the texts",
        " or ".join(f"--set data.column={name}:{k + 1}" for k in range(len(places))),
    )


def _without_empty_surplus(row: Sequence[str], width: int) -> list[str]:
    """Separators at the end of a row begin fields that hold nothing."""
    fields = list(row)
    while len(fields) > width and not fields[-1].strip():
        fields.pop()
    return fields


def _refuse_many(file: Path, surplus: Sequence[int], others: int, column: _Column, separator: str) -> None:
    width = column.width
    if len(surplus) <= FEW * (len(surplus) + others):
        return
    tabs = separator == "\t"
    sign = "tabs" if tabs else f"'{separator}'"
    other = "replace these by spaces" if tabs else "save them with tabs between columns (.tsv)"
    raise DataError(
        f"{file}:{surplus[0]}: {len(surplus):,} of {counted(len(surplus) + others, 'row')} "
        f"have more than {counted(width, 'field')}",
        f"rows of {counted(width, 'field')}, as {'the first row has' if column.header else 'most have'}",
        f"put texts that hold {sign} in double quotes, or {other}{LEAVE if width == 2 else ''}",
    )


def head_of(file: Path) -> Head:
    """The first rows of a table, without white space around fields, and without rows of none."""
    with opened(file, "") as stream:
        lines = lines_in(file, stream)
        head = list(islice(lines, HEAD_LINES))
        separator = _separator(head, next(lines, None) is None, _is_tsv(file))
    quoted = any('"' in line for line in head)
    try:
        rows = _first_rows(file, _Form(separator, quoted))
    except _QuotesError:
        rows = _first_rows(file, _Form(separator, False))
    return Head(rows, separator, _is_spaced(head, separator))


def header_of(file: Path) -> tuple[str, ...]:
    """The fields of a table's first row, without white space; none of an empty file."""
    rows = head_of(file).rows
    return rows[0] if rows else ()


def _first_rows(file: Path, form: _Form) -> tuple[tuple[str, ...], ...]:
    return tuple(islice((_stripped(row) for _, row in _rows(file, form) if row), HEAD_LINES))


def _is_tsv(file: Path) -> bool:
    return file.name.lower().removesuffix(".gz").endswith(".tsv")
