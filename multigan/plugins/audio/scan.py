"""One look at every sound file: what it is, and whether it can be used at all. Doctor and loader share it."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import soundfile
from numpy.typing import NDArray

from multigan.plugins.audio.flac import FlacHead, read_flac
from multigan.plugins.audio.heads import Head, Mended, lacks_last_page, read_head

__all__ = [
    "HIGHEST_HZ",
    "LOWEST_HZ",
    "MOST",
    "RELATIVES",
    "SUFFIXES",
    "Block",
    "Heard",
    "Listener",
    "Most",
    "glimpse",
    "hear",
]

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".opus", ".m4a")
RELATIVES = (".aac", ".wma", ".mid", ".midi", ".amr", ".ra", ".caf", ".au", ".webm", ".mp4", ".ac3")
"""Of the same kind of data, and not read."""
LOWEST_HZ, HIGHEST_HZ = 1_000, 768_000
MOST_CHANNELS = 1024
LOUDEST = 1e6
"""Full scale is 1; files of floats go somewhat beyond it, those of integers written as floats to 32,768."""
BLOCK_VALUES = 2**20
COUNTED = 0.95
"""Lengths in the heads of MP3 files are estimates: below this share of it, the end is missing."""
LEFT_BYTES = 1024
UNKNOWN_SAMPLES = 2**62
"""libsndfile says 2^63 - 1 where a FLAC file was written into a pipe and leaves its length open."""

Block = NDArray[np.float32]


class Most(NamedTuple):
    """Bounds on one file.

    Attributes:
        seconds: of it.
        values: samples times channels, as recorded.
    """

    seconds: float
    values: int


MOST = Most(3 * 3600, 2**31)
"""Three hours; of stereo at 96 kHz they are 2^31 values."""


class Heard(NamedTuple):
    """What one look at a file found.

    Attributes:
        path: the file.
        rate: sampling rate in Hz.
        channels: as recorded.
        samples: length at its own rate, as decoded.
        fault: why it cannot be used, or "".
        remark: what is to be said of a file that is used: its head claims another length than it has; or "".
    """

    path: Path
    rate: int = 0
    channels: int = 0
    samples: int = 0
    fault: str = ""
    remark: str = ""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.samples / self.rate if self.rate else 0.0


class Listener(Protocol):
    """What takes in a sound as it is decoded."""

    def begin(self, rate: int, channels: int) -> None:
        """Once, before the first block."""
        ...

    def add(self, block: Block) -> None:
        """Samples `(n, channels)`, finite; full scale is 1."""
        ...

    def end(self) -> None:
        """Once, after the last block, where there was no fault."""
        ...


class _Stream(NamedTuple):
    """A file that was opened: `claimed` samples by its head, `held` of them for certain by the bytes that are there.

    Where nothing but decoding tells how many there are, `held` is 0.
    """

    rate: int
    channels: int
    claimed: int
    blocks: Iterator[Block]
    estimated: bool = False
    left: str = ""
    held: int = 0


class _Unusable(Exception):
    """Its text is the fault."""


class _Forwards(soundfile.SoundFile):
    """Read from first to last: seeking, as soundfile does after each block, fails at damaged places and open ends."""

    def seekable(self) -> bool:
        return False


def hear(path: Path, *listeners: Listener, most: Most = MOST) -> Heard:
    """Decode a file from beginning to end, in blocks of a few MiB, whatever its head claims.

    What the file really holds decides whether it is too long; that its head claims another length is a remark.

    libsndfile first, audioread's decoders for what it cannot. Whatever goes wrong is a fault: nothing is raised.

    Args:
        path: the file.
        listeners: take in the samples.
        most: longer ones are a fault.
    """
    rate = channels = samples = 0
    try:
        with _opened(path) as stream:
            rate, channels = stream.rate, stream.channels
            _check_head(rate, channels, stream.held, most)
            for listener in listeners:
                listener.begin(rate, channels)
            for block in stream.blocks:
                samples += len(block)
                _check(block, samples, rate, most)
                for listener in listeners:
                    listener.add(block)
            if not samples:
                raise _Unusable("no samples")
            for listener in listeners:
                listener.end()
            return Heard(path, rate, channels, samples, "", _remark(stream, samples))
    except _Unusable as error:
        return Heard(path, rate, channels, samples, str(error))
    except soundfile.LibsndfileError as error:
        where = f"damaged after {samples / rate:,.2f} s or later" if samples else "damaged"
        return Heard(path, rate, channels, samples, f"{where} ({_reason(error)})")
    # Decoders raise errors of their own kinds, and files vanish or are not ours to read.
    except Exception as error:
        return Heard(path, rate, channels, samples, f"cannot be read ({type(error).__name__}: {_reason(error)})")


def glimpse(path: Path) -> int:
    """The sampling rate that a file's head claims, in Hz; 0 where `hear` would find a fault in the head alone."""
    try:
        with _opened(path) as stream:
            _check_head(stream.rate, stream.channels, stream.held, MOST)
            return stream.rate
    except Exception:  # `hear` says which
        return 0


