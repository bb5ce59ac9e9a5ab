"""Texts from files: the one way in which training, the doctor, scores and fills read them, and what they say of it."""

import re
import unicodedata
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.files.findings import Finding, shown
from multigan.files.listing import sort_out
from multigan.files.walk import Walk, report_left_out, walk
from multigan.plugins.text.decode import FILE_BYTES, MOST_LINES, checked, encoding_of, lines_in, opened
from multigan.plugins.text.objects import read_array, read_objects
from multigan.plugins.text.poems import poems_of
from multigan.plugins.text.remarks import Remarks, report_lines
from multigan.plugins.text.script import is_unspaced
from multigan.plugins.text.table import read_table
from multigan.plugins.text.vocabulary import LONGEST_WORD
from multigan.provenance.synthetic import is_own_text, is_sidecar, other_lines

__all__ = ["HALF", "RELATIVES", "SUFFIXES", "Line", "Reading", "TextFile", "clean", "read_files", "read_line"]

SUFFIXES = (".txt", ".txt.gz", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz")
RELATIVES = (".json", ".parquet", ".docx", ".doc", ".odt", ".pdf", ".rtf", ".epub", ".html", ".xml", ".srt")
"""Of the same kind of data, and not read."""
ABOUT = {"readme", "license", "licence", "copying", "requirements", "changelog", "contributing", "robots"}
"""Files of these names stand beside data and say something about it."""
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
CONTROL_SHARE = 0.01
FEW_CONTROLS = 8
HALF = re.compile("[\ud800-\udfff]")
OVERLONG = re.compile(rf"\S{{{LONGEST_WORD + 1}}}")


class Line(NamedTuple):
    """One text and where it stands."""

    file: Path
    number: int
    text: str


class TextFile(NamedTuple):
    """The texts of one file, empty ones too.

    Attributes:
        file: which.
        numbers: the line where each begins, from 1; in a JSON array its place.
        texts: cleaned, see `clean`.
        own: numbers of those that MultiGAN made.
    """

    file: Path
    numbers: "array[int]"
    texts: list[str]
    own: Collection[int] = ()

    @property
    def made(self) -> int:
        """How many texts MultiGAN made, empty ones apart."""
        if not self.own:
            return 0
        return sum(bool(text) and number in self.own for number, text in zip(self.numbers, self.texts, strict=True))

    def others(self) -> "TextFile":
        """The file without them."""
        left = [k for k, number in enumerate(self.numbers) if number not in self.own]
        return TextFile(self.file, array("Q", (self.numbers[k] for k in left)), [self.texts[k] for k in left])


class Reading(NamedTuple):
    """What was read, and everything that is to be said of it.

    Attributes:
        found: the walk.
        files: what could be read.
        refused: why each of the others could not.
        others: files whose endings are not read.
        remarks: what was left out and changed.
    """

    found: Walk
    files: list[TextFile]
    refused: list[DataError]
    others: list[Path]
    remarks: Remarks

    def lines(self) -> Iterator[Line]:
        """Every text that is not empty."""
        for one in self.files:
            for number, text in zip(one.numbers, one.texts, strict=True):
                if text:
                    yield Line(one.file, number, text)

    def texts(self) -> list[str]:
        """The same without their places.

        Raises:
            DataError: there are none, or the one file that was given cannot be read.
        """
        root = self.found.root
        if self.refused and (len(self.refused) == 1 and not self.files):
            raise self.refused[0]
        texts = [text for one in self.files for text in one.texts if text]
        if texts:
            return texts
        if not self.files and not self.refused:
            said = "; ".join(report_left_out(self.found))
            raise DataError(
                f"no text in {root}" + (f" ({said})" if said else ""), " ".join(SUFFIXES), "check the folder"
            )
        grave = [one for one in self.remarks.findings() if one.severity != "note"]
        said = "; ".join(one.what for one in grave)
        fix = "; ".join(one.fix for one in grave) or "check the file"
        raise DataError(f"{root} has no line with text" + (f" ({said})" if said else ""), "one text a line", fix)

    def findings(self) -> list[Finding]:
        """What was left out and changed."""
        return self.remarks.findings()

    def report(self) -> list[str]:
        """The same in lines."""
        n = len(self.files)
        lines = [f"{self.found.root}: {counted(n, 'file')}", *report_left_out(self.found)]
        lines += other_lines(self.found.root, self.others, SUFFIXES, RELATIVES, "texts")
        return lines + report_lines(self.findings())


def read_files(
    path: Path,
    column: str | int = "",
    tick: Callable[[int, int], None] | None = None,
    *,
    to_train: bool = False,
    poems: bool = False,
    ragged: bool = False,
) -> Reading:
    """Read a file, or all files of texts in a folder. A file that cannot be read is left out and named.

    Args:
        path: a file, whatever its ending, or a folder.
        column: of CSV and JSONL files; empty = `text`, or the only one.
        tick: called after each file.
        to_train: what MultiGAN itself made is left out, where there are other texts.
        poems: texts are poems of several lines, see `multigan.plugins.text.poems`.
        ragged: rows of tables that have other columns are left out, however many they are; see `read_table`.

    Raises:
        DataError: all files together are too large.
    """
    found = walk(path)
    wanted, others = (list(found.files), []) if path.is_file() else sort_out(found, SUFFIXES)
    reading = Reading(found, [], [], [file for file in others if not is_sidecar(file)], Remarks(path))
    for file in others:
        if file not in reading.others:
            reading.remarks.add("sidecars", file)
    chosen = _without_about(wanted, reading.remarks)
    characters = texts = 0
    for number, file in enumerate(chosen, 1):
        try:
            how = {"poems": poems, "ragged": ragged, "alone": len(chosen) == 1}
            read = _read_file(file, str(column), reading.remarks, **how)
        except DataError as error:
            reading.refused.append(error)
            reason = error.given.removeprefix(str(file)).lstrip(": ")
            reason += f"; expected {error.expected}" if error.expected else ""
            reading.remarks.add("unreadable", file, note=reason, fix=shown(error.fix))
        else:
            reading.files.append(read)
            characters, texts = characters + sum(map(len, read.texts)), texts + len(read.texts)
            _bounded(path, characters, texts)
        if tick is not None:
            tick(number, len(chosen))
    if to_train:
        _without_own(reading)
    return reading


def read_line(given: str) -> str:
    """What a person gives to be filled: the text itself, or the name of a file whose text it is, as one text.

    Raises:
        DataError: the file is not UTF-8, not whole, or too long.
    """

    def read(file: Path) -> str:
        with opened(file) as stream:
            return "".join(lines_in(file, stream))

    try:
        is_file = Path(given).is_file()
    except OSError:  # longer than a name may be
        is_file = False
    return clean(checked(Path(given), read) if is_file else given)


def clean(text: str) -> str:
    r"""A text as it is trained on: line breaks as `\n`, no white space around it, no half characters, NFC."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip()
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", HALF.sub("", text)).strip()


def _read_file(file: Path, column: str, remarks: Remarks, *, poems: bool, ragged: bool, alone: bool) -> TextFile:
    """One file; its remarks are taken over only where it can be read."""
    mine = Remarks(remarks.root)
    numbers, texts, own = array("Q"), [], set[int]()

    def read(file: Path) -> None:
        for number, text in _rows(file, column, mine, own, ragged=ragged):
            numbers.append(number)
            texts.append(_noted(file, number, text, mine))

    checked(file, read)
    _refuse_binary(file, texts)
    if encoding := {"utf-16": "UTF-16", "utf-32": "UTF-32"}.get(encoding_of(file)):
        mine.add("encoding", file, note=encoding)
    if poems:
        numbers, texts = _as_poems(file, numbers, texts, mine, alone=alone)
    elif empty := texts.count(""):
        mine.add("empty-lines", file, note=f"{empty:,}", count=empty)
    remarks.merge(mine)
    return TextFile(file, numbers, texts, range(numbers[-1] + 1) if texts and is_own_text(file) else own)


def _as_poems(
    file: Path, numbers: "array[int]", lines: list[str], remarks: Remarks, *, alone: bool
) -> tuple["array[int]", list[str]]:
    """The places and texts of a file's poems."""
    found = poems_of(file, lines, alone=alone)
    if found.texts:
        remarks.add("poems", file, note=found.how, count=len(found.texts))
    if found.titles:
        remarks.add("titles", file, numbers[found.titles[0]], count=len(found.titles))
    return array("Q", (numbers[k] for k in found.starts)), found.texts


def _rows(file: Path, column: str, remarks: Remarks, own: set[int], *, ragged: bool) -> Iterator[tuple[int, str]]:
    name = file.name.lower().removesuffix(".gz")
    if name.endswith((".csv", ".tsv")):
        yield from read_table(file, column, remarks, ragged=ragged)
    elif name.endswith((".jsonl", ".ndjson")):
        yield from read_objects(file, column, remarks, own)
    elif name.endswith(".json"):
        yield from read_array(file, column, remarks, own)
    else:
        with opened(file) as stream:
            for number, line in enumerate(lines_in(file, stream), 1):
                yield number, line.strip()


def _noted(file: Path, number: int, text: str, remarks: Remarks) -> str:
    """`clean`, with what it changed counted."""
    cleaned = clean(text)
    if "\n" in cleaned:
        remarks.add("several-lines", file, number)
    if len(cleaned) > LONGEST_WORD and (run := OVERLONG.search(cleaned)) and not is_unspaced(run[0]):
        remarks.add("long-words", file, number)
    if cleaned != text and not text.isascii():
        if HALF.search(text):
            remarks.add("half-characters", file, number)
        if not unicodedata.is_normalized("NFC", text):
            remarks.add("normal-form", file, number)
    return cleaned


def _without_own(reading: Reading) -> None:
    """Leave out what MultiGAN itself made, or say that there is nothing else."""
    made = [one.made for one in reading.files]
    kept = not any(sum(map(bool, one.texts)) > count for one, count in zip(reading.files, made, strict=True))
    for one, count in zip(reading.files, made, strict=True):
        if count:
            reading.remarks.add("only-synthetic" if kept else "synthetic", one.file, note=f"{count:,}", count=count)
    if not kept:
        others = [one.others() if count else one for one, count in zip(reading.files, made, strict=True)]
        reading.files[:] = [one for one, count in zip(others, made, strict=True) if any(one.texts) or not count]


def _refuse_binary(file: Path, texts: Sequence[str]) -> None:
    controls = sum(len(CONTROL.findall(text)) for text in texts if not text.isprintable())
    total = sum(map(len, texts))
    if controls > max(FEW_CONTROLS, CONTROL_SHARE * total):
        what = f"{file} is full of control characters ({controls / total:.0%}): no text, whatever the ending says"
        raise DataError(what, "UTF-8 text", "remove it, or save it as UTF-8 text")


def _without_about(files: Sequence[Path], remarks: Remarks) -> list[Path]:
    """Leave out files whose names say that they are about the data, where there are others."""
    about = {file for file in files if file.name.split(".")[0].lower() in ABOUT}
    if len(about) == len(files):
        return list(files)
    for file in files:
        if file in about:
            remarks.add("about-files", file)
    return [file for file in files if file not in about]


def _bounded(path: Path, characters: int, texts: int) -> None:
    if characters > FILE_BYTES or texts > MOST_LINES:
        size = f"{FILE_BYTES:,} characters or {MOST_LINES:,} lines"
        raise DataError(f"{path} holds more than {size}", "texts that fit in memory", "take some of the files")
