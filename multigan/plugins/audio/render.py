"""Tensors to WAV files and contact sheets."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from multigan.plugins.audio.features import FLOOR_DB, log_mel
from multigan.provenance import labels as provenance

__all__ = ["Sound", "picture", "save", "sheet", "to_arrays"]

Sound = tuple[NDArray[np.float32], int]
CELL = (176, 134)
HEAD = 14
"""Of a cell: a line with the name or number of the sound, and how long it lasts."""
GAP_SECONDS = 0.1


def to_arrays(fake: Tensor, sample_rate_hz: int) -> list[Sound]:
    """`(n, channels, samples)` -> pairs of float32 `(samples,)` or `(samples, channels)` and the rate."""
    waves = fake.clamp(-1, 1).float().cpu().transpose(1, 2).numpy()
    return [(wave[:, 0] if wave.shape[1] == 1 else wave, sample_rate_hz) for wave in waves]


def save(
    samples: Sequence[Sound],
    folder: Path,
    names: Sequence[str],
    label: Mapping[str, str],
    subtype: str = "PCM_16",
) -> list[Path]:
    """One labelled WAV each, in a sample format of libsndfile; the sounds are written as they are."""
    paths = [folder / f"{name}.wav" for name in names]
    for (wave, rate), path in zip(samples, paths, strict=True):
        provenance.write_wav(path, wave, rate, label, subtype)
    return paths


def sheet(samples: Sequence[Sound], path: Path, label: Mapping[str, str]) -> Path:
    """A PNG with waveform over log-mel spectrum for every sound, and a WAV of all in a row; returns the PNG."""
    rate = samples[0][1]
    gap = np.zeros((round(GAP_SECONDS * rate), *samples[0][0].shape[1:]), np.float32)
    row = np.concatenate([part for wave, _ in samples for part in (wave, gap)])
    provenance.write_wav(path.with_name(path.name + ".wav"), row, rate, label)
    return picture(samples, path.with_name(path.name + ".png"), label)


def picture(samples: Sequence[Sound], path: Path, label: Mapping[str, str], names: Sequence[str] = ()) -> Path:
    """Waveform over log-mel spectrum of every sound, in a square grid; every cell spans its own sound.

    Args:
        samples: the sounds.
        path: of the PNG.
        label: provenance.
        names: of the sounds; without, they are numbered from 0.
    """
    columns = math.ceil(math.sqrt(len(samples)))
    rows = math.ceil(len(samples) / columns)
    grid = Image.new("RGB", (columns * (CELL[0] + 4) + 4, rows * (CELL[1] + 4) + 4), (40, 40, 40))
    for number, sound in enumerate(samples):
        at = (4 + number % columns * (CELL[0] + 4), 4 + number // columns * (CELL[1] + 4))
        grid.paste(_cell(sound, names[number] if names else str(number)), at)
    provenance.write_png(grid, path, label)
    return path


def _cell(sound: Sound, name: str) -> Image.Image:
    wave, rate = sound
    mono = wave.mean(1) if wave.ndim > 1 else wave
    width, height = CELL[0], CELL[1] - HEAD
    third = height // 3
    image = Image.new("RGB", CELL, "white")
    pen = ImageDraw.Draw(image)
    lasts = f"{len(mono) / rate:.2f} s"
    room = width - 10 - pen.textlength(lasts)
    while name and pen.textlength(name) > room:
        name = name[:-1]
    pen.text((3, 1), name, fill=(40, 40, 40))
    pen.text((width - 3, 1), lasts, fill=(40, 40, 40), anchor="ra")
    for column, piece in enumerate(np.array_split(mono, width)):
        low, high = (float(piece.min()), float(piece.max())) if len(piece) else (0.0, 0.0)
        top, bottom = (HEAD + third / 2 * (1 - level) for level in (high, low))
        pen.line((column, top, column, bottom), fill=(30, 90, 160))
    mel = log_mel(torch.from_numpy(np.ascontiguousarray(mono))[None, None], rate)[0]
    levels: NDArray[Any] = ((mel.flip(0) - FLOOR_DB) / (20 - FLOOR_DB) * 255).clamp(0, 255).byte().numpy()
    spectrum = Image.fromarray(levels).resize((width, height - third))
    image.paste(Image.merge("RGB", [spectrum] * 3), (0, HEAD + third))
    return image
