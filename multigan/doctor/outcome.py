"""Signs of how a run came out: too short to say, or fakes that are still far; see `multigan.doctor.signs`."""

import math
from collections.abc import Sequence

from multigan.core.counted import counted
from multigan.core.shell import typed
from multigan.doctor.history import Circumstances, History
from multigan.judge.alike import much_alike
from multigan.judge.bar import FAR as FAR_BY_JUDGE
from multigan.judge.bar import side_of
from multigan.judge.bar import undecided as undecided_by_judge
from multigan.judge.clipping import clipping
from multigan.judge.enough import FEW_STEPS, too_few

__all__ = [
    "BESIDE",
    "CLEAR",
    "ENOUGH",
    "FAR",
    "UNTOLD",
    "alike_and_far",
    "body",
    "clipped",
    "disobeyed",
    "faint",
    "far_at_a_glance",
    "glanced",
    "judged_far",
    "judged_last",
    "out_of_reach",
    "phase_too_short",
    "seen_by_both",
    "strayed",
    "too_short",
    "uncovered",
    "uncovered_beside",
    "undecided",
    "unmeasured",
    "unseen_by_distance",
]

CLEAR, UNTOLD = None, ""
FAR = 0.3  # a gap that a person sees at once
ENOUGH = 3  # measurements, of the run or of its phase, before anything but NaN is named
AHEAD = 4  # quarters: as long again as the run was
BESIDE = 0.1  # a gap with so little way left that what a judge still sees lies beside what the features see
FAKES = 256  # of a measurement
OBEYED = 0.5  # of the way from chance to reals: below it most fakes show another label than was asked for
RISING = 0.1  # of what is left to reals, in the last quarter
FINISH = 0.1  # of a run's samples: a last phase that short finishes what the one before has learnt
MOST_COVERED = 256  # reals that coverage is of where none are held out
FAINT = 0.03  # of reals' standard deviation: 30 dB below their level
REACHED = 0.5  # of the share of other reals that lie among reals: below it most fakes lie elsewhere
COVERED = 0.6  # of what other reals cover: below it whole regions of reals have no fake near


def too_short(history: History, facts: Circumstances) -> str | None:
    """So few iterations that neither good nor bad can be said, whether the run is over or was stopped."""
    steps, samples = (history.rows[-1][key] if history.rows else 0 for key in ("step", "samples"))
    few = too_few(steps, samples)
    if not few:
        return CLEAR
    done = f"the whole run is {counted(steps, 'iteration')}"
    if history.progress(facts) < 1:
        done = f"only {counted(steps, 'iteration')} of the run {'is' if steps == 1 else 'are'} done"
    return f"{done}; {few}"


def unmeasured(history: History, facts: Circumstances) -> str | None:
    """Nothing was measured, so that neither good nor bad can be said."""
    return CLEAR if history.vitals else "nothing was measured while it trained (train.vitals is 0)"


def body(history: History, facts: Circumstances) -> History:
    """The run without its last phase where that is a short finish of a long fit, so that what was trained is judged."""
    before = history.before_phase()
    finish = 0 < facts.last_phase_samples <= FINISH * facts.samples
    if before is None or not finish or len(before.phase) < ENOUGH or too_short(before, facts):
        return history
    return before


def phase_too_short(history: History, facts: Circumstances) -> str | None:
    """The last phase is over after so few iterations, or measurements, that what it did cannot be told.

    One that is meant to be short beside the phase before it is not asked to have done anything.
    """
    if history.progress(facts) < 1 or len(history.phase) == len(history.vitals):
        return CLEAR
    if body(history, facts) is not history:
        return CLEAR
    now = history.vitals[-1]
    steps = now["step"] - max(row["step"] for row in history.rows if row.get("phase") != now["phase"])
    if facts.last_phase_samples:  # not every step has a row: the plan is nearer
        own = now["samples"] - (facts.samples - facts.last_phase_samples)
        steps = min(steps, max(1, math.ceil(own * now["step"] / max(now["samples"], 1))))
    if steps >= FEW_STEPS and len(history.phase) >= ENOUGH:
        return CLEAR
    return (
        f"the last phase is {counted(steps, 'iteration')}, measured {counted(len(history.phase), 'time')}: "
        "too little to say what it did"
    )


