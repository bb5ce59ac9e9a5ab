"""Tensors to PNG files and grids."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image
from torch import Tensor

from multigan import provenance

__all__ = ["save", "sheet", "to_pil"]

SHEET_PIXELS = 512


def to_pil(fake: Tensor) -> list[Image.Image]:
    """`(n, channels, height, width)` in [-1, 1] -> PIL images; 1 to 4 channels.

    Two channels become red and cyan, so that each can be told by eye and both together are grey to white.
    """
    if fake.shape[1] == 2:
        fake = fake[:, [0, 1, 1]]
    pixels = ((fake.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(item.squeeze(-1) if item.shape[-1] == 1 else item) for item in pixels]


def save(samples: Sequence[Image.Image], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
    """One labelled PNG each."""
    paths = [folder / f"{name}.png" for name in names]
    for image, path in zip(samples, paths, strict=True):
        provenance.write_png(image, path, label)
    return paths


def sheet(samples: Sequence[Image.Image], path: Path, label: Mapping[str, str]) -> Path:
    """A square grid; small pictures are enlarged by whole factors so that a person can see them."""
    columns = math.ceil(math.sqrt(len(samples)))
    rows = math.ceil(len(samples) / columns)
    width, height = samples[0].size
    factor = max(1, SHEET_PIXELS // (columns * width))
    cell = (width * factor + 2, height * factor + 2)
    grid = Image.new(samples[0].mode, (columns * cell[0] + 2, rows * cell[1] + 2))
    for number, image in enumerate(samples):
        at = (2 + number % columns * cell[0], 2 + number // columns * cell[1])
        grid.paste(image.resize((width * factor, height * factor), Image.Resampling.NEAREST), at)
    path = path.with_name(path.name + ".png")
    provenance.write_png(grid, path, label)
    return path
