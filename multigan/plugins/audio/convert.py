"""From a file to int16 at a common rate, number of channels and level, in bounded memory; measured as it comes out."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import soxr
from numpy.typing import NDArray

from multigan.plugins.audio.scan import LOWEST_HZ, MOST, Block, Heard, Listener, Most, glimpse, hear

__all__ = ["DECODERS", "Conversion", "Extent", "How", "Levels", "Looked", "at_one_rate", "bring"]

DECODERS, AHEAD = 2, 16
SILENCE = 1e-4  # -80 dB
PEAK = 0.95
KEPT_VALUES = 2**23
"""Sounds with more values than this are decoded twice, rather than held as floats until their peak is known."""

Wave = NDArray[np.int16]


@dataclass(frozen=True)
class How:
    """What sounds are brought to.

    Attributes:
        rate: in Hz.
        channels: others are mixed down to their mean, and that is copied to each.
        normalise: `"peak"` brings each sound's peak to .95.
        slice: samples at `rate` that a sound begins with, which are also measured apart.
    """

    rate: int
    channels: int
    normalise: str = "peak"
    slice: int = 0


class Extent:
    """Lowest and highest value of each channel."""

    def __init__(self) -> None:
        self.low: Block | None = None
        self.high: Block | None = None

    def add(self, block: Block) -> None:
        """Samples `(n, channels)`."""
        if len(block):
            # By column: numpy takes ten times as long along the first of two axes of which the second is short.
            columns = [block[:, k] for k in range(block.shape[1])]
            low = np.array([column.min() for column in columns])
            high = np.array([column.max() for column in columns])
            self.low = low if self.low is None else np.minimum(self.low, low)
            self.high = high if self.high is None else np.maximum(self.high, high)

    @property
    def peak(self) -> float:
        """The largest absolute value; 0 of nothing."""
        if self.low is None or self.high is None:
            return 0.0
        return max(float(np.abs(self.low).max()), float(np.abs(self.high).max()))

    def is_silent(self, gain: float = 1.0) -> bool:
        """Whether no channel swings by more than -80 dB to either side, once amplified; a constant is silence too."""
        if self.low is None or self.high is None:
            return True
        return float((self.high - self.low).max()) * gain / 2 < SILENCE


@dataclass(frozen=True)
class Levels:
    """What is left of a sound, as recorded and as it is trained on.

    Attributes:
        recorded: silent as it was recorded.
        constant: it is silent and yet not zero.
        whole: silent once it is converted.
        start: silent in the slice that it begins with.
        peak: largest absolute value once it is mixed and resampled; full scale is 1.
        beyond: the same once it is normalised; what is above 1 is clipped.
    """

    recorded: bool = False
    constant: bool = False
    whole: bool = False
    start: bool = False
    peak: float = 0.0
    beyond: float = 0.0

    def silence(self, *, anywhere: bool) -> str:
        """Why nothing of it can be heard in training, or "".

        Args:
            anywhere: whether slices start anywhere, or at the beginning.
        """
        if self.recorded:
            return "nothing but a constant" if self.constant else "nothing above -80 dB"
        if self.whole:
            return "nothing is left once it is mixed down and resampled"
        return "" if anywhere or not self.start else "nothing in the slice at its beginning"


class Conversion:
    """A listener that mixes, resamples and measures; it keeps what it made while that is short.

    Args:
        how: what to bring the sound to.
        sink: takes every block `(n, channels)` that comes out; None = they are kept in `parts`.
        measures: whether to measure; what was measured once need not be again.
    """

    def __init__(self, how: How, sink: Callable[[Block], None] | None = None, *, measures: bool = True) -> None:
        self.how, self.sink, self.measures = how, sink, measures
        self.parts: list[Block] | None = [] if sink is None else None
        self.samples = 0
        self.recorded, self.whole, self.start = Extent(), Extent(), Extent()
        self._resampler: Any = None
        self._mixes = False

    def begin(self, rate: int, channels: int) -> None:
        """See `scan.Listener`."""
        self._mixes = channels != self.how.channels
        if rate != self.how.rate:
            self._resampler = soxr.ResampleStream(rate, self.how.rate, self.how.channels, dtype="float32")

    def add(self, block: Block) -> None:
        """See `scan.Listener`."""
        if self.measures:
            self.recorded.add(block)
        if self._mixes:
            block = np.repeat(_mean(block), self.how.channels, 1)
        self._take(block if self._resampler is None else self._resampler.resample_chunk(block))

    def end(self) -> None:
        """See `scan.Listener`."""
        if self._resampler is not None:
            nothing = np.zeros((0, self.how.channels), np.float32)
            self._take(self._resampler.resample_chunk(nothing, last=True))

    @property
    def gain(self) -> float:
        """What the sound is multiplied by."""
        peak = self.whole.peak
        return PEAK / peak if self.how.normalise == "peak" and peak > SILENCE else 1.0

    @property
    def levels(self) -> Levels:
        """What is left of the sound."""
        recorded, gain = self.recorded.is_silent(), self.gain
        return Levels(
            recorded,
            recorded and self.recorded.peak >= SILENCE,
            self.whole.is_silent(gain),
            self.start.is_silent(gain),
            self.whole.peak,
            self.whole.peak * gain,
        )

    def _take(self, block: Block) -> None:
        if self.measures:
            self.start.add(block[: max(0, self.how.slice - self.samples)])
            self.whole.add(block)
        self.samples += len(block)
        if self.sink is not None:
            self.sink(block)
        elif self.samples * self.how.channels > KEPT_VALUES:
            self.parts = None
        elif self.parts is not None:
            self.parts.append(block)


def bring(
    path: Path,
    how: How,
    most: Most = MOST,
    reserve: Callable[[int], None] | None = None,
    also: Listener | None = None,
) -> tuple[Heard, Wave, Levels]:
    """A file as int16 `(channels, samples)`; nothing else of it stays in memory.

    Args:
        path: the file.
        how: what to bring it to.
        most: see `scan.hear`.
        reserve: called with the bytes that the result takes, before they are taken; may raise.
        also: listens along.

    Returns:
        What was heard; the wave, empty where there is a fault; and what is left of the sound.
    """
    conversion = Conversion(how)
    heard = hear(path, conversion, *([] if also is None else [also]), most=most)
    if heard.fault:
        return heard, np.zeros((how.channels, 0), np.int16), Levels()
    if reserve is not None:
        reserve(conversion.samples * how.channels * 2)
    wave: Wave = np.zeros((how.channels, conversion.samples), np.int16)
    filling = _Filling(wave, conversion.gain)
    if conversion.parts is not None:
        for part in conversion.parts:
            filling(part)
        return heard, wave, conversion.levels
    again = hear(path, Conversion(how, filling, measures=False), most=most)
    if (again.fault, filling.done) != ("", wave.shape[1]):
        return heard._replace(fault=again.fault or "changed while it was read"), wave[:, :0], Levels()
    return heard, wave, conversion.levels


def _mean(block: Block) -> Block:
    """Of all channels: `(n, 1)`."""
    if block.shape[1] == 2:  # the same sum, ten times as fast
        both: Block = (block[:, :1] + block[:, 1:]) * np.float32(0.5)
        return both
    mean: Block = block.mean(1, keepdims=True)
    return mean


class _Filling:
    """Writes block after block into a wave, as far as there is room."""

    def __init__(self, wave: Wave, gain: float) -> None:
        self.wave, self.gain, self.done = wave, gain, 0

    def __call__(self, block: Block) -> None:
        quantised = np.round(np.clip(block.T * self.gain, -1, 1) * 32767).astype(np.int16)
        room = self.wave[:, self.done : self.done + len(block)]
        room[:] = quantised[:, : room.shape[1]]
        self.done += len(block)


class Looked(Protocol):
    """What a look at a file tells of it."""

    @property
    def rate(self) -> int:
        """Sampling rate in Hz."""
        ...

    @property
    def fault(self) -> str:
        """Why it cannot be used, or ""."""
        ...


Look = TypeVar("Look", bound=Looked)


def at_one_rate(
    files: Sequence[Path],
    rate: int,
    looking_at: Callable[[int], Callable[[Path], Look]],
    tick: Callable[[int, int], None] | None = None,
) -> tuple[int, list[Look]]:
    """Look at all files, each brought to one rate: the one that most usable files have, where none is asked for.

    Args:
        files: the files.
        rate: in Hz; 0 = the one that most files have.
        looking_at: gives, for a rate, what looks at one file.
        tick: `tick(done, total)` after each file.

    Returns:
        The rate, 0 where no file is usable, and what was seen of each file.
    """
    guess = rate or _most(list(_each(glimpse, files))) or LOWEST_HZ
    seen = _seen(files, looking_at(guess), tick)
    found = _most([one.rate for one in seen if not one.fault])
    if not rate and found not in (0, guess):
        # Heads alone were the guess; of the files that could be decoded, most have another rate.
        guess, seen = found, _seen(files, looking_at(found), tick)
    return guess if found else 0, seen


def _seen(files: Sequence[Path], look: Callable[[Path], Look], tick: Callable[[int, int], None] | None) -> list[Look]:
    seen = []
    for number, one in enumerate(_each(look, files), 1):
        seen.append(one)
        if tick is not None:
            tick(number, len(files))
    return seen


def _most(rates: Sequence[int]) -> int:
    counted = Counter(rate for rate in rates if rate)
    return counted.most_common(1)[0][0] if counted else 0


T = TypeVar("T")


def _each(work: Callable[[Path], T], files: Sequence[Path]) -> Iterator[T]:
    """`work` of every file in order, a few at a time; the others are not begun where one fails."""
    pool = ThreadPoolExecutor(DECODERS)
    begun: deque[Future[T]] = deque()
    try:
        for file in files:
            begun.append(pool.submit(work, file))
            if len(begun) == AHEAD:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