def faint(history: History, facts: Circumstances) -> str | None:
    """Fakes are next to nothing: silence, or one flat tone. Features that look at shapes may not see it."""
    strength = history.last("strength")
    if strength is None or history.progress(facts) < 1:
        return UNTOLD
    if strength > FAINT:
        return CLEAR
    return f"fakes are next to nothing (silence, a flat grey): half vary by {strength:.2g} of what reals do or less"


def clipped(history: History, facts: Circumstances) -> str | None:
    """Sounds stay at full scale far more often than reals do."""
    share, floor = history.last("clipped"), history.last("clipped_floor")
    if share is None or floor is None or history.progress(facts) < 1:
        return UNTOLD
    return clipping(share, floor) or CLEAR


def judged_far(history: History, facts: Circumstances) -> str | None:
    """A fresh judge tells fakes from reals, at the end of the run or when it was evaluated."""
    if facts.judged:
        return facts.judged
    said = judged_last(history, facts)
    if said is None:
        return UNTOLD
    return said if (history.now("judge_low") or 0.0) > FAR_BY_JUDGE else CLEAR


def judged_last(history: History, facts: Circumstances) -> str | None:
    """What the judge at the end of the run said, of which generator, and how to have the other one judged."""
    accuracy, low, high, items = (history.now(f"judge_{name}") for name in ("accuracy", "low", "high", "items"))
    if accuracy is None or low is None or high is None:
        return None
    evaluate = f"multigan evaluate {typed(facts.folder)}"
    other = f" (of the {facts.other} one: {evaluate})" if facts.other else ""
    fast = bool(history.now("judge_fast"))
    who = "a fast look: regressions of numbers call" if fast else "a fresh judge calls"
    said = (
        f"{who} {accuracy:.0%} of reals and fakes of the last generator rightly "
        f"({low:.0%} to {high:.0%}), {side_of(low, high, None if items is None else int(items))}{other}"
    )
    if not (low > FAR_BY_JUDGE or history.now("judge_heldout")) and items is not None:
        said += (
            "; these are trained items, as too few are held out: a copier would pass too, and how good it is cannot be "
            "told"
        )
    if not fast:
        return said
    unknown = "" if low > FAR_BY_JUDGE else f"; what it would see is not known, and {evaluate} looks in full"
    return f"{said}; the judge's net was left out for lack of time{unknown}"


def far_at_a_glance(history: History, facts: Circumstances) -> str | None:
    """Numbers alone tell fakes apart, in a run so short that no net looked: what falls yet is far all the same.

    So it is where an evaluation said the same since: to know more makes no verdict milder.
    """
    if not history.now("judge_fast"):
        return UNTOLD
    return judged_far(history, facts)


def alike_and_far(history: History, facts: Circumstances) -> str | None:
    """The same, and fakes are much alike: they are one muffled answer with little variations."""
    spread, variety = history.last("spread"), history.last("variety")
    if spread is None or variety is None or history.progress(facts) < 1:
        return UNTOLD
    if not far_at_a_glance(history, facts) or facts.judged:  # an evaluation has said it itself
        return CLEAR
    return much_alike(spread, variety) or CLEAR


def glanced(history: History, facts: Circumstances) -> str | None:
    """Only numbers looked, and saw nothing that is surely wrong: so little makes nothing healthy."""
    if not history.now("judge_fast") or facts.evaluated or history.progress(facts) < 1:
        return UNTOLD
    return judged_last(history, facts) if not far_at_a_glance(history, facts) else CLEAR


def undecided(history: History, facts: Circumstances) -> str | None:
    """A judge tells fakes apart more often than the bar allows, but not surely; see `multigan.judge.bar.undecided`.

    An evaluation of the same weights, whose judge learns for longer, has the last word.
    """
    if facts.judged or facts.evaluated:
        return facts.undecided or CLEAR
    accuracy, low, said = history.now("judge_accuracy"), history.now("judge_low"), judged_last(history, facts)
    if accuracy is None or low is None or said is None or history.now("judge_fast"):
        return UNTOLD
    return said if undecided_by_judge(accuracy, low) else CLEAR


def unseen_by_distance(history: History, facts: Circumstances) -> str | None:
    """A fresh judge tells fakes apart though the distance has hardly any way left: to fall further will not mend it."""
    said, gap = judged_far(history, facts), history.gap_now()
    if not said or gap is None:
        return said
    return f"{said}; the distance hardly sees why (gap {gap:.2f})" if gap < BESIDE else CLEAR


