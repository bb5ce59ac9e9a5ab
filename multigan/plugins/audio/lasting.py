"""Sounds that go on: pieces as they come, written to one WAV of so many seconds."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.keeping import write_whole
from multigan.plugins.audio.pouring import not_written
from multigan.provenance import labels as provenance

__all__ = ["SUBTYPES", "save_lasting"]

FADE_SECONDS = 0.005
LARGEST_WAV = 2**32 - 2**22
"""Bytes of a WAV, with room for its label."""
BYTES = {16: 2, 24: 3, "float": 4}
SUBTYPES = {16: "PCM_16", 24: "PCM_24", "float": "FLOAT"}
"""What libsndfile calls them."""


def save_lasting(
    pieces: Iterator[Tensor],
    seconds: float,
    path: Path,
    spec: Spec,
    label: Mapping[str, str],
    *,
    bits: Literal[16, 24, "float"] = 16,
) -> Path:
    """A labelled WAV of that many seconds; what is held of it does not grow with them.

    Samples are clipped to [-1, 1]; the first and last 5 ms are faded.

    Args:
        pieces: waves `(1, channels, samples)` that follow each other, at least so many seconds of them.
        seconds: length of the sound.
        path: of the file, without its suffix.
        spec: of the generator's samples.
        label: provenance.
        bits: 16, 24 or float.

    Raises:
        DataError: that is no length of a sound, or of one that a WAV can hold.
    """
    rate, channels = int(spec.meta["sample_rate_hz"]), spec.shape[0]
    most = LARGEST_WAV // (BYTES[bits] * channels * rate)
    if not 1 / rate <= seconds <= most:
        raise DataError(f"{seconds:g} seconds", f"more than 0 and at most {most:,}", "type --seconds 60")
    target = path.with_name(path.name + ".wav")

    def write(temporary: Path) -> None:
        try:
            with soundfile.SoundFile(
                os.fsencode(temporary), "w", rate, channels, SUBTYPES[bits], format="WAV"
            ) as opened:
                for block in _blocks(pieces, round(seconds * rate), max(1, round(FADE_SECONDS * rate))):
                    opened.write(block)
        except (soundfile.LibsndfileError, RuntimeError, OSError) as error:
            raise not_written(target, error) from error
        provenance.seal_wav(temporary, label, target)

    write_whole(target, write)
    return target


def _blocks(pieces: Iterator[Tensor], samples: int, fade: int) -> Iterator[np.ndarray]:
    """Blocks `(n, channels)` of in all so many samples, faded at both ends."""
    done = 0
    while done < samples:
        piece = next(pieces)[0].clamp(-1, 1).float().cpu().numpy().T[: samples - done]
        place = done + np.arange(len(piece))
        ramp = np.minimum(1, np.minimum(place + 1, samples - place) / fade)
        yield (piece * ramp[:, None]).astype(np.float32)
        done += len(piece)
