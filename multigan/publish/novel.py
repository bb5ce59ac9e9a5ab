"""Samples that are no near-copy of a training item: what a card may show without handing out the data."""

from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError
from multigan.core.types import Data
from multigan.generator.generator import Generator
from multigan.metrics.blocks import squared_distances
from multigan.publish.facts import RunFiles

__all__ = ["Shown", "near_copies", "pick"]

NEAR = 0.1
BLOCK = 256
MOST = 20_000


@dataclass(frozen=True)
class Shown:
    """Samples for a card.

    Attributes:
        fake: `(n, *shape)` in D's space.
        drawn: how many were drawn to find them.
        compared: number of training items that they were compared with; 0 where the data was out of reach.
    """

    fake: Tensor
    drawn: int
    compared: int


def pick(generator: Generator, facts: RunFiles, n: int, seed: int) -> Shown:
    """The first samples of `seed` that are no near-copies of training items, at most `n` of `2 n` drawn.

    Where the run's data cannot be read any more the first `n` are taken as they are. Of a generator that is given an
    input there are none: its inputs are the data.
    """
    if generator.input_spec is not None:
        return Shown(torch.zeros(0, *generator.spec.shape), 0, 0)
    fake = generator.tensors(2 * n, seed)
    data = _data(facts)
    if data is None:
        return Shown(fake[:n], n, 0)
    copied, compared = near_copies(fake, generator, data)
    kept = (~copied).nonzero().flatten()[:n]
    return Shown(fake[kept], int(kept[-1]) + 1 if len(kept) else len(fake), compared)


def near_copies(fake: Tensor, generator: Generator, data: Data) -> tuple[Tensor, int]:
    """Which of `fake` `(n, *shape)` lie within a tenth of the data's spread of an item (both root mean squares).

    The spread is the items' root mean square distance from their own mean, so that the measure is free of units: equal
    texts are at 0, texts of 20 tokens that differ in one are at about .3. At most 20,000 items are compared.

    Returns:
        bool `(n,)` and the number of items compared.
    """
    count = min(len(data.items), MOST)
    flat = fake.flatten(1).double()
    best, total, squares = torch.full((len(fake),), torch.inf, dtype=torch.float64), torch.zeros(flat.shape[1]), 0.0
    for first in range(0, count, BLOCK):
        items = torch.arange(first, min(first + BLOCK, count))
        real = generator.modality.to_real(data.items.take(items, Draw(0)), data.spec).flatten(1)
        best = torch.minimum(best, squared_distances(flat, real.double()).amin(1))
        total, squares = total + real.sum(0), squares + float(real.square().sum())
    spread = max(squares / count - float((total / count).square().sum()), 1e-12)
    return best.sqrt() <= NEAR * spread**0.5, count


def _data(facts: RunFiles) -> Data | None:
    if facts.folder is None or not facts.has_recipe:
        return None
    from multigan.identity.opened import open_data
    from multigan.run.folder import find_run

    try:
        opened = open_data(*find_run(facts.folder))
    except (MultiGANError, OSError):
        return None  # the data is elsewhere: the card says so
    return opened.data if opened.as_trained else None  # other data says nothing of copies
