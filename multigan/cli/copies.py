"""How many drawn texts, and lines of them, stand in what a run was trained on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multigan.core.counted import counted

if TYPE_CHECKING:
    from multigan.core.types import Data
    from multigan.generator.generator import Generator

__all__ = ["copies_line"]

BLOCK = 64
"""Texts that are in D's space at once."""


def copies_line(generator: "Generator", texts: Sequence[str]) -> str:
    """What of texts is copied, to the letter, from the data of the generator's run.

    Args:
        generator: loaded from a run; another has no data to look in, which is said.
        texts: that it drew.
    """
    from multigan.core.errors import MultiGANError
    from multigan.identity.opened import open_data
    from multigan.run.folder import find_run

    try:
        folder, recipe = find_run(generator.source)
        data = open_data(folder, recipe).data
    except MultiGANError:
        return "copies were not counted: what it was trained on is out of reach"
    known = _known(generator, data)
    line = f"{sum(text in known for text in texts):,} of {counted(len(texts), 'text')} stand in the data"
    lines = [part for text in texts if "\n" in text for part in text.split("\n")]
    if not lines:
        return line
    parts = {part for text in known for part in text.split("\n")}
    return f"{line}, {sum(part in parts for part in lines):,} of {counted(len(lines), 'line')}"


def _known(generator: "Generator", data: "Data") -> set[str]:
    """All texts of a run, written as samples are."""
    import torch

    from multigan.core.draw import Draw

    known = set[str]()
    for rows in torch.arange(len(data.items)).split(BLOCK):
        real = generator.modality.to_real(data.items.take(rows, Draw(0)), data.spec)
        known.update(generator.modality.render(real, generator.spec))
    return known
