"""Which reals fakes are compared with, and everything in feature space, in equal numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.engine.holdout import TO_EVALUATE
from multigan.evaluation.stages import Stages
from multigan.evaluation.subject import Subject
from multigan.features import Extractor
from multigan.features.cache import cached, key_of, key_of_items
from multigan.files.findings import Tick
from multigan.generator.generator import Generator
from multigan.generator.refined import identity_of

__all__ = ["FEWEST", "LOOKED_AT", "RENDERED", "Chosen", "Rendered", "Sets", "choose", "look", "rendered_fakes"]

FEWEST = TO_EVALUATE // 2
RENDERED = 2000
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
        unseen: whether `reference` is held out.
    """

    reference: Tensor
    others: Tensor
    trained: Tensor
    held_out: Tensor
    unseen: bool

    @property
    def what(self) -> str:
        """The kind of `reference`."""
        return "held-out" if self.unseen else "trained"


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


def choose(subject: Subject, samples: int, dim: int | None, seed: int) -> Chosen:
    """Held-out items where there are more than features (32 at least), else one half of the trained ones.

    Raises:
        DataError: fewer than 64 items in all.
    """
    draw = Draw(seed, 0, "evaluate/")
    trained = _shuffled(subject.split.train, draw, "trained")
    held_out = _shuffled(subject.split.held_out, draw, "held_out")[:samples]
    if len(held_out) > max(FEWEST, dim or 0) and len(trained) >= FEWEST:
        n = min(len(held_out), len(trained))
        return Chosen(held_out[:n], trained[:n], trained[:LOOKED_AT], held_out, True)
    n = min(samples, len(trained) // 2)
    if n < FEWEST:
        raise DataError(
            f"{len(trained):,} trained and {counted(len(held_out), 'held-out item')}",
            f"{2 * FEWEST} or more: a distance between fewer says nothing",
            "train on more data",
        )
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
        fakes = _fakes(subject.generator, extractor, samples, seed, cache, tick)
    with stages.of("reals"):
        items = [_reals(subject, extractor, part, cache) for part in (chosen.reference, chosen.others, chosen.trained)]
        held_out = _reals(subject, extractor, chosen.held_out, cache) if len(chosen.held_out) else items[0][:0]
    with stages.of("baseline"):
        untrained = _fakes(subject.untrained, extractor, min(n, samples), seed, cache, lambda done, total: None)
    n = min(n, len(fakes))
    return Sets(items[0][:n], fakes[:n], items[1][:n], untrained[:n], items[2], held_out, fakes, chosen)


def rendered_fakes(subject: Subject, chosen: Chosen, samples: int, seed: int) -> Rendered:
    """Up to 2,000 fakes and reals as people see them, for the modality's own scores."""
    n = min(RENDERED, samples)
    generator, spec = subject.generator, subject.data.spec
    fake = [one for batch in generator.batches(n, seed) for one in generator.modality.render(batch, generator.spec)]
    sides = [
        [one for batch in subject.reals(items[:n]) for one in generator.modality.render(batch, spec)]
        for items in (chosen.reference, chosen.others)
    ]
    return Rendered(fake, sides[0], sides[1])


def _shuffled(items: Tensor, draw: Draw, purpose: str) -> Tensor:
    return items[torch.randperm(len(items), generator=draw.generator(purpose))]


def _fakes(generator: Generator, extractor: Extractor, n: int, seed: int, cache: Path | None, tick: Tick) -> Tensor:
    key = key_of("fakes", identity_of(generator), seed, n)
    return _finite(cached(extractor, _counted(generator.batches(n, seed), n, tick), key, cache), "fakes")


def _counted(batches: Iterable[Tensor], n: int, tick: Tick) -> Iterator[Tensor]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        tick(done, n)


def _reals(subject: Subject, extractor: Extractor, items: Tensor, cache: Path | None) -> Tensor:
    key = key_of_items(subject.reals(items)) if cache else ""
    return _finite(cached(extractor, subject.reals(items), key, cache), "real items")


def _finite(features: Tensor, what: str) -> Tensor:
    bad = int((~features.isfinite().all(1)).sum())
    if bad:
        raise DataError(
            f"{bad} of {len(features)} {what} have features that are not finite",
            "numbers",
            "look at the run with multigan doctor",
        )
    return features
