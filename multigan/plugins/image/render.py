"""Tensors to PNG files and grids."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from multigan.plugins.image.deep import Deep
from multigan.provenance import labels as provenance

__all__ = ["grid", "save", "sheet", "to_pil"]

SHEET_PIXELS = 512
GAP_PIXELS = 4
GAP_GREY = 112
"""Between pictures: tells dark ones and light ones apart alike."""


def to_pil(fake: Tensor) -> list[Image.Image]:
    """`(n, channels, height, width)` in [-1, 1] -> PIL images; 1 to 4 channels.

    Two channels become red and cyan, so that each can be told by eye and both together are grey to white.
    """
    if fake.shape[1] == 2:
        fake = fake[:, [0, 1, 1]]
    pixels = ((fake.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(item.squeeze(-1) if item.shape[-1] == 1 else item) for item in pixels]


def save(samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
    """One labelled PNG each: of pictures of Pillow's, or of uint16 `(height, width, channels)` with all 16 bits."""
    paths = [folder / f"{name}.png" for name in names]
    for image, path in zip(samples, paths, strict=True):
        provenance.write_png(Deep(image) if isinstance(image, np.ndarray) else image, path, label)
    return paths


def sheet(samples: Sequence[Image.Image], path: Path, label: Mapping[str, str]) -> Path:
    """A square grid; small pictures are enlarged by whole factors so that a person can see them."""
    columns = math.ceil(math.sqrt(len(samples)))
    first = max(samples, key=lambda one: (one.width, len(one.getbands())))  # inputs may be smaller, or grey
    samples = [one if one.size == first.size else one.resize(first.size, Image.Resampling.NEAREST) for one in samples]
    samples = [one if one.mode == first.mode else one.convert(first.mode) for one in samples]
    factor = max(1, SHEET_PIXELS // (columns * first.width))
    path = path.with_name(path.name + ".png")
    provenance.write_png(grid(samples, columns, factor), path, label)
    return path


def grid(samples: Sequence[Image.Image], columns: int, factor: int = 1) -> Image.Image:
    """Pictures of one size in rows, each enlarged by a whole factor, with grey between."""
    width, height = (side * factor for side in samples[0].size)
    columns, rows = min(columns, len(samples)), -(-len(samples) // columns)
    size = (columns * (width + GAP_PIXELS) + GAP_PIXELS, rows * (height + GAP_PIXELS) + GAP_PIXELS)
    whole = Image.new("L", size, GAP_GREY).convert(samples[0].mode)
    for number, image in enumerate(samples):
        row, column = divmod(number, columns)
        at = (GAP_PIXELS + column * (width + GAP_PIXELS), GAP_PIXELS + row * (height + GAP_PIXELS))
        whole.paste(image.resize((width, height), Image.Resampling.NEAREST), at)
    return whole
