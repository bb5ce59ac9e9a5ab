"""Many pictures looked at, and brought to one size, mode and range: the same for folders and torchvision's sets."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import torch
from torch import Tensor

from multigan.core.types import Items
from multigan.files.findings import listed, shown
from multigan.plugins.image.fitting import BANDS, common_mode, fitted
from multigan.plugins.image.opening import TOO_MANY, Header, each, made_smaller, nothing
from multigan.plugins.image.ranges import said, to_meta, value_ranges
from multigan.plugins.image.sources import FilePictures, Options, Pictures
from multigan.provenance.synthetic import own_lines

__all__ = ["CONVERTED", "IGNORED", "Gathered", "Look", "Picked", "gather", "pick"]

CONVERTED = "brought to sRGB from the colour space of the profile in their file"
IGNORED = "with a colour profile that is damaged or does not suit them, read without it"
T = TypeVar("T")


class Look(Protocol):
    """How a thing becomes a picture: `multigan.plugins.image.opening.look` for files."""

    def __call__(self, thing: Any, act: Callable[[Any], T], room: tuple[int, int], /) -> tuple[Header, T | None]:
        """What the thing is, and what `act` made of its picture."""


class Picked(NamedTuple):
    """Which pictures are trained on.

    Attributes:
        kept: positions.
        bad: those that cannot be read.
        synthetic: those that MultiGAN made.
        only_synthetic: whether there are no others; then these are kept.
    """

    kept: list[int]
    bad: list[Header]
    synthetic: list[Header]
    only_synthetic: bool

    @property
    def left(self) -> list[Path]:
        """Pictures that are left out as MultiGAN made them."""
        return [] if self.only_synthetic else [header.path for header in self.synthetic]


class Gathered(NamedTuple):
    """Pictures that are ready.

    Attributes:
        items: of uint8 `(batch, channels, height, width)`.
        headers: of what is in it, in its order.
        kept: their positions among all things.
        size: (height, width).
        mode: `"L"`, `"RGB"` or `"RGBA"`.
        meta: for `Spec.meta`.
        lines: what was done to them and what was left out, for people.
        own: those that are left out as MultiGAN made them.
    """

    items: Items
    headers: list[Header]
    kept: list[int]
    size: tuple[int, int]
    mode: str
    meta: dict[str, Any]
    lines: list[str]
    own: list[Path]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one sample."""
        return (BANDS[self.mode], *self.size)


def pick(headers: Sequence[Header]) -> Picked:
    """Sort out what cannot be read, and MultiGAN's own pictures where there are others."""
    bad = [header for header in headers if header.fault]
    good = [k for k, header in enumerate(headers) if not header.fault]
    others = [k for k in good if not headers[k].synthetic]
    return Picked(others or good, bad, [headers[k] for k in good if headers[k].synthetic], not others)


def gather(
    things: Sequence[Any],
    look: Look,
    choose_size: Callable[[Sequence[Header]], tuple[int, int]],
    options: Options,
    most_bytes: int,
) -> Gathered | list[Header]:
    """Look at every thing once, decide for all, and read them.

    Args:
        things: files, or numbers of a set.
        look: from a thing to its picture.
        choose_size: (height, width) for the pictures with these headers.
        options: of the data.
        most_bytes: sets above are read when they are needed.

    Returns:
        The pictures; or the headers with their faults, where there is none to train on.
    """
    headers = each(things, lambda thing: look(thing, nothing, (64, 64))[0])
    picked = pick(headers)
    if not picked.kept:
        return headers
    good = [headers[k] for k in picked.kept]
    size, mode = choose_size(good), common_mode(options.channels, Counter(header.mode for header in good))
    reached = [header.reached for header in good]
    act = partial(fitted, size=size, mode=mode, fit=options.fit, ranges=value_ranges(reached))
    bytes_each = BANDS[mode] * size[0] * size[1]
    if len(good) * bytes_each * (2 if options.flip else 1) > most_bytes:
        files = [things[k] for k in picked.kept]
        items: Items = FilePictures(files, partial(_later, look, act, size), options.flip)
        kept, lines = picked.kept, ["read as needed"]
    else:
        filled, failed = _filled([things[k] for k in picked.kept], look, act, (BANDS[mode], *size))
        items, lines = Pictures(filled), []
        picked.bad.extend(failed.values())
        kept = [k for place, k in enumerate(picked.kept) if place not in failed]
    if not kept:
        return picked.bad
    good = [headers[k] for k in kept]
    lines = [*_done(good, size, mode, options.fit), *said(reached), *_left(picked), *lines]
    return Gathered(items, good, kept, size, mode, to_meta(reached), lines, picked.left)


def _later(look: Look, act: Callable[[Any], Tensor], size: tuple[int, int], thing: Any) -> Tensor:
    header, item = look(thing, act, size)
    if item is None:
        if isinstance(thing, Path):
            thing.stat()  # a file that is gone is said to be gone
        raise OSError(f"{header.path}: {header.fault}")
    return item


def _filled(
    things: Sequence[Any], look: Look, act: Callable[[Any], Tensor], shape: tuple[int, int, int]
) -> tuple[Tensor, dict[int, Header]]:
    """All items in one tensor, and the headers of those that could not be read a second time, by their place."""
    items = torch.empty((len(things), *shape), dtype=torch.uint8)

    def fill(place: int) -> Header:
        header, item = look(things[place], act, shape[1:])
        if item is not None:
            items[place] = item
        return header

    failed = {place: found for place, found in enumerate(each(range(len(things)), fill)) if found.fault}
    return (items[[place for place in range(len(things)) if place not in failed]] if failed else items), failed


def _done(good: Sequence[Header], size: tuple[int, int], mode: str, fit: str) -> list[str]:
    counts = {
        "turned upright, as their EXIF marks say": sum(header.turned for header in good),
        f"brought to that size ({fit})": sum(header.size != size for header in good),
        f"converted to {mode}": sum(header.mode != mode for header in good),
        CONVERTED: sum(header.colours == "converted" for header in good),
        IGNORED: sum(header.colours == "ignored" for header in good),
        "with more frames than one: the first is used": sum(header.animated for header in good),
    }
    return [f"{count:,} {what}" for what, count in counts.items() if count]


def _left(picked: Picked) -> list[str]:
    lines = []
    if picked.bad:
        names = [f"{shown(h.path.name)} ({shown(h.fault)})" for h in picked.bad]
        lines.append(f"{len(picked.bad):,} unreadable: " + ", ".join(listed(names, len(names))))
    if large := [header.path for header in picked.bad if TOO_MANY in header.fault]:
        lines.append(f"of {shown(large[0].name)} {made_smaller(large[0])}")
    own = [shown(header.path.name) for header in picked.synthetic]
    return lines + own_lines(own, kept=picked.only_synthetic)
