"""Two embedded photographs, cut into overlapping pictures: real colours and textures that need no files."""

from collections import Counter
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.types import Data, Spec
from multigan.plugins.image.fitting import BANDS, common_mode, pair
from multigan.plugins.image.sources import Options, set_of

__all__ = ["PHOTOS", "PHOTO_SIZE", "Crops", "load_photos"]

PHOTOS = tuple(Path(__file__).with_name(name) for name in ("china.jpg", "flower.jpg"))
"""By danielbuechele and vultilion, CC BY 2.0; see photos.licence.txt."""
PHOTO_SIZE = {"photos": 64, "small-photos": 32}
"""Side of their pictures where none is asked for."""
STEPS = 8
"""Pictures begin at every eighth of their side."""
LARGEST = 128


class Crops:
    """Pictures cut out of strips. Two strips share no pixel, so what is held out was never seen.

    Args:
        items: uint8 `(n, channels, height, width)`.
        groups: int64 `(n,)`, the strip of each.
        own: how many of them, from the first on, are no mirror image; None = all.
    """

    resident = True

    def __init__(self, items: Tensor, groups: Tensor, own: int | None = None) -> None:
        self.items, self.groups = items, groups
        self.mirrored = torch.arange(len(items)) >= (len(items) if own is None else own)

    def __len__(self) -> int:
        return len(self.items)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`."""
        return self.items[indices]


def load_photos(options: Options, side: int = 64) -> Data:
    """Pictures of `size` (or `side`) from upright strips a quarter wider than they are, of both photographs.

    Raises:
        DataError: `size` is above 128 pixels.
    """
    height, width = pair(options.size or side)
    if max(height, width) > LARGEST:
        given = f"data.size = {options.size} of two photographs of 640 × 427 pixels"
        raise DataError(given, f"at most {LARGEST}", "type --set data.size=64", key=["size"])
    mode = common_mode(3 if options.channels == "auto" else options.channels, Counter())
    items, groups = list[Tensor](), list[int]()
    for number, path in enumerate(PHOTOS):
        with Image.open(path) as image:
            values = torch.from_numpy(np.array(image.convert(mode)).reshape(image.height, image.width, BANDS[mode]))
        found, strips = _cut(values.permute(2, 0, 1), height, width)
        items.append(found)
        groups += [number * 1000 + strip for strip in strips]
    joined, strip_of = torch.cat(items), torch.tensor(groups)
    own = len(joined)
    if options.flip:
        joined, strip_of = torch.cat([joined, joined.flip(-1)]), torch.cat([strip_of, strip_of])
    count = len(strip_of.unique())
    line = (
        f"photos: {counted(len(joined), 'picture')} of {width} × {height} {mode} from {counted(count, 'strip')} of two"
    )
    spec = Spec("image", tuple(joined.shape[1:]))
    return set_of(Crops(joined.contiguous(), strip_of, own), None, spec, (f"{line} photographs",), flip=False)


def _cut(photo: Tensor, height: int, width: int) -> tuple[Tensor, list[int]]:
    """All pictures of a photograph `(channels, rows, columns)`, and the strip of each."""
    down, right, strip = max(1, height // STEPS), max(1, width // STEPS), width + width // 4
    found, strips = list[Tensor](), list[int]()
    for number in range(photo.shape[2] // strip):
        part = photo[:, :, number * strip : (number + 1) * strip]
        pictures = part.unfold(1, height, down).unfold(2, width, right)
        found.append(pictures.permute(1, 2, 0, 3, 4).reshape(-1, photo.shape[0], height, width))
        strips += [number] * len(found[-1])
    return torch.cat(found), strips
