"""What a sound looks like: its waveform as SVG, its log-mel spectrogram as a small picture."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from multigan.core.html import Html, tag

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["spectrum", "wave_shape"]

COLUMNS, HEIGHT = 160, 40
RANGE_DB = (-80.0, 20.0)
STOPS = ((18, 22, 40), (20, 84, 110), (60, 160, 130), (240, 200, 90), (255, 250, 225))
"""Colours from silence to loud, rising in lightness, so that they read in grey too."""


def wave_shape(wave: NDArray[np.float32], name: str) -> Html:
    """The envelope of a wave `(samples,)` or `(samples, channels)` in [-1, 1]: lowest and highest in 160 columns."""
    mono = _mono(wave)
    pieces = [piece for piece in np.array_split(mono, COLUMNS) if len(piece)]
    tops = [f"{x} {_row(float(piece.max()))}" for x, piece in enumerate(pieces)]
    bottoms = [f"{x} {_row(float(piece.min())) + 0.4:.1f}" for x, piece in enumerate(pieces)]
    path = "M" + "L".join([*tops, *reversed(bottoms)]) + "Z"
    box = f"0 0 {max(len(pieces) - 1, 1)} {HEIGHT}"
    return tag("svg.wave", tag("path", d=path), viewBox=box, role="img", aria_label=name)


def spectrum(wave: NDArray[np.float32], rate: int) -> "Image":
    """A picture of the log-mel spectrogram, 128 pixels high and up to 256 wide, low notes below."""
    import torch
    from PIL import Image

    from multigan.plugins.audio.features import log_mel

    mel = log_mel(torch.from_numpy(np.ascontiguousarray(_mono(wave)))[None, None], rate)[0].flip(0).numpy()
    level = np.clip((mel - RANGE_DB[0]) / (RANGE_DB[1] - RANGE_DB[0]), 0, 1) * (len(STOPS) - 1)
    stops: NDArray[Any] = np.array(STOPS, dtype=np.float64)
    below = np.minimum(level.astype(int), len(STOPS) - 2)
    share = (level - below)[..., None]
    colours = (stops[below] * (1 - share) + stops[below + 1] * share).astype(np.uint8)
    return Image.fromarray(colours).resize((256, 96), Image.Resampling.BICUBIC)


def _mono(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    mono: NDArray[np.float32] = np.asarray(wave.mean(1) if wave.ndim > 1 else wave, dtype=np.float32)
    return mono


def _row(level: float) -> float:
    return round(HEIGHT / 2 * (1 - max(-1.0, min(1.0, level))), 1)
