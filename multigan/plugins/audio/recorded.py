"""Noises from a folder of a person's own, read once, at the rate of the sounds that they are put behind."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import DataError, RecipeError, did_you_mean
from multigan.files.findings import listed, shown
from multigan.files.listing import absent, beside
from multigan.files.walk import walk
from multigan.plugins.audio.convert import How, bring
from multigan.plugins.audio.scan import SUFFIXES

__all__ = ["Recorded", "refuse_place"]

MOST_VALUES = 2**28
"""int16 samples of all noises together, half a GiB: two hours and a half at 16,000 Hz would be more."""


class Recorded:
    """Pieces of recorded noise: a file by chance, and a place in it; short files go round.

    Nothing is read before a piece is asked for: a generator is loaded where the folder is not.

    Args:
        source: the folder, or one file.
        sample_rate_hz: to which noises are brought.
    """

    def __init__(self, source: str, sample_rate_hz: int) -> None:
        self.source, self.sample_rate_hz = source, sample_rate_hz

    def __call__(self, draw: Draw, batch: int, samples: int) -> Tensor:
        """`(batch, samples)` of any level.

        Raises:
            DataError: the folder holds nothing that can be heard.
        """
        waves = read_noises(self.source, self.sample_rate_hz)
        which = draw.integers("file", 0, len(waves), (batch,)).tolist()
        places = draw.uniform("place", (batch,)).double().tolist()
        rows = np.zeros((batch, samples), np.float32)
        for row, number, place in zip(rows, which, places, strict=True):
            wave = waves[number]
            room = len(wave) - samples
            first = int(place * (room + 1 if room > 0 else len(wave)))
            piece = wave[first : first + samples] if room > 0 else np.resize(np.roll(wave, -first), samples)
            row[:] = piece.astype(np.float32) / 32767
        return torch.from_numpy(rows)


def refuse_place(source: str) -> None:
    """Before data is read: a folder that is not there.

    Raises:
        RecipeError: that.
    """
    path = Path(source).expanduser()
    if not path.exists():
        hint = did_you_mean(path.name, beside(path))
        raise RecipeError(f"source of noises: {absent(path)}", "a folder of sounds", hint, key=["source"])


@lru_cache(maxsize=4)
def read_noises(source: str, sample_rate_hz: int) -> tuple[NDArray[Any], ...]:
    """All noises of a folder as int16 `(samples,)`, peaks at .95.

    Raises:
        DataError: none can be heard, or there are too many.
    """
    path = Path(source).expanduser()
    if not path.exists():
        raise DataError(absent(path), "a folder of noises", "check input.degrade")
    waves, bad, total = list[NDArray[Any]](), list[str](), 0
    for file in walk(path).files:
        if not file.name.lower().endswith(SUFFIXES):
            continue
        heard, wave, levels = bring(file, How(sample_rate_hz, 1))
        why = heard.fault or levels.silence(anywhere=True)
        if why:
            bad.append(f"{shown(file, path)} ({shown(why)})")
            continue
        waves.append(wave[0])
        total += wave.shape[1]
        if total > MOST_VALUES:
            given = f"noises of more than {MOST_VALUES / sample_rate_hz / 3600:.1f} hours in {shown(path)}"
            raise DataError(given, "what fits into memory", "take fewer files")
    if not waves:
        faults = f" ({', '.join(listed(bad, len(bad)))})" if bad else ""
        raise DataError(f"no noise in {shown(path)}{faults}", "WAV, FLAC, OGG or MP3 files", "check the folder")
    return tuple(waves)
