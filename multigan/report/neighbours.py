"""Which training items samples are nearest to: whether a generator copies can be seen by eye."""

from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.build import build_split
from multigan.core.draw import Draw
from multigan.core.types import Data
from multigan.metrics.memorisation import nearest, unseen_distances
from multigan.plugins import modalities
from multigan.recipe.recipe import Recipe

__all__ = ["Neighbours", "find_neighbours"]

TRAINED, UNSEEN = 1024, 128
CHUNK = 32


@dataclass(frozen=True)
class Neighbours:
    """Samples and the trained items nearest to them in `modality.features`.

    Attributes:
        real: D's space `(n, *shape)`: the nearest trained item of each sample.
        ratio: `(n,)` distance to it over the median such distance of unseen reals; well below 1 = a copy.
        searched: trained items that were looked at, chosen at random.
        trained: how many there are.
        unseen: reals that the unit was measured on.
        held_out: those were held out of training; else they are trained items and their nearest others.
    """

    real: Tensor
    ratio: Tensor
    searched: int
    trained: int
    unseen: int
    held_out: bool


@torch.no_grad()
def find_neighbours(fake: Tensor, recipe: Recipe, data: Data) -> Neighbours:
    """The nearest of up to 1,024 trained items, chosen by the recipe's seed, for each fake `(n, *shape)`."""
    modality, split = modalities.get(recipe.modality), build_split(recipe, data)
    draw = Draw(recipe.train.seed, 0, "report/")
    trained = _some(split.train, TRAINED, draw.child("trained"))
    unseen = _some(split.held_out, UNSEEN, draw.child("unseen"))

    def features(real: Tensor) -> Tensor:
        return modality.features(real, data.spec).double().flatten(1)

    def reals(items: Tensor) -> Tensor:
        return modality.to_real(data.source.take(items, draw.child("take")), data.spec)

    pool = torch.cat([features(reals(part)) for part in trained.split(CHUNK)])
    others = [features(reals(part)) for part in unseen.split(CHUNK) if len(part)]
    own = unseen_distances(pool, torch.cat([pool[:0], *others]))[:UNSEEN]
    distance, index = nearest(torch.cat([features(part) for part in fake.split(CHUNK)]), pool)
    unit = own.median().clamp_min(1e-12)
    return Neighbours(
        reals(trained[index]), distance / unit, len(trained), len(split.train), len(own), bool(len(unseen))
    )


def _some(items: Tensor, most: int, draw: Draw) -> Tensor:
    return items[torch.randperm(len(items), generator=draw.generator("items"))[:most]]
