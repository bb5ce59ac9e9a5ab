"""A walk through sounds: every step as a file, and all of them in one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multigan.plugins.audio.render import Sound, picture
from multigan.provenance import labels as provenance

__all__ = ["film", "joined"]

FADE_SECONDS = 0.01


def film(samples: Sequence[Sound], path: Path, label: Mapping[str, str], columns: int) -> list[Path]:
    """One WAV a step, one WAV of all steps joined with short crossfades, and a contact sheet PNG."""
    names = [f"{path.name}-{number:03d}" for number in range(len(samples))]
    for name, (wave, rate_hz) in zip(names, samples, strict=True):  # as they are: a walk's levels belong to it
        provenance.write_wav(path.parent / f"{name}.wav", wave, rate_hz, label)
    steps = [path.parent / f"{name}.wav" for name in names]
    cells = picture(samples, path.with_name(path.name + ".png"), label)
    together = path.with_name(path.name + ".wav")
    provenance.write_wav(together, joined(samples), samples[0][1], label)
    return [cells, together, *steps]


def joined(samples: Sequence[Sound]) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """All sounds in a row, `(samples,)` or `(samples, channels)`, overlapping by 10 ms with linear fades."""
    fade = min(round(FADE_SECONDS * samples[0][1]), min(len(wave) for wave, _ in samples))
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    ramp = ramp[:, None] if samples[0][0].ndim > 1 else ramp
    out = np.array(samples[0][0], np.float32)
    for wave, _ in samples[1:]:
        cross = out[len(out) - fade :] * (1 - ramp) + wave[:fade] * ramp
        out = np.concatenate([out[: len(out) - fade], cross, wave[fade:]])
    return out
