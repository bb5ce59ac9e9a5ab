"""What a sound looks like: its waveform as SVG, its log-mel spectrogram as a small picture."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from multigan.core.html import Html, tag

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["spectrum", "time_axis", "wave_shape"]

COLUMNS, HEIGHT = 160, 40
PICTURE, SHADES = (256, 96), 64
AXIS, TICKS = 14, 5
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
    """A picture of the log-mel spectrogram, 256 × 96 pixels in 64 colours, low notes below."""
    import torch
    from PIL import Image

    from multigan.plugins.audio.features import log_mel

    mel = log_mel(torch.from_numpy(np.ascontiguousarray(_mono(wave)))[None, None], rate)[0].flip(0).numpy()
    level = np.clip((mel - RANGE_DB[0]) / (RANGE_DB[1] - RANGE_DB[0]), 0, 1).astype(np.float32)
    smooth = np.asarray(Image.fromarray(level).resize(PICTURE, Image.Resampling.BICUBIC))
    shades = np.round(np.clip(smooth, 0, 1) * (SHADES - 1)).astype(np.uint8)
    # A palette: a third of the bytes of full colour, so that a page has room for three times as many sounds.
    picture = Image.fromarray(shades, "P")
    picture.putpalette(_colours().tobytes())
    return picture


def time_axis(samples: int, rate: int) -> Html:
    """Seconds below a spectrogram: up to five steps of 1, 2 or 5 times a power of ten."""
    seconds = samples / rate
    step = _step(seconds / TICKS)
    places = [k * step for k in range(int(seconds / step + 1e-9) + 1)]
    marks = []
    for place in places:
        x = round(place / seconds * PICTURE[0], 1)
        near_end = x > PICTURE[0] - 20
        marks.append(tag("path", d=f"M{x} 0V3"))
        marks.append(tag("text", f"{place:g} s" if place else "0", x=x, y=AXIS - 1, text_anchor=_side(x, near_end)))
    box = f"0 0 {PICTURE[0]} {AXIS}"
    return tag("svg.time", *marks, viewBox=box, role="img", aria_label=f"time, {seconds:.3g} s in all")


def _step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, ... and their tenths that is not below."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(k * power for k in (1, 2, 5, 10) if k * power >= least * (1 - 1e-9)))


def _side(x: float, near_end: bool) -> str:
    if near_end:
        return "end"
    return "middle" if x else "start"


def _colours() -> NDArray[np.uint8]:
    """`(64, 3)`, from silence to loud."""
    stops: NDArray[Any] = np.array(STOPS, dtype=np.float64)
    places = np.linspace(0, len(STOPS) - 1, SHADES)
    between = [np.interp(places, np.arange(len(STOPS)), stops[:, k]) for k in range(3)]
    colours: NDArray[np.uint8] = np.round(np.stack(between, 1)).astype(np.uint8)
    return colours


def _mono(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    mono: NDArray[np.float32] = np.asarray(wave.mean(1) if wave.ndim > 1 else wave, dtype=np.float32)
    return mono


def _row(level: float) -> float:
    return round(HEIGHT / 2 * (1 - max(-1.0, min(1.0, level))), 1)
