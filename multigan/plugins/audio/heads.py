"""What the head of a WAV or AIFF file claims, beside what the file holds."""

import struct
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

__all__ = ["Head", "Mended", "lacks_last_page", "read_head"]

MOST_CHUNKS = 1000
LARGEST_PAGE = 65_307
"""Bytes of an Ogg page at most (RFC 3533, section 6)."""
SAMPLES = (b"data", b"SSND")
OPEN_ENDED = (0x7FFF, 0x8000, 0xFFFF)
"""Upper halves of the sizes that programs write which stream into a pipe and cannot know the length."""


class Head(NamedTuple):
    """Where a file's samples are, by its own account.

    Attributes:
        place: of the four bytes that tell their size.
        claimed: bytes of samples, as the head has it; 0 where it leaves that open.
        held: bytes from their beginning to the end of the file.
        order: of bytes, `"<"` or `">"`.
        channels: as the head has it; -1 where it does not tell.
        rate: in Hz; -1 where it does not tell.
        behind: whether bytes that are no chunk follow the samples.
    """

    place: int
    claimed: int
    held: int
    order: str
    channels: int = -1
    rate: int = -1
    behind: bool = False

    @property
    def says_nothing(self) -> bool:
        """The size is 0 and yet bytes follow that are no chunk: a recorder that never came to write it."""
        return self.claimed == 0 and self.behind

    @property
    def size(self) -> bytes:
        """What `held` is in the four bytes that tell it."""
        return struct.pack(self.order + "I", min(self.held, 0xFFFFFFFF))


class Mended:
    """A file whose size of samples is corrected as it is read; nothing is written.

    Args:
        path: of the file.
        place: of the bytes that tell the size.
        size: what to read there.
    """

    def __init__(self, path: Path, place: int, size: bytes) -> None:
        self.file: BufferedReader = path.open("rb")
        self.place, self.size = place, size

    def read(self, count: int = -1) -> bytes:
        """As `io.BufferedReader.read`."""
        first = self.file.tell()
        block = bytearray(self.file.read(count))
        for k, byte in enumerate(self.size, self.place - first):
            if 0 <= k < len(block):
                block[k] = byte
        return bytes(block)

    def seek(self, place: int, whence: int = 0) -> int:
        """As `io.BufferedReader.seek`."""
        return self.file.seek(place, whence)

    def tell(self) -> int:
        """As `io.BufferedReader.tell`."""
        return self.file.tell()

    def close(self) -> None:
        """As `io.BufferedReader.close`."""
        self.file.close()


def read_head(path: Path) -> Head | None:
    """The head of a RIFF, RIFX, RF64 or AIFF file up to its samples; None for others, and where it makes no sense."""
    length = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        if start[:4] not in (b"RIFF", b"RIFX", b"RF64", b"FORM") or len(start) < 12:
            return None
        order = ">" if start[:4] in (b"RIFX", b"FORM") else "<"
        channels, rate, long_size = -1, -1, 0
        for _ in range(MOST_CHUNKS):
            chunk = file.read(8)
            if len(chunk) < 8:
                return None
            name, size = chunk[:4], struct.unpack(order + "I", chunk[4:])[0]
            here = file.tell()
            if name in SAMPLES:
                held = length - here
                claimed = _claimed(size, long_size)
                behind = _is_behind(file, here, size, length)
                return Head(here - 4, claimed, held, order, channels, rate, behind)
            body = file.read(min(size, 16))
            if name == b"fmt " and len(body) >= 8:
                channels, rate = struct.unpack(order + "HI", body[2:8])
            elif name == b"ds64" and len(body) >= 16:
                long_size = struct.unpack("<Q", body[8:16])[0]
            file.seek(here + size + size % 2)
    return None


def lacks_last_page(path: str | bytes | Path) -> bool:
    """Whether the last page of an Ogg file is incomplete, or not marked as the end of its stream (RFC 3533)."""
    with open(path, "rb") as file:
        file.seek(-min(file.seek(0, 2), LARGEST_PAGE), 2)
        tail = file.read()
    last = tail.rfind(b"OggS")
    page = tail[last:] if last >= 0 else b""
    if len(page) < 27 or not page[5] & 4:
        return True
    segments = page[27 : 27 + page[26]]
    return len(page) < 27 + page[26] + sum(segments)


def _claimed(size: int, long_size: int) -> int:
    if size == 0xFFFFFFFF and long_size:
        return long_size
    return 0 if size >> 16 in OPEN_ENDED else size


def _is_behind(file: BufferedReader, here: int, size: int, length: int) -> bool:
    """Whether what follows the samples is at least a chunk's head long and is none."""
    after = here + size + size % 2
    if after + 8 > length:
        return False
    file.seek(after)
    name = file.read(4)
    return not (name.isascii() and name.decode("ascii").isprintable())
