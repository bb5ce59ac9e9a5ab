"""A fresh judge of fakes against reals, beside reals against reals, and which items it went by."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError
from multigan.evaluation.score import Score, spread
from multigan.evaluation.subject import Subject
from multigan.judge.bar import CHANCE, FAR, FEWEST, MOST, too_far
from multigan.judge.sides import sides_of
from multigan.judge.two_sample import SEEN, Judged, two_sample
from multigan.plugins.shown import Shown, judge_views

__all__ = ["Fresh", "fresh_judge"]

CLEAR_CUT = 400
"""Samples that the judge of the untrained generator sees: that one is no riddle."""
SHOWN = 12


@dataclass(frozen=True)
class Fresh:
    """What it said.

    Attributes:
        score: accuracy with interval, floor and baseline; None where nothing can be told.
        far: whether it is above the bar.
        untold: why nothing can be told, or "".
        told: for `evaluation.json`.
        whose: fakes were judged, such as `"fakes of the best generator"`.
        other: how to have the run's other generator judged, or "".
        warnings: why there was no second witness, where it failed.
    """

    score: Score | None
    far: bool
    untold: str
    told: dict[str, Any]
    whose: str = "fakes"
    other: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def apart(self) -> bool:
        """Whether it tells fakes from reals beyond doubt, however often."""
        return self.score is not None and (self.score.low or 0.0) > CHANCE


def fresh_judge(subject: Subject, samples: int, seed: int) -> Fresh:
    """Let who has seen neither learn from half of the reals and as many fakes, and judge the rest; see `two_sample`.

    Reals are held-out ones where there are 120 or more, else trained ones, and the same ones that the judge at the end
    of training has seen, where the seed is the run's. The floor has other trained reals in the place of fakes, the
    baseline fakes of the untrained generator.

    Args:
        subject: the run.
        samples: fakes that may be drawn.
        seed: of fakes, nets and the choice of reals.
    """
    held_out, trained = subject.split.held_out, subject.split.train
    if subject.other_data:
        held_out, trained = held_out[:0], torch.cat([held_out, trained])
    sides = sides_of(held_out, trained, seed, min(MOST, samples))
    n, what = len(sides.real), "unseen" if subject.other_data else "held-out" if sides.unseen else "trained"
    if n < FEWEST:
        why = f"{counted(n, 'real')} a side: a judge needs {FEWEST}"
        return Fresh(None, False, why, {"untold": why})
    draw, failed = Draw(seed, 0, "judge/"), dict[str, None]()
    modality, spec = subject.generator.modality, subject.data.spec
    try:
        views = judge_views(modality, lambda: subject.reals(sides.known), spec, failed.setdefault)
        real, fake = views.of(subject.reals(sides.real)), views.of(subject.fakes(n, seed))
        untrained = views.of(subject.fakes(n, seed, subject.untrained))
        others = views.of(subject.reals(sides.others)) if len(sides.others) >= FEWEST else None
    except MultiGANError as error:
        return Fresh(None, False, str(error), {"untold": str(error)})
    found = _told_apart(real, fake, draw)
    floor = None if others is None else _told_apart(real, others, draw.child("floor")).accuracy.value
    baseline = _told_apart(real, untrained, draw.child("baseline"), CLEAR_CUT).accuracy.value
    score = _score(found, (floor, len(sides.others)), baseline, n, what)
    told = _told(found, sides.real, n, what, seed)
    whose = f"fakes of the {subject.which} generator"
    return Fresh(score, too_far(found.accuracy), "", told, whose, subject.other, tuple(failed))


def _told_apart(real: Shown, other: Shown, draw: Draw, seen: int = SEEN) -> Judged:
    return two_sample(real.x, other.x, draw, seen=seen, numbers=(real.numbers, other.numbers))


def _score(found: Judged, floor: tuple[float | None, int], baseline: float, n: int, what: str) -> Score:
    trained = "" if what != "trained" else "; the reals are trained ones, as too few were held out"
    others = "unseen reals" if what == "unseen" else "trained reals"
    return Score(
        "judge",
        "told apart by a fresh judge",
        "similarity",
        better="near floor",
        floor=floor[0],
        floor_note=None if floor[0] is None else f"{floor[1]} other {others} in the place of fakes",
        baseline=baseline,
        baseline_note="the untrained generator of the same seed",
        n_fake=n,
        n_real=n,
        note=f"accuracy {_whose(found)} on the half that they have not seen; .5 = by chance; surely "
        f"above {FAR:g} is still far{trained}",
        unit="%",
        **spread(found.accuracy),
    )


def _whose(found: Judged) -> str:
    if found.witnesses < 2:
        return "of small nets"
    return f"of {'small nets' if found.by == 'net' else 'regressions of numbers'}, the better of two kinds of witness,"


def _told(found: Judged, real: Tensor, n: int, what: str, seed: int) -> dict[str, Any]:
    """Which fakes were the surest, and which reals were most like fakes: numbers of fakes of the seed, and of items."""
    fakes, reals = found.fake.argsort()[:SHOWN], found.real.argsort()[:SHOWN]
    return {
        "bar": FAR,
        "by": found.by,
        "compared_with": what,
        "seed": seed,
        "drawn": n,
        "giveaways": [{"fake": int(k), "logit": round(float(found.fake[k]), 3)} for k in fakes],
        "doubted_reals": [{"item": int(real[k]), "logit": round(float(found.real[k]), 3)} for k in reals],
    }
