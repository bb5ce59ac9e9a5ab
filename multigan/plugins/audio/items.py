"""One sound of a file, and a gap in it, in the shape that a generator knows."""

from pathlib import Path

import soundfile
import torch
from torch import Tensor

from multigan.errors import DataError
from multigan.plugins.audio.scan import hear
from multigan.types import Spec

__all__ = ["read", "read_hole"]

LONGEST_SECONDS = 600


def read(path: Path, spec: Spec) -> Tensor:
    """The beginning of a sound at the generator's rate, peak .95, padded with silence: `(channels, samples)`.

    Raises:
        DataError: it is no sound.
    """
    if not path.is_file():
        raise DataError(f"there is no file {path}", "a WAV, FLAC, OGG or MP3 file", "check the path")
    if (seconds := _seconds(path)) > LONGEST_SECONDS:
        raise DataError(f"{path} lasts {seconds:,.0f} s", f"at most {LONGEST_SECONDS} s", "cut out the part you mean")
    heard = hear(path)
    if heard.fault:
        raise DataError(f"{path}: {heard.fault}", "a WAV, FLAC, OGG or MP3 file", "check the file")
    channels, samples = spec.shape
    wave = torch.from_numpy(heard.brought_to(int(spec.meta["sample_rate_hz"]), channels, "peak"))[:, :samples]
    out = torch.zeros(channels, samples)
    out[:, : wave.shape[1]] = wave.float() / 32767
    return out


def read_hole(text: str, spec: Spec) -> Tensor:
    """A gap `START-END` in seconds as bool like `spec.shape`, True where it is to be filled.

    Raises:
        DataError: it is no such gap, or leaves nothing known or nothing to fill.
    """
    rate, samples = int(spec.meta["sample_rate_hz"]), spec.shape[1]
    try:
        start, end = (float(part) for part in text.split("-"))
    except ValueError as error:
        raise DataError(f"the mask '{text}'", "START-END in seconds", "type --mask 0.10-0.15") from error
    hole = torch.zeros(spec.shape, dtype=torch.bool)
    if 0 <= start < end:
        hole[:, round(start * rate) : round(end * rate)] = True
    if hole.all() or not hole.any():
        raise DataError(
            f"the gap {text} s covers everything or nothing",
            f"a part of 0-{samples / rate:.3g} s",
            "type --mask 0.10-0.15",
        )
    return hole


def _seconds(path: Path) -> float:
    """As the file's head tells it; 0 where another decoder must look."""
    try:
        return float(soundfile.info(path).duration)
    except (soundfile.LibsndfileError, RuntimeError):
        return 0.0
