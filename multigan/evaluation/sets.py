"""Which reals fakes are compared with, and everything in feature space, in equal numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.engine.holdout import TO_EVALUATE
from multigan.evaluation.stages import Stages
from multigan.evaluation.subject import BATCH, Subject
from multigan.features import Extractor
from multigan.features.cache import cached, key_of, key_of_items
from multigan.files.findings import Tick
from multigan.generator.generator import Generator
from multigan.generator.refined import identity_of
from multigan.metrics.kernel_distance import mean_distance

__all__ = [
    "FEWEST",
    "LOOKED_AT",
    "RENDERED",
    "Chosen",
    "Rendered",
    "Sets",
    "choose",
    "fakes_for",
    "look",
    "rendered_fakes",
]

FEWEST = TO_EVALUATE // 2
RENDERED = 2000
AN_ITEM, LEAST, MOST = 4, RENDERED, 10_000
ROUNDING = 1e-6
"""Of the largest feature: equal items may differ by it, as they are measured in batches."""
LOOKED_AT = 50_000
"""Trained items that are searched for copies: a copy of another one is not found, so that all should be among them."""


@dataclass(frozen=True)
class Chosen:
    """Item numbers, in random order.

    Attributes:
        reference: what fakes are compared with.
        others: as many other trained items, which take the fakes' place for the floor.
        trained: up to 50,000, among which copied ones are looked for.
        held_out: all that were held out, up to the number of fakes.
        unseen: whether `reference` was never trained on.
        other: whether all of them are of other data than was trained on; `trained` are others of these then.
    """

    reference: Tensor
    others: Tensor
    trained: Tensor
    held_out: Tensor
    unseen: bool
    other: bool = False

    @property
    def what(self) -> str:
        """The kind of `reference`."""
        return "unseen" if self.other else "held-out" if self.unseen else "trained"

    @property
    def beside(self) -> str:
        """The kind of `others`, which make the floor."""
        return "other unseen reals" if self.other else "other trained reals"


@dataclass(frozen=True)
class Sets:
    """Features `(n, d)`; the first four have equally many rows.

    Attributes:
        real: the reference reals.
        fake: the generator's.
        floor: other reals, trained on, in the place of fakes.
        untrained: fakes of the untrained twin.
        trained, held_out, all_fakes: for tests of copying; `held_out` may have no rows.
        chosen: which reals.
    """

    real: Tensor
    fake: Tensor
    floor: Tensor
    untrained: Tensor
    trained: Tensor
    held_out: Tensor
    all_fakes: Tensor
    chosen: Chosen

    @property
    def same(self) -> str:
        """That all reals are one and the same to the features, so that no distance has a unit; "" where they differ."""
        rows = torch.cat([self.real, self.floor])
        if not bool((rows - rows[0]).abs().max() <= ROUNDING * rows.abs().max()):
            return ""
        return (
            f"all {counted(len(rows), 'real')} that fakes are compared with are the same (to these features): no "
            "distance, precision or diversity can be told, as they are counted in how far reals are from each other"
        )

    @property
    def spread(self) -> float:
        """Fakes' mean distance from each other over reals', of at most 2,000 each; 1 where all reals are the same."""
        fakes, reals = (mean_distance(x[:RENDERED]) for x in (self.fake, self.real))
        return fakes / reals if reals > 0 else 1.0

    @property
    def repeated(self) -> Tensor:
        """The real item in the middle, as often as there are fakes: the trivial generator without diversity."""
        middle = (self.real - self.real.mean(0)).norm(dim=1).argmin()
        return self.real[middle].expand(len(self.real), -1)


@dataclass(frozen=True)
class Rendered:
    """What people see, equally many of each as far as there are: reference reals, trained items, fakes."""

    fake: list[object]
    real: list[object]
    trained: list[object]


def fakes_for(items: int) -> int:
    """How many fakes are drawn unless somebody says: four for each item of the data, 2,000 at least and 10,000 at most.

    Distances use as many as there are reals to compare with, half of the items at most. All of them are looked at for
    copies only, where each item may be the nearest of four.
    """
    return min(max(AN_ITEM * items, LEAST), MOST)


def choose(subject: Subject, samples: int, dim: int | None, seed: int) -> Chosen:
    """Held-out items where there are more than features (32 at least), else one half of the trained ones.

    Raises:
        DataError: fewer than 64 items in all.
    """
    draw = Draw(seed, 0, "evaluate/")
    trained = _shuffled(subject.split.train, draw, "trained")
    held_out = _shuffled(subject.split.held_out, draw, "held_out")[:samples]
    if not subject.other_data and len(held_out) > max(FEWEST, dim or 0) and len(trained) >= FEWEST:
        n = min(len(held_out), len(trained))
        return Chosen(held_out[:n], trained[:n], trained[:LOOKED_AT], held_out, True)
    if subject.other_data:
        trained, held_out = torch.cat([held_out, trained]), held_out[:0]
    n = min(samples, len(trained) // 2)
    if n < FEWEST:
        raise DataError(
            f"{len(trained):,} trained and {counted(len(held_out), 'held-out item')}",
            f"{2 * FEWEST} or more: a distance between fewer says nothing",
            "train on more data",
        )
    if subject.other_data:
        return Chosen(trained[:n], trained[n : 2 * n], trained[n : 2 * n], held_out, unseen=True, other=True)
    return Chosen(trained[:n], trained[n : 2 * n], trained[:LOOKED_AT], held_out, False)


def look(  # noqa: PLR0913  (everything that is looked at)
    subject: Subject,
    extractor: Extractor,
    chosen: Chosen,
    samples: int,
    seed: int,
    cache: Path | None,
    stages: Stages,
    tick: Tick = lambda done, total: None,
) -> Sets:
    """Draw fakes, read reals, and extract features of all of them; `tick(done, total)` counts fakes."""
    n = len(chosen.reference)
    with stages.of("fakes"):
        drawn = _counted(subject.fakes(samples, seed), samples, tick)
        fakes = _fakes(subject.generator, extractor, drawn, samples, seed, cache)
    with stages.of("reals"):
        real, others, trained, held_out = _all_reals(subject, extractor, chosen, cache)
    with stages.of("baseline"):
        few = min(n, samples)
        untrained = _fakes(subject.untrained, extractor, subject.fakes(few, seed, subject.untrained), few, seed, cache)
    n = min(n, len(fakes))
    return Sets(real[:n], fakes[:n], others[:n], untrained[:n], trained, held_out, fakes, chosen)


def rendered_fakes(subject: Subject, chosen: Chosen, samples: int, seed: int) -> Rendered:
    """Up to 2,000 fakes and reals as people see them, for the modality's own scores."""
    n = min(RENDERED, samples)
    generator, spec = subject.generator, subject.data.spec
    fake = [one for batch in subject.fakes(n, seed) for one in generator.modality.render(batch, generator.spec)]
    sides = [
        [one for batch in subject.reals(items[:n]) for one in generator.modality.render(batch, spec)]
        for items in (chosen.reference, chosen.others)
    ]
    return Rendered(fake, sides[0], sides[1])


