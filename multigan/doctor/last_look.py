"""A small fresh judge at the end of a run, so that its verdict knows more than distances."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.doctor.measure import averaged_fakes
from multigan.doctor.reference import Reference, chunks
from multigan.engine.trainer import Trainer
from multigan.judge.bar import FEWEST
from multigan.judge.sides import sides_of
from multigan.judge.two_sample import Judged, two_sample
from multigan.judge.witness import judge_numbers
from multigan.plugins.shown import Views

__all__ = ["FAST", "MakeViews", "last_look", "who_looked"]

MakeViews = Callable[..., Views]
"""What is judged of samples, made of a function that gives other reals, and of `warn`; see `multigan.plugins.shown`."""
SHARE = 1 / 16
"""Of the run's samples: so many of each side each of the two judges sees, whose nets are far smaller than the run's. It
is a share of samples and not of seconds, so that the same seed gives the same numbers."""
MOST, LEAST = 1200, 200
FAST = "vitals/judge_fast"
"""1 where the second witness looked alone: the net would have cost a good part of so short a run."""


def last_look(
    trainer: Trainer, reference: Reference, make_views: MakeViews, warn: Callable[[str], object]
) -> dict[str, float]:
    """The judge's accuracy with its interval, on the reals of an evaluation of the same seed, and as many fakes.

    Held-out reals where there are 120 or more, else trained ones; see `multigan.judge.sides`. Where the run was too
    short for a net to learn in a small part of its time, the second witness looks alone, which takes about a second.
    Nothing where there is none then, or where fakes are not finite. A second witness that fails is told to `warn`, and
    costs that one alone.
    """
    seen = min(MOST, int(SHARE * trainer.state.samples))
    sides = sides_of(trainer.batches.split.held_out, trainer.batches.split.train, trainer.batches.seed)
    if len(sides.real) < FEWEST:
        return {}
    views = make_views(lambda: _reals(trainer, sides.known), warn=warn)
    if seen < LEAST and views.numbers is None:
        return {}
    fakes = averaged_fakes(trainer, reference, sides.real, len(sides.real))
    if not torch.isfinite(fakes).all():
        return {}
    judged = _judged(views, _reals(trainer, sides.real), fakes.split(trainer.batches.local_batch), trainer, seen)
    if judged is None:
        return {}
    accuracy = judged.accuracy
    return {
        **({FAST: 1.0} if seen < LEAST else {}),
        "vitals/judge_accuracy": accuracy.value,
        "vitals/judge_low": accuracy.low,
        "vitals/judge_high": accuracy.high,
        "vitals/judge_heldout": float(sides.unseen),
        "vitals/judge_items": float(len(sides.real)),
    }


def who_looked(row: Mapping[str, float]) -> str:
    """Who judged fakes in a measurement: `"net and numbers"` (or the net alone), `"numbers"` alone, or `"nobody"`."""
    if "vitals/judge_accuracy" not in row:
        return "nobody"
    return "numbers" if row.get(FAST) else "net and numbers"


def _judged(
    views: Views, reals: Iterable[Tensor], fakes: Iterable[Tensor], trainer: Trainer, seen: int
) -> Judged | None:
    """What both witnesses say, or the second one alone; None where that one fails."""
    if seen < LEAST:
        told = [views.told(side) for side in (reals, fakes)]
        return None if told[0] is None or told[1] is None else Judged(*judge_numbers(told[0], told[1]), by="numbers")
    real, fake = views.of(reals), views.of(fakes)
    draw = Draw(trainer.batches.seed, 0, "judge/")
    return two_sample(real.x, fake.x, draw, seen=seen, numbers=(real.numbers, fake.numbers))


def _reals(trainer: Trainer, items: Tensor) -> Iterator[Tensor]:
    return (batch.real.cpu() for batch in chunks(trainer.batches, items)) if len(items) else iter(())
