"""Filling holes in what a person brings: a picture, a sound, or a line of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.generators import Reading, latent_of
from multigan.generator.generator import Generator
from multigan.latent.inpaint import inpaint
from multigan.latent.invert import Search
from multigan.latent.items import fit_item, read_item
from multigan.latent.show import COMPOSITE, write_one
from multigan.plugins.abilities import Fills, Masks, Reads, able

__all__ = ["EDITED", "Repair", "fill_file", "fill_line", "repairs", "seen"]

EDITED = "http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits"
"""IPTC's name for what a person changed without a generator: here, cut to size and with a hole."""


@dataclass(frozen=True)
class Repair:
    """What filling made.

    Attributes:
        files: labelled as partly generated.
        before: what was known, brought to the generator's size, with the hole empty; labelled as edited.
        texts: filled lines, likeliest first.
        note: one line on how it went.
    """

    files: tuple[Path, ...]
    before: tuple[Path, ...]
    texts: tuple[str, ...]
    note: str


def repairs(generator: Generator) -> str:
    """What of a modality can be filled: `"line"`, `"picture"`, `"sound"`, or `""` where nothing can.

    A file needs a generator with z, and a modality that reads single files and holes.
    """
    modality = generator.modality
    if "edit" in modality.unsupported:
        return ""
    if able(modality, Fills):
        return "line" if isinstance(generator.net, Reading) else ""
    if not (able(modality, Reads) and able(modality, Masks)) or 0 in latent_of(generator.net).shape:
        return ""
    return "picture" if len(generator.spec.shape) == 3 else "sound"


def seen(generator: Generator, path: Path) -> Tensor:
    """A file as the generator takes it, `(*shape)` in D's space; see `edit.items.read_item`."""
    return read_item(generator, path)


def fill_file(generator: Generator, path: Path, hole: str, search: Search, label: str | None, folder: Path) -> Repair:
    """Fill a hole of a picture or sound; what is known is kept.

    Args:
        generator: with a z.
        path: the file.
        hole: `x,y,w,h`, `START-END`, or a mask's path, as the modality reads it; positions are those in the file.
        search: how long to look.
        label: class, where there are classes.
        folder: where results go.

    Raises:
        DataError: the file or the hole cannot be read.
    """
    fitted = fit_item(generator, path, hole)
    target, gap = fitted.real, fitted.hole
    if gap is None:
        raise DataError("no hole was given", "what to fill", "type a box or a gap")
    filled, found = inpaint(generator, target[None], gap, search, label)
    facts = {"verb": "inpaint", "digital_source_type": COMPOSITE}
    files = write_one(generator, filled, folder / f"filled-{search.seed}", seed=search.seed, facts=facts, fitted=fitted)
    empty = torch.where(gap, 0.0, target)[None]
    known = {"verb": "inpaint: what was known", "digital_source_type": EDITED}
    before = write_one(generator, empty, folder / "before" / "what was known", seed=search.seed, facts=known)
    filled_in = f"{int(gap.sum()):,} of {gap.numel():,} values filled, the others are as they were"
    losses = f"loss on what is known {float(found.loss):.3g}, of the nearest sample {float(found.first_loss):.3g}"
    note = "; ".join(filter(None, [filled_in, losses, fitted.note]))
    return Repair(tuple(files), tuple(before), (), note)


def fill_line(generator: Generator, line: str, label: Mapping[str, str], folder: Path) -> Repair:
    """Fill the `____` of a line; the likeliest fillings first.

    Raises:
        DataError: nothing is masked, or the line does not suit the generator.
    """
    modality = generator.modality
    found = modality.fill(generator.net, line, generator.spec) if able(modality, Fills) else ()
    if not found:
        raise DataError("no word fits", "a line in words of the generator's vocabulary", "mask another word")
    facts = {**label, "verb": f"inpaint {line}", "digital_source_type": COMPOSITE}
    path = modality.sheet([one.text for one in found], folder / "filled", facts)
    note = f"log-likelihoods from {found[0].log_likelihood:.1f} to {found[-1].log_likelihood:.1f} nats"
    return Repair((path,), (), tuple(one.text for one in found), note)
