"""A walk through pictures as a strip and as a moving picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from multigan.plugins.image.render import grid
from multigan.provenance import labels as provenance

__all__ = ["film"]

SIDE = 64
FRAME_MILLISECONDS = 120


def film(samples: Sequence[Image.Image], path: Path, label: Mapping[str, str], columns: int) -> list[Path]:
    """A PNG with `columns` pictures a row, and a GIF that runs through them and back; small pictures are enlarged."""
    width, height = samples[0].size
    factor = max(1, SIDE // max(width, height))
    strip = grid(samples, columns, factor)
    large = [image.resize((width * factor, height * factor), Image.Resampling.NEAREST) for image in samples]
    picture, moving = path.with_name(path.name + ".png"), path.with_name(path.name + ".gif")
    provenance.write_png(strip, picture, label)
    frames = [image.convert("RGB") for image in [*large, *large[-2:0:-1]]]
    provenance.write_gif(frames, moving, label, FRAME_MILLISECONDS)
    return [picture, moving]