@contextmanager
def _opened(path: Path) -> Iterator[_Stream]:
    if not path.stat().st_size:
        raise _Unusable("empty file")
    head = read_head(path)
    if head is not None and head.rate >= 0:
        _check_head(head.rate, head.channels, 0, MOST)
    flac = read_flac(path) if head is None else None
    mended: Mended | None = None
    if flac is not None:
        mended = Mended(path, flac.place, flac.open_end)
    elif head is not None and head.says_nothing:
        mended = Mended(path, head.place, head.size)
    try:
        try:
            sound = _Forwards(mended or os.fsencode(path))
        except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
            with _opened_otherwise(path, _why(error)) as stream:
                yield stream
            return
        with sound:
            yield _streamed(sound, head, flac)
    finally:
        if mended is not None:
            mended.close()


def _streamed(sound: Any, head: Head | None, flac: FlacHead | None) -> _Stream:
    frames = 0 if sound.frames >= UNKNOWN_SAMPLES else int(sound.frames)
    claimed, left = frames, ""
    if flac is not None:
        claimed = flac.claimed
    elif sound.format == "OGG" and lacks_last_page(sound.name):
        left = "its last page is missing: cut off, what is there is used"
    elif head is not None and head.says_nothing:
        left = "its header says that it is empty: all that follows it was read"
    elif head is not None and head.claimed > head.held > 0:
        claimed = round(frames * head.claimed / head.held)
    elif head is not None and head.behind and head.held - head.claimed > LEFT_BYTES:
        left = f"{head.held - head.claimed:,} bytes after the length in its header were not read"
    held = 0 if head is None else frames  # as libsndfile counts the bytes up to the end of the file
    return _Stream(sound.samplerate, sound.channels, claimed, _blocks(sound), "MPEG" in sound.subtype, left, held)


def _blocks(sound: Any) -> Iterator[Block]:
    frames = max(1, BLOCK_VALUES // sound.channels)
    while len(block := sound.read(frames, dtype="float32", always_2d=True)):
        yield block


@contextmanager
def _opened_otherwise(path: Path, reason: str) -> Iterator[_Stream]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of modules that Python will drop
            import audioread

            # Python's own modules read nothing that libsndfile does not, and leave files open where they fail.
            decoders = [one for one in audioread.available_backends() if one.__name__ != "RawAudioFile"]
            other = audioread.audio_open(os.fspath(path), decoders)
    # Decoders behind audioread raise errors of their own kinds; whatever it is, this file is no sound to us.
    except Exception as error:
        raise _Unusable(f"cannot be decoded ({reason})") from error
    with other:
        pieces = (np.frombuffer(piece, "<i2").reshape(-1, other.channels) for piece in other)
        yield _Stream(other.samplerate, other.channels, 0, (piece.astype(np.float32) / 32768 for piece in pieces))


def _check_head(rate: int, channels: int, held: int, most: Most) -> None:
    """Raise where the head, and the bytes that are there, rule a file out before it is decoded."""
    if not LOWEST_HZ <= rate <= HIGHEST_HZ:
        raise _Unusable(f"its header says {rate:,} Hz; rates from {LOWEST_HZ:,} to {HIGHEST_HZ:,} Hz are read")
    if not 1 <= channels <= MOST_CHANNELS:
        raise _Unusable(f"its header says {channels:,} channels; up to {MOST_CHANNELS:,} are read")
    _check_length(held, rate, channels, most)


def _check(block: Block, samples: int, rate: int, most: Most) -> None:
    """Raise where samples are none, or the file goes on for too long whatever its header says."""
    _check_length(samples, rate, block.shape[1], most)
    peak = float(np.abs(block).max())
    if not np.isfinite(peak):
        raise _Unusable("not a number in its samples")
    if peak > LOUDEST:
        raise _Unusable(f"samples of {peak:.3g}, where full scale is 1")


def _check_length(samples: int, rate: int, channels: int, most: Most) -> None:
    if samples > most.seconds * rate:
        bound = _duration(most.seconds)
        raise _Unusable(f"lasts {_duration(samples / rate)}, more than {bound}; cut it into parts")
    if samples * channels > most.values:
        length = f"lasts {_duration(samples / rate)} in {channels:,} channels at {rate:,} Hz"
        raise _Unusable(f"{length}, more than {most.values:,} values; cut it into parts")


def _remark(stream: _Stream, samples: int) -> str:
    if stream.left:
        return stream.left
    says, holds = stream.claimed / stream.rate, samples / stream.rate
    if 0 < stream.claimed < samples and not stream.estimated:
        return f"its header says {says:,.2f} s, it holds {holds:,.2f} s: all of it was read"
    short = samples < stream.claimed * (COUNTED if stream.estimated else 1)
    if not short:
        return ""
    return f"its header says {says:,.2f} s, it holds {holds:,.2f} s: cut off, what is there is used"


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:,.1f} h" if seconds >= 3600 else f"{seconds:,.0f} s"


def _why(error: Exception) -> str:
    """Why a file that is there cannot be opened, in words for people."""
    reason = _reason(error)
    return "no known format" if reason.startswith("File does not exist") else reason  # its words for some MP3 files


def _reason(error: Exception) -> str:
    """The decoder's own words without the file's name."""
    return str(error).split(": ")[-1].strip().rstrip(".") or "no reason given"
