"""Bytes of text files to lines: packed or not, in the encodings that can be told for certain, within bounds."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sys import getsizeof
from typing import Any, BinaryIO, TextIO, TypeVar, cast

from multigan.core.errors import DataError

__all__ = ["FILE_BYTES", "LINE_CHARACTERS", "MOST_LINES", "checked", "encoding_of", "lines_in", "opened"]

LINE_CHARACTERS = 2**20
"""Of one line, and of one field of a CSV file."""
FILE_BYTES = 2**29
"""Of one file, unpacked, and of the memory that its lines take: with what a process takes anyhow, below 1 GB."""
MOST_LINES = 4_000_000
"""Of one file, and of all together; more do not fit in the memory of one computer as tokens."""
BESIDE_LINE = 80
"""Bytes of memory for each line beside its text: its number, its row, its place in a list."""
PACKED_RATIO = 200
"""Text is packed to a fifth or a tenth of its size; what unpacks to more than this is a bomb, or no text."""
PACKED_BYTES = 2**24
"""Below this a high ratio is allowed: a few lines may well be repeated often."""
CHUNK_BYTES = 2**16
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks; that of UTF-32 begins with that of UTF-16, so it is looked for first."""

T = TypeVar("T")


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a file, at most half a GiB of them."""

    def __init__(self, file: Path) -> None:
        self.file, self.given = file, 0
        self.raw = file.open("rb")
        self.packed = file.name.lower().endswith(".gz")
        self.source = cast(BinaryIO, gzip.GzipFile(fileobj=self.raw)) if self.packed else self.raw

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there is something."""
        part = self.source.read(len(buffer))
        buffer[: len(part)] = part
        self.given += len(part)
        if self.packed and self.given > max(PACKED_BYTES, PACKED_RATIO * self.raw.tell()):
            what = f"{self.file} unpacks to more than {PACKED_RATIO} times its size: no text"
            raise DataError(what, "packed text", "remove it, or unpack it and look")
        if self.given > FILE_BYTES:
            what = f"{self.file} is longer than {FILE_BYTES / 2**30:g} GiB{', unpacked' if self.packed else ''}"
            raise DataError(what, "a file that fits in memory", _part(self.file))
        return len(part)

    def close(self) -> None:
        """Close the file, too."""
        self.source.close()
        self.raw.close()
        super().close()


def encoding_of(file: Path) -> str:
    """`"utf-8"`, or what a byte order mark at the beginning says."""
    with _Bounded(file) as stream:
        start = stream.read(4) or b""
    return next((name for mark, name in _MARKS.items() if start.startswith(mark)), "utf-8")


@contextmanager
def opened(file: Path, newline: str | None = None) -> Iterator[TextIO]:
    r"""A file as text.

    Args:
        file: packed where it ends in .gz.
        newline: as of `open`: None makes `\n` of every line's end, `""` leaves the ends as they are.
    """
    encoding = encoding_of(file)
    with io.TextIOWrapper(io.BufferedReader(_Bounded(file), CHUNK_BYTES), encoding=encoding, newline=newline) as stream:
        yield stream


def lines_in(file: Path, stream: TextIO) -> Iterator[str]:
    r"""Lines with their ends. They end at `\n`, `\r\n` and `\r`, and nowhere else: not at U+2028 or a form feed.

    Raises:
        DataError: a line of more than a million characters, more than four million lines, or more than half a GiB of
            memory for all.
    """
    number = taken = 0
    while line := stream.readline(LINE_CHARACTERS + 1):
        number += 1
        if len(line) > LINE_CHARACTERS:
            what = f"{file}:{number} is a line of more than {LINE_CHARACTERS:,} characters"
            raise DataError(what, "one text a line", "put one text on each line")
        if number > MOST_LINES:
            what = f"{file} has more than {MOST_LINES:,} lines"
            raise DataError(what, "texts that fit in memory", _part(file))
        taken += getsizeof(line) + BESIDE_LINE
        if taken > FILE_BYTES:
            what = f"{file} takes more than {FILE_BYTES / 2**30:g} GiB of memory, up to line {number:,} alone"
            raise DataError(what, "texts that fit in memory", _part(file))
        yield line


def _part(file: Path) -> str:
    tool = "zcat" if file.name.lower().endswith(".gz") else "cat"
    return f"take a part: {tool} {file.name} | head -n 1000000 > part.txt"


def checked(file: Path, read: Callable[[Path], T]) -> T:
    """What `read` makes of a file; whatever goes wrong is a DataError that begins with the file's name.

    Raises:
        DataError: it is not UTF-8, not whole, too large, or what `read` says of it.
    """
    try:
        return read(file)
    except UnicodeError as error:
        raise checked(file, _undecodable) from error
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{file} cannot be read: {reason}", "a whole file", "fetch it again") from error
    except RecursionError as error:
        raise DataError(f"{file} is nested too deeply", "one text a line", "remove it") from error
    except (ValueError, csv.Error) as error:
        raise DataError(f"{file} cannot be read: {error}", "text", "remove it") from error


def _undecodable(file: Path) -> DataError:
    encoding = encoding_of(file)
    if encoding not in ("utf-8", "utf-8-sig"):
        what = f"{file} is not UTF-8, nor the {encoding.upper()} that its first bytes say"
        return DataError(what, "UTF-8 text", "save it as UTF-8")
    line, byte = _first_strange_byte(file)
    fix = f"save it as UTF-8, from Western Windows: iconv -f WINDOWS-1252 -t UTF-8 {file.name} > utf-8-{file.name}"
    return DataError(f"{file} is not UTF-8 (line {line}, byte {byte})", "UTF-8 text", fix)


def _first_strange_byte(file: Path) -> tuple[int, int]:
    """Line from 1 and byte from 0 where UTF-8 ends."""
    number = offset = 0
    with io.BufferedReader(_Bounded(file), CHUNK_BYTES) as stream:
        while line := stream.readline(4 * LINE_CHARACTERS):
            number += 1
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return number, offset + error.start
            offset += len(line)
    return number, offset
