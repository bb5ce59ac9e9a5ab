"""Scores of sounds with their frames: what goes wrong with levels, tones, pitch and onsets."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from multigan.core.draw import Draw
from multigan.metrics.rows import About, row
from multigan.plugins.audio.flat_tops import NEAR, RUN, flat_tops, near_peaks
from multigan.plugins.audio.pitch import Onsets, Pitch, onsets_of, pitch_of
from multigan.plugins.audio.render import Sound
from multigan.plugins.audio.tones import STRIDES, stride_tones_db

__all__ = ["own_rows"]

SILENT_RMS = 1e-3  # -60 dB
CLIPPED = 0.999
PITCHED, LISTENED = 32, 200
NOISE = "white noise as loud as the reals"


def own_rows(fake: Sequence[Sound], real: Sequence[Sound], seed: int = 0) -> list[Mapping[str, Any]]:
    """Silence, clipping, DC, level, tones of strides, pitch and onsets; values that are not defined give no row.

    Args:
        fake: pairs of float32 `(samples,)` or `(samples, channels)` and the rate.
        real: the same of reals: the floor.
        seed: of the noise.
    """
    n = min(len(fake), len(real))
    sides = [_waves(side[:n]) for side in (fake, real)]
    noise = Draw(seed).normal("audio/noise", tuple(sides[1].shape)) * float(sides[1].square().mean().sqrt())
    sets = (*sides, noise.clamp(-1, 1))
    rows = [{"n_fake": n, "n_real": n, **found} for found in [*_levels(sets), *_tones(sets)]]
    mono = [[wave.mean(0).numpy() for wave in side[:LISTENED]] for side in sets]
    return [found for found in [*rows, *_heard(mono, fake[0][1])] if found["value"] is not None]


def _levels(sets: Sequence[Tensor]) -> list[Mapping[str, Any]]:
    """Shares of silent sounds and clipped samples, mean offset, mean level."""
    tests = {
        About("silent", "silent sounds", "health", "near floor", "share below -60 dB", "%"): lambda x: _share(
            _rms(x) < SILENT_RMS
        ),
        About("clipped", "clipped samples", "health", "near floor", f"share above {CLIPPED}", "%"): lambda x: _share(
            x.abs() > CLIPPED
        ),
        About(
            "dc", "mean offset (DC)", "health", "near floor", "mean over sounds of its size", "of full scale 1"
        ): lambda x: float(x.double().mean((1, 2)).abs().mean()),
        About("level_db", "mean level", "health", "near floor", "of full scale", "dB"): lambda x: float(
            20 * _rms(x).mean().clamp_min(1e-9).log10()
        ),
    }
    note = f"runs of {RUN} or more at full scale"
    flat = About("flat_tops", "samples in flat tops (clipping)", "health", "near floor", note, "%")
    tests[flat] = lambda x: float(flat_tops(x).mean())
    note = f"runs of {RUN} or more above {NEAR:g} of the sound's own peak: recordings that were clipped have many"
    tests[About("near_peaks", "samples near the peak of their sound", "health", "near floor", note, "%")] = lambda x: (
        float(near_peaks(x).mean())
    )
    return [row(about, statistic, sets, NOISE) for about, statistic in tests.items()]


def _tones(sets: Sequence[Tensor]) -> list[Mapping[str, Any]]:
    return [
        row(
            About(
                f"tones_{stride}_db",
                f"whine of up-sampling by {stride}",
                "health",
                "near floor",
                f"at multiples of 1/{stride} of the sampling rate, where nets that up-sample by {stride} leave tones, "
                "over the bins beside them; about 1 without any",
                "dB",
            ),
            partial(stride_tones_db, stride=stride),
            sets,
            NOISE,
        )
        for stride in STRIDES
    ]


def _heard(mono: Sequence[Sequence[NDArray[np.float32]]], rate: int) -> list[Mapping[str, Any]]:
    """Pitch on 32 sounds of each (it is slow), onsets on 200."""
    pitches: list[Pitch] = [pitch_of(side[:PITCHED], rate) for side in mono]
    beginnings: list[Onsets] = [onsets_of(side, rate) for side in mono]
    abouts = {
        "median_hz": About("pitch_hz", "median pitch", "health", "near floor", "of voiced frames, C2 to C7", "Hz"),
        "spread_semitones": About("pitch_spread", "spread of pitch", "diversity", "near floor", unit="semitones"),
        "voiced": About("voiced", "voiced frames", "health", "near floor", "share with a pitch", "%"),
        "per_second": About(
            "onsets_per_second", "onsets", "health", "near floor", "attacks that are heard", "a second"
        ),
        "gap_spread_seconds": About(
            "onset_gap_spread", "spread of gaps between onsets", "health", "near floor", unit="s"
        ),
    }
    rows = list[Mapping[str, Any]]()
    for name, about in abouts.items():
        sides: Sequence[Pitch | Onsets] = pitches if hasattr(pitches[0], name) else beginnings
        counts = [min(len(side), PITCHED if sides is pitches else LISTENED) for side in mono]
        found = row(about, lambda one, name=name: getattr(one, name), sides, NOISE)
        rows.append({"n_fake": counts[0], "n_real": counts[1], **found})
    return rows


def _waves(sounds: Sequence[Sound]) -> Tensor:
    """Pairs of arrays and rates -> `(n, channels, samples)`."""
    waves = torch.from_numpy(np.stack([wave for wave, _ in sounds]))
    return waves.unsqueeze(1) if waves.dim() == 2 else waves.transpose(1, 2)


def _rms(x: Tensor) -> Tensor:
    return x.double().square().mean((1, 2)).sqrt()


def _share(which: Tensor) -> float:
    return which.double().mean().item()
