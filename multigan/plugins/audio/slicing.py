"""How sounds are cut where a recipe leaves it to them: their kind, the length of a slice, and the rate."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from multigan.files.twins import spread
from multigan.plugins.audio.durations import lasting
from multigan.plugins.audio.options import Options
from multigan.plugins.audio.scan import Heard, hear
from multigan.plugins.audio.traits import ROLLOFF, Ear, Traits
from multigan.provenance.synthetic import is_own_sound

__all__ = ["Plan", "plan_slices"]

LISTENED = 256
"""Files that are heard beforehand, evenly from all."""
SHORT_SECONDS, NOTE_SECONDS, NOTE_ONSETS = 1.5, 10.0, 2
"""One-shots last at most the first; a sound up to the second is a note where it begins at most so often."""
LONG_SECONDS = 1.0
FULL, LEAST_FULL = 90, 75
"""Percentiles of the sounds that fit into a slice whole: asked for, and at least."""
SOUNDING = 0.5
"""Of all slices: what is to be sound. A few long ones among short ones would make the rest silence, paid for alike."""
STEP, LEAST, MOST = 256, 2048, 16_384
"""Samples of a slice: a multiple, the fewest, and what a processor learns in minutes."""
RATES_HZ = (8_000, 11_025, 16_000)
"""What a processor learns in minutes; higher ones are to be asked for."""
ABOVE = 2.2
"""Rate over the highest tone that it is to hold: twice, and room for the filter's slope."""
TONES = 75
"""Percentile of the sounds whose tones are held."""


class Plan(NamedTuple):
    """What a recipe's options become.

    Attributes:
        options: with nothing left open.
        said: one line for people, or "" where nothing was open.
    """

    options: Options
    said: str = ""

    def settled(self, asked: Options) -> dict[str, object]:
        """What differs from what was asked for, by name."""
        return {name: value for name, value in self.options._asdict().items() if value != getattr(asked, name)}


def plan_slices(files: Sequence[Path], options: Options) -> Plan:
    """Fill in what the options leave open: `samples = 0`, `sample_rate_hz = "auto"`, and `kind = "auto"` with onsets.

    Doctor and loader both ask here, so that they cut alike. At most 256 files are decoded, each once.

    - kind: one-shots where the median sound, silence trimmed, lasts at most 1.5 s, or at most 10 s with at most two
      onsets; else long recordings.
    - rate: the lowest of 8,000, 11,025 and 16,000 Hz that holds 95 % of the energy of three sounds in four, and no
      higher than most files have.
    - samples: nine of ten one-shots fit whole, or three of four at least where half of such slices and more would be
      silence, in steps of 256 from 2,048 to 16,384; a second of long recordings.

    Args:
        files: all of the set.
        options: of the recipe.
    """
    if not options.open:
        return Plan(options)
    heard = _heard(files)
    traits = [traits for _, traits in heard]
    if not traits:
        return Plan(options._replace(samples=options.samples or MOST, sample_rate_hz=options.rate))
    lasts = float(np.median([one.seconds for one in traits]))
    kind = options.kind if options.kind != "auto" or options.begin == "file" else _kind(traits, lasts)
    most = Counter(one.rate for one, _ in heard).most_common(1)[0][0]
    rate = _rate(traits, most) if options.sample_rate_hz == "auto" else options.rate
    samples = options.samples or _samples(traits, kind, rate or most)
    filled = options._replace(samples=samples, sample_rate_hz=rate, kind=kind)
    return Plan(filled, _said(options, filled, traits, rate or most, lasts))


def _heard(files: Sequence[Path]) -> list[tuple[Heard, Traits]]:
    """Some of the files that can be heard; MultiGAN's own only where there are no others."""
    others = [file for file in files if not is_own_sound(file)] or list(files)
    found = list[tuple[Heard, Traits]]()
    for k in spread(len(others), LISTENED):
        ear = Ear()
        heard = hear(others[k], ear)
        if not heard.fault and (traits := ear.traits) is not None:
            found.append((heard, traits))
    return found


def _kind(traits: Sequence[Traits], lasts: float) -> str:
    onsets = float(np.median([one.onsets for one in traits]))
    is_note = lasts <= SHORT_SECONDS or (lasts <= NOTE_SECONDS and onsets <= NOTE_ONSETS)
    return "oneshot" if is_note else "long"


def _rate(traits: Sequence[Traits], most: int) -> int:
    needed = ABOVE * float(np.percentile([one.rolloff_hz for one in traits], TONES))
    return min(most, next((rate for rate in RATES_HZ if rate >= needed), RATES_HZ[-1]))


def _samples(traits: Sequence[Traits], kind: str, rate: int) -> int:
    seconds = LONG_SECONDS if kind == "long" else _whole([one.seconds for one in traits])
    steps = -(-round(seconds * rate) // STEP)
    return max(LEAST, min(MOST, steps * STEP))


def _whole(seconds: Sequence[float]) -> float:
    """How long a slice is that holds one-shots: longer ones would be silence for the most part, or hold nine of ten."""
    least, most = (float(np.percentile(seconds, share)) for share in (LEAST_FULL, FULL))
    lengths = np.linspace(least, most, 100)
    sounding = np.minimum(np.asarray(seconds)[:, None], lengths).mean(0) / np.maximum(lengths, 1e-9)
    return float(lengths[sounding >= SOUNDING].max(initial=least))


def _said(asked: Options, filled: Options, traits: Sequence[Traits], rate: int, lasts: float) -> str:
    kinds = {"oneshot": "one-shots", "long": "long recordings", "auto": "sounds"}
    seconds = filled.samples / rate
    whole = sum(one.seconds <= seconds for one in traits) / len(traits)
    where = "start anywhere" if filled.kind == "long" else "start at the onset"
    parts = [f"{kinds[filled.kind]}, half of them shorter than {lasting(lasts)} without silence"]
    parts += [f"slices {where}"] if filled.begin == "onset" else []
    held = f"{lasting(seconds)} hold {whole:.0%} of them whole"
    is_sparse = filled.kind == "oneshot" and filled.samples < MOST and 100 * whole < FULL - 1
    held += ", and longer slices would be silence for the most part" if is_sparse else ""
    parts += [held] if not asked.samples else []
    tones = float(np.percentile([one.rolloff_hz for one in traits], TONES))
    if asked.sample_rate_hz == "auto":
        parts.append(_why_that_rate(traits, rate, tones))
    return "; ".join(parts) + " (--set data.samples=N, data.sample_rate_hz=HZ, data.kind=oneshot|long)"


def _why_that_rate(traits: Sequence[Traits], rate: int, tones: float) -> str:
    """What the rate is for, or what is lost by the highest that is chosen by itself."""
    dull = sum(one.rolloff_hz > rate / 2 for one in traits)
    if not dull or ABOVE * tones <= rate:
        return f"{rate:,} Hz, as {ROLLOFF:.0%} of the energy of most lies below {tones:,.0f} Hz"
    lost = f"of {dull:,} of {len(traits):,} more than {1 - ROLLOFF:.0%} of the energy lies above {rate // 2:,} Hz"
    return f"{rate:,} Hz, the highest that is chosen by itself: {lost}, and is lost"
