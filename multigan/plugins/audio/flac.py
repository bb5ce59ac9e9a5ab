"""Whether a FLAC file goes on after the length in its head: decoders stop there without a word."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["FlacHead", "read_flac"]

MARK = b"fLaC"
INFO = 42
"""Bytes up to the end of STREAMINFO (RFC 9639, sections 7 and 8.2)."""
TOTAL = 21
"""Where the number of samples begins, in the lower half of that byte; it takes four more."""
LEAST_TAIL = 2**16
MOST_TAIL = 2**21


class FlacHead(NamedTuple):
    """What is wrong with the length in a head.

    Attributes:
        claimed: samples, by the head.
        place: of the bytes that tell it.
        open_end: what to read in their place, so that a decoder goes on to the end of the file.
    """

    claimed: int
    place: int
    open_end: bytes


def read_flac(path: Path) -> FlacHead | None:
    """The head of a FLAC file whose last frame ends after the length that it claims; None for all other files."""
    with path.open("rb") as file:
        start = file.read(INFO)
        if len(start) < INFO or start[:4] != MARK:
            return None
        largest_block, largest_frame = struct.unpack(">2xH3x3s", start[8:18])
        claimed = int.from_bytes(start[TOTAL : TOTAL + 5], "big") & (2**36 - 1)
        if not claimed:
            return None
        length = file.seek(0, 2)
        tail = min(max(LEAST_TAIL, 2 * int.from_bytes(largest_frame, "big")), MOST_TAIL, length - INFO)
        file.seek(-tail, 2)
        end = max(_ends(file.read(tail), largest_block), default=0)
    # What only looks like a frame does no harm: decoding tells how long the file is.
    return FlacHead(claimed, TOTAL, bytes([start[TOTAL] & 0xF0, 0, 0, 0, 0])) if end > claimed else None


def _ends(tail: bytes, block: int) -> Iterator[int]:
    """The samples up to the end of each frame whose head is whole (RFC 9639, section 9.1)."""
    place = tail.find(b"\xff")
    while place >= 0:
        if tail[place + 1 : place + 2] in (b"\xf8", b"\xf9") and (end := _end(tail[place : place + 16], block)):
            yield end
        place = tail.find(b"\xff", place + 1)


def _end(head: bytes, block: int) -> int:
    """Samples up to the end of the frame that begins with `head`; 0 where it is no frame's."""
    if len(head) < 6:
        return 0
    more = 8 - (head[4] ^ 0xFF).bit_length()  # leading ones, as in UTF-8
    if more == 1 or more == 8 or len(head) < 10 + max(more - 1, 0):
        return 0
    number, at = head[4] & (0x7F >> more), 5
    for byte in head[5 : 4 + max(more, 1)]:
        number, at = number << 6 | byte & 0x3F, at + 1
    size, rate = head[2] >> 4, head[2] & 15
    wide = {6: 1, 7: 2}.get(size, 0)
    samples = int.from_bytes(head[at : at + wide], "big") + 1 if wide else _size(size)
    at += wide + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if not samples or at >= len(head) or _crc(head[:at]) != head[at]:
        return 0
    return (number if head[1] & 1 else number * block) + samples


def _size(code: int) -> int:
    if code == 1:
        return 192
    return 0 if code == 0 else 576 << (code - 2) if code < 6 else 256 << (code - 8)


def _crc(head: bytes) -> int:
    """CRC-8 with the polynomial x^8 + x^2 + x + 1."""
    crc = 0
    for byte in head:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