def _shuffled(items: Tensor, draw: Draw, purpose: str) -> Tensor:
    return items[torch.randperm(len(items), generator=draw.generator(purpose))]


def _fakes(
    generator: Generator, extractor: Extractor, batches: Iterable[Tensor], n: int, seed: int, cache: Path | None
) -> Tensor:
    key = key_of("fakes", identity_of(generator), seed, n)
    return _finite(cached(extractor, batches, key, cache), "fakes")


def _counted(batches: Iterable[Tensor], n: int, tick: Tick) -> Iterator[Tensor]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        tick(done, n)


def _all_reals(
    subject: Subject, extractor: Extractor, chosen: Chosen, cache: Path | None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Features of the reference, of the others, of trained and of held-out items; no item is looked at twice."""
    trained = _reals(subject, extractor, chosen.trained, cache)
    held_out = _reals(subject, extractor, chosen.held_out, cache) if len(chosen.held_out) else trained[:0]
    known = ((chosen.trained, trained), (chosen.held_out, held_out))

    def of(items: Tensor) -> Tensor:
        for numbers, features in known:
            for start in (0, len(items)):
                if torch.equal(numbers[start : start + len(items)], items):
                    return features[start : start + len(items)]
        return _reals(subject, extractor, items, cache)

    return of(chosen.reference), of(chosen.others), trained, held_out


def _reals(subject: Subject, extractor: Extractor, items: Tensor, cache: Path | None) -> Tensor:
    key = _key(subject, items) if cache else ""
    return _finite(cached(extractor, subject.reals(items), key, cache), "real items")


def _key(subject: Subject, items: Tensor) -> str:
    """Of items by their content as it was read, and by what becomes of the first: one-hots of all take long to read."""
    first = key_of_items(islice(subject.reals(items[:BATCH]), 1))
    return key_of("reals", subject.data.spec.modality, first, key_of_items(subject.raw(items)))


def _finite(features: Tensor, what: str) -> Tensor:
    bad = int((~features.isfinite().all(1)).sum())
    if bad:
        raise DataError(
            f"{bad} of {len(features)} {what} have features that are not finite",
            "numbers",
            "look at the run with multigan doctor",
        )
    return features
