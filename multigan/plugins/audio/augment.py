"""Augmentations of waves `(batch, channels, samples)` in [-1, 1]."""

from collections.abc import Mapping

from torch import Tensor

from multigan.augment.moves import shift, span
from multigan.core.draw import Draw
from multigan.core.types import Augmentation

__all__ = ["AUGMENTATIONS", "POLICY", "gain", "noise", "polarity", "time_mask", "time_shift"]

GAIN_DB = 6.0
NOISE = 0.01  # deviation at the most, full scale = 1


def gain(x: Tensor, draw: Draw) -> Tensor:
    """Change the level by up to ±6 dB; nothing is clipped."""
    level_db = (2 * draw.uniform("gain", (len(x), 1, 1)).to(x) - 1) * GAIN_DB
    return x * 10 ** (level_db / 20)


def polarity(x: Tensor, draw: Draw) -> Tensor:
    """Turn the wave upside down with probability 1/2: no ear hears it."""
    return x * (1 - 2 * (draw.uniform("polarity", (len(x), 1, 1)).to(x) < 0.5).to(x))


def time_shift(x: Tensor, draw: Draw) -> Tensor:
    """Move by up to a sixteenth of the length, zeros coming in."""
    reach = max(1, x.shape[2] // 16)
    return shift(x, draw.integers("shift", -reach, reach + 1, (len(x),)).to(x.device), 2)


def time_mask(x: Tensor, draw: Draw) -> Tensor:
    """Silence an eighth of the length.

    Source: after Park et al. 2019 (SpecAugment), section 2, on the wave itself.
    """
    length = max(1, x.shape[2] // 8)
    start = draw.integers("start", 0, x.shape[2] - length + 1, (len(x),)).to(x.device)
    return x * (~span(start, length, x.shape[2]))[:, None, :].to(x)


def noise(x: Tensor, draw: Draw) -> Tensor:
    """Add white noise of a deviation in [0, .01)."""
    level = NOISE * draw.uniform("level", (len(x), 1, 1)).to(x)
    return x + level * draw.normal("noise", tuple(x.shape)).to(x)


AUGMENTATIONS: Mapping[str, Augmentation] = {
    "gain": gain,
    "noise": noise,
    "polarity": polarity,
    "time-mask": time_mask,
    "time-shift": time_shift,
}
POLICY = ("gain", "polarity", "time-shift", "time-mask")
