"""Pictures with more than 8 bits: which values are black and white is decided for a whole set, not for each file."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
from PIL import Image

__all__ = ["DEEP", "Extremes", "Ranges", "extremes", "from_meta", "in_bytes", "said", "to_meta", "value_ranges"]

DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
INTEGERS, FLOATS = "integers", "floats"

Extremes: TypeAlias = tuple[str, float, float]
"""`"integers"` or `"floats"`, and the lowest and highest finite value of one picture."""
Ranges: TypeAlias = Mapping[str, tuple[float, float]]
"""Of `"integers"` and `"floats"`: which value becomes black, and which white."""


def extremes(image: Image.Image) -> Extremes | None:
    """What a deep picture reaches; None for pictures of 8 bits, whose range is 0 to 255."""
    if image.mode not in DEEP:
        return None
    values = np.asarray(image)
    if image.mode != "F":
        return INTEGERS, float(values.min()), float(values.max())
    values = values[np.isfinite(values)]
    return (FLOATS, float(values.min()), float(values.max())) if values.size else (FLOATS, 0.0, 0.0)


def value_ranges(found: Iterable[Extremes | None]) -> dict[str, tuple[float, float]]:
    """The ranges of a set: 0 to 255 or 65,535 (floats: or 1), whichever holds all; beyond them, what is reached.

    Args:
        found: of each picture, None for those of 8 bits.
    """
    reached: dict[str, tuple[float, float]] = {}
    for kind, low, high in filter(None, found):
        before = reached.get(kind, (0.0, 0.0))
        reached[kind] = min(before[0], low), max(before[1], high)
    return {kind: (low, _top(kind, high)) for kind, (low, high) in reached.items()}


def _top(kind: str, high: float) -> float:
    usual = (1.0, 255.0, 65535.0) if kind == FLOATS else (255.0, 65535.0)
    return next((top for top in usual if high <= top), high)


def in_bytes(image: Image.Image, ranges: Ranges) -> Image.Image:
    """A deep picture as grey one of 8 bits; what is no number becomes black. Others come back as they are."""
    found = extremes(image)
    if found is None:
        return image
    low, high = ranges.get(found[0]) or value_ranges([found])[found[0]]
    values = np.nan_to_num(np.asarray(image, dtype=np.float64), nan=low, posinf=high, neginf=low)
    scaled = (values.clip(low, high) - low) * (255 / (high - low))
    grey = Image.fromarray(scaled.round().astype(np.uint8))
    grey.format = image.format
    return grey


def said(found: Iterable[Extremes | None]) -> list[str]:
    """Lines for people: which values become black and white, and which are reached."""
    deep = [one for one in found if one]
    lines = []
    for kind, (low, high) in value_ranges(deep).items():
        own = [one for one in deep if one[0] == kind]
        reached = f"{min(one[1] for one in own):,g} to {max(one[2] for one in own):,g}"
        lines.append(
            f"{len(own):,} of more than 8 bits ({kind}): {low:,g} becomes black, {high:,g} white; they reach {reached}"
        )
    return lines


def to_meta(found: Iterable[Extremes | None]) -> dict[str, dict[str, list[float]]]:
    """For `Spec.meta`: the ranges of a set, where a picture by itself would be read by others; else nothing."""
    deep = [one for one in found if one]
    ranges = value_ranges(deep)
    if all(value_ranges([one])[one[0]] == ranges[one[0]] for one in deep):
        return {}
    return {"value_ranges": {kind: [low, high] for kind, (low, high) in sorted(ranges.items())}}


def from_meta(meta: Mapping[str, object]) -> dict[str, tuple[float, float]]:
    """The ranges that `to_meta` kept; none where it kept none."""
    kept = meta.get("value_ranges")
    return {kind: (low, high) for kind, (low, high) in kept.items()} if isinstance(kept, dict) else {}