def seen_by_both(history: History, facts: Circumstances) -> str | None:
    """A fresh judge tells fakes apart and the distance is wide: what lies there is far, however it was falling."""
    said, gap = judged_far(history, facts), history.gap_now()
    if not said or gap is None:
        return said
    return f"{said}; the distance is wide too (gap {gap:.2f})" if gap > FAR else CLEAR


def out_of_reach(history: History, facts: Circumstances) -> str | None:
    """Fakes are far, and at the pace of the last quarter they would be after as long again."""
    gap = history.gap_now()
    if gap is None or history.progress(facts) < 1 or len(history.phase) < ENOUGH:
        return UNTOLD
    pace = history.gain(0.25)
    ahead = gap * (1 - min(max(pace, 0.0), 1.0)) ** AHEAD
    if ahead <= FAR:
        return CLEAR
    far = f"reals are far (gap {gap:.2f}: 0 = like reals, 1 = like one item repeated)"
    if not pace:
        return f"{far}, and in the last quarter nothing changed that can be told from noise"
    return (
        f"{far}, and at the pace of the last quarter, {max(pace, 0.0):.0%} of what was left,"
        f" they would be after as long again ({ahead:.2f})"
    )


def uncovered(history: History, facts: Circumstances) -> str | None:
    """Many reals have no fake near them, where other reals would be, and surely: by two standard errors of so few."""
    return _fewer(
        history, facts, "coverage", COVERED, "only {} of reals have a fake near them; as many other reals are near {}"
    )


def strayed(history: History, facts: Circumstances) -> str | None:
    """Most fakes lie where no real does, surely: what lies there is far, however the distance was falling."""
    return _fewer(
        history, facts, "precision", REACHED, "only {} of fakes lie among reals; of as many other reals {} do"
    )


def _fewer(history: History, facts: Circumstances, name: str, least: float, said: str) -> str | None:
    """The end's share is below `least` of that of other reals, by two standard errors of so few."""
    share, floor = history.last(name), history.last(f"{name}_floor")
    if share is None or not floor or history.progress(facts) < 1:
        return UNTOLD
    bound = least * floor
    of = history.last("coverage_items") or history.last("heldout_items") or MOST_COVERED
    if share >= bound - 2 * _error(bound, max(1.0, of)):
        return CLEAR
    fakes = history.last("coverage_fakes")
    counts = "" if fakes is None else f" ({fakes:,.0f} fakes, {of:,.0f} reals)"
    return said.format(f"{share:.0%}", f"{floor:.0%}") + counts


def uncovered_beside(history: History, facts: Circumstances) -> str | None:
    """Many reals have no fake near them though the distance has hardly any way left, and that is not changing."""
    said, gap, seen = uncovered(history, facts), history.gap_now(), history.series("coverage")
    if not said or gap is None:
        return said
    if gap >= BESIDE or _rise(seen) > RISING * (1 - seen[-1]):
        return CLEAR
    return f"{said}; the distance hardly sees why (gap {gap:.2f})"


def disobeyed(history: History, facts: Circumstances) -> str | None:
    """Most fakes show another label than they were asked for, surely, and that no longer changes."""
    real, chance, seen = history.last("labels_real"), history.last("labels_chance"), history.series("labels_fake")
    if real is None or chance is None or len(seen) < ENOUGH or history.progress(facts) < 1:
        return UNTOLD
    bound = chance + OBEYED * (real - chance)
    error, now = _error(bound, FAKES), seen[-1]
    # Not where labels can hardly be seen in reals, and not where fakes are just learning them.
    if bound - chance < 2 * error or now >= bound - 2 * error or _rise(seen) > max(2 * error, (real - now) * RISING):
        return CLEAR
    return (
        f"fakes show the label that they were asked for in {now:.0%} of cases; reals show their own in {real:.0%},"
        f" and by chance it would be {chance:.0%}"
    )


def _error(share: float, count: float) -> float:
    """The standard error of a share of so many."""
    return math.sqrt(share * (1 - share) / count)


def _rise(values: Sequence[float]) -> float:
    """Over the last quarter."""
    return values[-1] - values[round(0.75 * (len(values) - 1))]
