"""What a sound is like, heard once: where it begins and ends, how often it begins anew, how high it reaches."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from multigan.plugins.audio.scan import Block

__all__ = ["FRAME_SECONDS", "QUIET_DB", "Ear", "Traits", "beginnings", "levels_of"]

FRAME_SECONDS = 0.005
QUIET_DB = -40.0
"""Below its loudest frame, what comes before and after is silence."""
LOUD_DB, RISE_DB = -20.0, 12.0
"""A sound begins anew where it rises by so much within 50 ms, to a level that is heard."""
RISE_FRAMES, APART_FRAMES, HELD_FRAMES = 10, 20, 5
"""Frames of a rise; between two beginnings; over which a level is held, as a low tone's halves rise and fall."""
SILENCE = 1e-4  # -80 dB
WINDOW = 1024  # samples of a spectrum
SPECTRUM_SECONDS = 10
ROLLOFF = 0.95
"""Of the energy lies below the roll-off."""


class Traits(NamedTuple):
    """Of one sound.

    Attributes:
        start: second at which it begins, one frame of 5 ms before it is within 40 dB of its loudest frame.
        end: second after which it stays below that.
        onsets: how often it begins.
        rolloff_hz: below it lies 95 % of the energy of the first ten seconds.
    """

    start: float
    end: float
    onsets: int
    rolloff_hz: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


class Ear:
    """A listener (see `scan.Listener`) that keeps a level for every 5 ms, and one spectrum."""

    def __init__(self) -> None:
        self._levels = list[NDArray[np.float32]]()
        self._rest = np.zeros(0, np.float32)
        self._power = np.zeros(WINDOW // 2 + 1)
        self._rate, self._frame, self._left = 1, 1, 0

    def begin(self, rate: int, channels: int) -> None:
        """See `scan.Listener`."""
        self._rate, self._frame = rate, max(1, round(FRAME_SECONDS * rate))
        self._left = SPECTRUM_SECONDS * rate

    def add(self, block: Block) -> None:
        """See `scan.Listener`."""
        mono = block.mean(1, dtype=np.float32)
        if self._left > 0:
            self._power += _power(mono[: self._left])
            self._left -= len(mono)
        mono = np.concatenate([self._rest, mono])
        whole = len(mono) // self._frame * self._frame
        self._levels.append(np.square(mono[:whole]).reshape(-1, self._frame).mean(1))
        self._rest = mono[whole:]

    def end(self) -> None:
        """See `scan.Listener`."""
        if len(self._rest):
            self._levels.append(np.square(self._rest).mean(keepdims=True))

    @property
    def traits(self) -> Traits | None:
        """What was heard; None of silence."""
        level = np.concatenate([*self._levels, np.zeros(0, np.float32)])
        if not len(level) or level.max() < SILENCE**2:
            return None
        level_db = _decibels(level)
        heard = np.flatnonzero(level_db > QUIET_DB)
        second = self._frame / self._rate
        start, end = max(0, int(heard[0]) - 1), int(heard[-1]) + 1
        share = self._power.cumsum() / max(self._power.sum(), 1e-30)
        rolloff = float(np.searchsorted(share, ROLLOFF)) * self._rate / WINDOW
        return Traits(start * second, end * second, max(1, len(beginnings(level_db))), rolloff)


def levels_of(mono: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    """Levels of whole frames of a wave `(samples,)`, in dB beside the loudest; of silence -120."""
    whole = len(mono) // frame * frame
    level = np.square(mono[:whole]).reshape(-1, frame).mean(1)
    return _decibels(level) if len(level) and level.max() >= SILENCE**2 else np.full(len(level), -120, np.float32)


def _decibels(level: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = 10 * np.log10(level / level.max() + 1e-12)
    return found


def _power(mono: NDArray[np.float32]) -> NDArray[np.float64]:
    """Sum of the power spectra of all windows; one that is not full is filled with silence."""
    mono = np.pad(mono, (0, -len(mono) % WINDOW)).reshape(-1, WINDOW)
    spectra = np.fft.rfft(mono * np.hanning(WINDOW).astype(np.float32))
    total: NDArray[np.float64] = np.square(np.abs(spectra)).sum(0)
    return total


def beginnings(level_db: NDArray[np.float32]) -> list[int]:
    """Frames in which a level has risen by 12 dB within 50 ms to within 20 dB of the loudest, at least 100 ms apart."""
    before = np.concatenate([np.full(RISE_FRAMES + HELD_FRAMES, QUIET_DB * 2, np.float32), level_db])
    held = np.lib.stride_tricks.sliding_window_view(before, HELD_FRAMES).max(1)
    lowest = np.lib.stride_tricks.sliding_window_view(held, RISE_FRAMES).min(1)
    now, past = held[RISE_FRAMES:], lowest[: len(held) - RISE_FRAMES]
    rising = np.flatnonzero((now > LOUD_DB) & (now - past > RISE_DB))
    found, last = list[int](), -APART_FRAMES
    for frame in rising.tolist():
        if frame - last >= APART_FRAMES:
            found.append(frame)
        last = frame
    return found
