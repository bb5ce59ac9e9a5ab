"""What a run's fakes are compared with: features of trained and held-out items, measured once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Batch, Gauge
from multigan.engine.batches import Batches
from multigan.metrics.kernel_distance import Distance, Kernel, RadialBases, mean_distance, median_bandwidth, mmd
from multigan.metrics.memorisation import unseen_distances
from multigan.metrics.vendi import vendi_score

__all__ = ["FAKES", "MakeGauge", "Reference", "chunks", "make_reference", "strengths"]

Features = Callable[[Tensor], Tensor]
MakeGauge = Callable[[Iterable[Tensor], Iterable[Tensor]], Gauge]
"""A modality's `gauge` for one data set: trained and held-out reals, in parts."""
FAKES = 256
TRAINED = 1024
FEWEST = 16
REPEATS = 8
ROUNDING = 1e-6
"""Of the largest feature: equal items may differ by it, as they are measured in batches."""


@dataclass(frozen=True)
class Reference:
    """Reals in feature space, and what distances mean there.

    Attributes:
        items: numbers of up to 1,024 trained items, in random order.
        unseen_items: numbers of up to 256 held-out items; empty where fewer than 16 are held out.
        trained: features of `items`, `(n, d)`.
        target: features `(m, d)` of the held-out items, or of trained ones where none are held out.
        kernel: of the Vendi scores, by the median distance between trained items.
        floor, floor_deviation: distance of as many other reals to `target`, over 8 random choices.
        trivial: distance of one real item, repeated, to `target`.
        spread: mean distance between target items, the unit of all distances.
        variety: Vendi score of target items.
        own_nearest: distance of every target item to its nearest (other) trained item, `(m,)`.
        strength: median of `strengths` of the target items.
        labels: of `items`, or None.
        gauge: the modality's own vitals, or None.
        same: whether all items are one and the same, so that `spread` is nothing and no distance means anything.
    """

    items: Tensor
    unseen_items: Tensor
    trained: Tensor
    target: Tensor
    kernel: Kernel
    floor: float
    floor_deviation: float
    trivial: float
    spread: float
    variety: float
    own_nearest: Tensor
    strength: float
    labels: Tensor | None
    gauge: Gauge | None = None
    same: bool = False


def make_reference(batches: Batches, features: Features, make_gauge: MakeGauge | None = None) -> Reference:
    """Measure the reals of a run; a function of the seed and the data."""
    draw = Draw(batches.seed, 0, "reference/")
    items, unseen = _some(batches.split.train, TRAINED, draw), _some(batches.split.held_out, FAKES, draw.child("out"))
    unseen = unseen if len(unseen) >= FEWEST else unseen[:0]
    trained = _features(batches, items, features)
    target = _features(batches, unseen, features) if len(unseen) else trained[:FAKES]
    kernel = RadialBases(median_bandwidth(trained[:FAKES]))
    spread = max(mean_distance(target), 1e-12)
    floors = _floors(trained, target, spread, draw, among_themselves=not len(unseen))
    middle = torch.cdist(trained[:FAKES], trained[:FAKES]).mean(1).argmin()
    return Reference(
        items=items,
        unseen_items=unseen,
        trained=trained,
        target=target,
        kernel=kernel,
        floor=floors.mean().item(),
        floor_deviation=floors.std(correction=0).item(),
        trivial=mmd(trained[middle].expand(FAKES, -1), target, Distance(spread)),
        spread=spread,
        variety=vendi_score(target, kernel),
        own_nearest=unseen_distances(trained, target if len(unseen) else trained[:0])[:FAKES],
        strength=_strength(batches, unseen if len(unseen) else items[:FAKES]),
        labels=batches.data.labels[items] if batches.conditional and batches.data.labels is not None else None,
        gauge=None if make_gauge is None else make_gauge(_reals(batches, items), _reals(batches, unseen)),
        same=_are_same(torch.cat([trained, target])),
    )


def chunks(batches: Batches, items: Tensor) -> Iterator[Batch]:
    """Items as batches no larger than those of training, so that memory stays as it was."""
    for part in items.split(batches.local_batch):
        yield batches.pick(part)


def strengths(x: Tensor) -> Tensor:
    """How much each item varies within itself: standard deviations `(n,)` of the values of `(n, ...)`, float64.

    The level of a sound, the contrast of a picture; features may be blind to both.
    """
    return x.double().flatten(1).std(1, correction=0).cpu()


def _strength(batches: Batches, items: Tensor) -> float:
    return torch.cat([strengths(batch.real) for batch in chunks(batches, items)]).median().item()


def _are_same(x: Tensor) -> bool:
    return bool((x - x[0]).abs().max() <= ROUNDING * x.abs().max())


def _some(items: Tensor, most: int, draw: Draw) -> Tensor:
    return items[torch.randperm(len(items), generator=draw.generator("items"))[:most]]


def _reals(batches: Batches, items: Tensor) -> Iterator[Tensor]:
    return (batch.real for batch in chunks(batches, items)) if len(items) else iter(())


def _features(batches: Batches, items: Tensor, features: Features) -> Tensor:
    return torch.cat([features(batch.real).double().flatten(1).cpu() for batch in chunks(batches, items)])


def _floors(trained: Tensor, target: Tensor, spread: float, draw: Draw, *, among_themselves: bool) -> Tensor:
    """Distances of random trained reals to the target, or between halves where the target is trained itself."""
    found = []
    for number in range(REPEATS):
        order = torch.randperm(len(trained), generator=draw.generator(f"floor-{number}"))
        one, other = (order[: len(order) // 2], order[len(order) // 2 :]) if among_themselves else (order[:FAKES], None)
        against = target if other is None else trained[other]
        if min(len(one), len(against)) > 1:
            found.append(mmd(trained[one], against, Distance(spread)))
    return torch.tensor(found or [0.0], dtype=torch.float64)
