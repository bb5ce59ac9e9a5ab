"""A small fresh judge at the end of a run, so that its verdict knows more than distances."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.doctor.measure import averaged_fakes
from multigan.doctor.reference import Reference, chunks
from multigan.engine.trainer import Trainer
from multigan.judge.bar import FEWEST
from multigan.judge.sides import sides_of
from multigan.judge.two_sample import two_sample
from multigan.plugins.shown import Views

__all__ = ["MakeViews", "last_look"]

MakeViews = Callable[..., Views]
"""What is judged of samples, made of a function that gives other reals, and of `warn`; see `multigan.plugins.shown`."""
SHARE = 1 / 16
"""Of the run's samples: so many of each side each of the two judges sees, whose nets are far smaller than the run's. It
is a share of samples and not of seconds, so that the same seed gives the same numbers."""
MOST, LEAST = 1200, 200


def last_look(
    trainer: Trainer, reference: Reference, make_views: MakeViews, warn: Callable[[str], object]
) -> dict[str, float]:
    """The judge's accuracy with its interval, on the reals of an evaluation of the same seed, and as many fakes.

    Held-out reals where there are 120 or more, else trained ones; see `multigan.judge.sides`. Nothing
    where the run was too short for a judge to learn in a small part of its time, or fakes are not finite. A second
    witness that fails is told to `warn`, and costs that one alone.
    """
    seen = min(MOST, int(SHARE * trainer.state.samples))
    sides = sides_of(trainer.batches.split.held_out, trainer.batches.split.train, trainer.batches.seed)
    if seen < LEAST or len(sides.real) < FEWEST:
        return {}
    fakes = averaged_fakes(trainer, reference, sides.real, len(sides.real))
    if not torch.isfinite(fakes).all():
        return {}
    views = make_views(lambda: _reals(trainer, sides.known), warn=warn)
    real, fake = views.of(_reals(trainer, sides.real)), views.of(fakes.split(trainer.batches.local_batch))
    draw = Draw(trainer.batches.seed, 0, "judge/")
    accuracy = two_sample(real.x, fake.x, draw, seen=seen, numbers=(real.numbers, fake.numbers)).accuracy
    return {
        "vitals/judge_accuracy": accuracy.value,
        "vitals/judge_low": accuracy.low,
        "vitals/judge_high": accuracy.high,
        "vitals/judge_heldout": float(sides.unseen),
        "vitals/judge_items": float(len(sides.real)),
    }


def _reals(trainer: Trainer, items: Tensor) -> Iterator[Tensor]:
    return (batch.real.cpu() for batch in chunks(trainer.batches, items)) if len(items) else iter(())
