"""The signs of every ailment: what is looked at, from where on it counts, and why. See docs/doctor.md.

A sign is a pure function of a run's history and facts; it returns its evidence in words, `CLEAR`, or `UNTOLD` where the
numbers do not tell. What was once raised stands until a measurement clears it: not to be able to tell clears nothing.
"""

import math
from collections.abc import Callable

from multigan.core.counted import counted
from multigan.doctor.history import Circumstances, History
from multigan.doctor.outcome import (
    BESIDE,
    CLEAR,
    ENOUGH,
    FAR,
    UNTOLD,
    alike_and_far,
    body,
    clipped,
    disobeyed,
    faint,
    far_at_a_glance,
    glanced,
    judged_far,
    out_of_reach,
    phase_too_short,
    seen_by_both,
    strayed,
    too_short,
    uncovered,
    uncovered_beside,
    undecided,
    unmeasured,
    unseen_by_distance,
)
from multigan.doctor.scarcity import (
    EARLY,
    GAINING,
    d_remembers,
    labels_tell_nothing,
    ripe,
    same_items,
    too_few_items,
)
from multigan.judge.alike import NARROW_SPREAD, NARROW_VARIETY
from multigan.judge.bar import UNDECIDED
from multigan.run.ledger import NEWEST

__all__ = ["CLEAR", "GRAVITY", "SIGNS", "UNTOLD", "Sign", "raised"]

Sign = Callable[[History, Circumstances], str | None]
LOUD_LOGITS = 1e3  # D's mean logits of working runs stay below some hundreds, also without a Lipschitz bound
LARGE_STEP = 0.03  # of the weights' norm in one step; .001 to .01 is usual
REWRITTEN = 0.5  # in one step: most of what it began with is gone; weights that have grown make later steps look small
LOST = 0.3  # of the scale between reals (0) and one item repeated (1), given back since the best measurement
LOST_SHARE = 0.3  # of all that is left: beyond the scale its units are small
STUCK = 0.05  # less of the way to the floor in the last half of a phase is no learning
FELL = 0.5  # of the widest so far
SAME = 0.02  # spread of fakes that are one and the same
ALIKE_SPREAD, ALIKE_VARIETY = 0.5, 0.08  # of reals', at the end of a run: fakes that never came apart
FEW_ANSWERS = 0.08  # of reals' variety, whatever the spread: some answers, far from each other
STILL = 1e-7  # relative change of weights between measurements; float32 cannot even hold less
FADED = 1e-3  # G's gradient against its largest of the phase
TINY_GRADIENT = 1e-6  # G's gradient over its parameters
AHEAD_AT_FIRST = 200  # iterations in which D is ahead of many a G that comes near later
CERTAIN = 0.98  # D's accuracy where hardly a pair is in doubt
AT_BOTH_ENDS = 2  # measurements by which fakes that never came apart are known: it is over, and time left no more
SURE = 0.9
COPIED = 0.5  # fakes' distance to trained items over held-out items'
MOSTLY_NEARER = 0.8  # share of pairs in which the fake is the nearer one
KNEW = 0.1  # known beyond shares, of what an untrained G lacks of them: less is a matter of how they are counted
DISORDER = 0.55  # more than half-way from reals' order to none
CARRIED = "too little was measured since to take it back"
FORGOTTEN = 0.75  # of what G knew beyond token shares; games of healthy runs cost up to .52, rates x 50 at least .93


def not_finite(history: History, facts: Circumstances) -> str | None:
    """The run ended in NaN, or its losses or fakes are not finite."""
    if facts.failure:
        return facts.failure
    for row in history.rows[-NEWEST:]:
        for name, value in row.items():
            if isinstance(value, float) and not math.isfinite(value):
                return f"{name} is not finite at step {row['step']:,}"
    finite = history.last("fake_finite")
    return f"{1 - finite:.0%} of the fakes are not finite" if finite is not None and finite < 1 else None


def steps_too_far(history: History, facts: Circumstances) -> str | None:
    """Single steps that rewrite a good part of a player's weights: nothing learned can last.

    Where they have come down since and fakes are near reals, what was learned did last.
    """
    if too_short(history, facts) or _settles(history):  # first steps are large, whatever the rate
        return UNTOLD
    steps = {player: sorted(history.series(f"{player}_step")) for player in ("G", "D")}
    gap = history.gap_now()
    for player, of_player in steps.items():
        middle = of_player[len(of_player) // 2] if len(of_player) >= ENOUGH - 1 else 0.0
        lasts = (history.last(f"{player}_step") or 0.0) <= LARGE_STEP and gap is not None and gap <= FAR
        if middle > LARGE_STEP and not lasts:
            return f"one step changes {player}'s weights by {middle:.0%} of their size; about 1% or less is usual"
        if max(of_player, default=0.0) > REWRITTEN and (gap or 0.0) > FAR:
            return f"one step changed {player}'s weights by {of_player[-1]:.0%} of their size, and reals are far since"
    return CLEAR if max(map(len, steps.values())) >= ENOUGH - 1 else UNTOLD


def _settles(history: History) -> bool:
    """Whether a phase of likelihood is at its beginning: steps get smaller, and trained items have never been likelier.

    Weights are small then, and near reals nothing is lost. Of a phase in which D plays it cannot be told so.
    """
    steps, surprise, gap = history.series("G_step"), history.series("surprise"), history.gap_now()
    if not steps or len(surprise) < 2 or gap is None or gap > FAR or history.series("D_accuracy"):
        return False
    known = surprise[-1] < (history.last("surprise_trivial") or 0.0)
    return known and surprise[-1] == min(surprise) and steps[-1] == min(steps)


def ran_away(history: History, facts: Circumstances) -> str | None:
    """Logits far beyond those of any working run, or a distance that was far better before."""
    gap = history.gap(history.last("distance"))
    if gap is None or not ripe(history.vitals, history, facts):
        return UNTOLD
    if (history.last("spread") or 0.0) < SAME:  # one and the same answer explains any distance
        return CLEAR
    loudest = max((abs(history.last(f"logits_{of}") or 0.0) for of in ("real", "fake")), default=0.0)
    if loudest > LOUD_LOGITS and gap > FAR:
        return f"D's mean logits reached {loudest:,.0f}; in working runs they stay below some hundreds"
    best = history.best()
    # The last two measurements: in a short run of a game one alone may be far, and the next is near again.
    lately = history.gap(history.lower_of_last_two("distance"))
    gap = gap if lately is None else min(gap, lately)
    lost = gap - (history.gap(best[0]) or 0.0) if best is not None else 0.0
    if best is not None and lost > max(LOST, LOST_SHARE * gap) and gap > 2 * FAR:
        return (
            f"the distance was {best[0]:.3g} after {counted(best[1], 'sample')} "
            f"and is {history.last('distance'):.3g} now"
        )
    return CLEAR


def collapsed(history: History, facts: Circumstances) -> str | None:
    """Fakes are far more alike than reals, and were less so before, or are all the same. Never apart is no collapse."""
    spread, variety = history.last("spread"), history.last("variety")
    if spread is None or variety is None or not ripe(history.vitals, history, facts):
        return UNTOLD
    narrow = spread < NARROW_SPREAD or variety < NARROW_VARIETY
    widest = max(row.get("vitals/spread", 0.0) for row in history.vitals)
    fell = spread < FELL * widest or variety < FELL * max(row.get("vitals/variety", 0.0) for row in history.vitals)
    if not narrow or not (fell or spread < SAME):
        return CLEAR
    return f"fakes differ {spread:.0%} as much as reals do; variety (Vendi score) {variety:.0%} of theirs"


def never_apart(history: History, facts: Circumstances) -> str | None:
    """The run is over and its fakes are still almost the same, as an untrained G's are."""
    spread, variety = history.last("spread"), history.last("variety")
    if spread is None or variety is None or history.progress(facts) < 1 or len(history.vitals) < AT_BOTH_ENDS:
        return UNTOLD
    if spread >= ALIKE_SPREAD or variety >= ALIKE_VARIETY:
        return CLEAR
    return (
        f"fakes are nearly all alike and never came apart: they differ {spread:.0%} as much as reals do; "
        f"variety (Vendi score) {variety:.0%} of theirs"
    )


def few_answers(history: History, facts: Circumstances) -> str | None:
    """The run is over and its fakes are a handful of answers, however far these lie from each other."""
    spread, variety = history.last("spread"), history.last("variety")
    if spread is None or variety is None or history.progress(facts) < 1 or len(history.vitals) < AT_BOTH_ENDS:
        return UNTOLD
    if variety >= FEW_ANSWERS or spread < ALIKE_SPREAD:
        return CLEAR
    return f"fakes are a few answers repeated: variety (Vendi score) {variety:.0%} of reals', spread {spread:.0%}"


def g_stands_still(history: History, facts: Circumstances) -> str | None:
    """G's weights do not change."""
    said = _stands_still("G", history, facts)
    return said and f"{said}: it cannot learn"


def d_stands_still(history: History, facts: Circumstances) -> str | None:
    """D's weights do not change."""
    said = _stands_still("D", history, facts)
    return said and f"{said}: it cannot teach G"


def starves(history: History, facts: Circumstances) -> str | None:
    """G's gradient is gone while D is certain."""
    gradients, accuracy, gap = history.series("G_gradient"), history.recent("D_accuracy"), history.gap_now()
    if not gradients or accuracy is None or gap is None or not ripe(history.phase, history, facts):
        return UNTOLD
    faded = gradients[-1] < FADED * max(gradients) or gradients[-1] < TINY_GRADIENT
    if not faded or accuracy <= SURE or gap <= FAR:
        return CLEAR
    left = gradients[-1] / max(*gradients, 1e-30)
    return (
        f"G's gradient is {gradients[-1]:.1g} of its weights ({left:.1g} of its largest)"
        f" while D tells {accuracy:.1%} of pairs apart"
    )


def undirected(history: History, facts: Circumstances) -> str | None:
    """D gives no direction at all."""
    accuracy, gap = history.recent("D_accuracy"), history.gap_now()
    if not history.series("G_gradient") or accuracy is None or gap is None:
        return UNTOLD
    if not ripe(history.phase, history, facts):
        return UNTOLD
    if accuracy < SURE and gap > FAR and history.gain(0.5) < STUCK:
        return f"fakes stay far from reals (gap {gap:.2f}), yet D tells only {accuracy:.1%} of pairs apart"
    return CLEAR


def overpowered(history: History, facts: Circumstances) -> str | None:
    """D tells nearly every pair apart and G does not come nearer."""
    accuracy, gap = history.recent("D_accuracy"), history.gap_now()
    if accuracy is None or gap is None or not ripe(history.phase, history, facts):
        return UNTOLD
    if history.rows[-1]["step"] < AHEAD_AT_FIRST:
        return UNTOLD
    gain = history.gain(0.5)
    if accuracy < SURE or gap < FAR or gain > STUCK:
        return CLEAR
    return (
        f"D tells {accuracy:.1%} of real-fake pairs apart, and in the last half G went {max(gain, 0.0):.0%} of the way"
        f" that was left (gap {gap:.2f}: 0 = like reals, 1 = like one item repeated)"
    )


def forgot(history: History, facts: Circumstances) -> str | None:
    """G knew what reals are like, and knows less by now than one who knows no order at all."""
    values = [row["vitals/surprise"] for row in history.vitals if "vitals/surprise" in row]
    now, trivial, best = history.recent("surprise"), history.last("surprise_trivial"), history.knew()
    if now is None or trivial is None or best is None or not ripe(history.phase, history, facts):
        return UNTOLD
    knew = trivial - best[0]
    if knew < KNEW * (values[0] - trivial) or now - best[0] < FORGOTTEN * knew:
        return CLEAR
    return (
        f"trained reals surprised G by {best[0]:.2f} after {counted(best[1], 'sample')} and by {now:.2f} now:"
        f" it has forgotten {(now - best[0]) / knew:.0%} of what it knew of their order, without which it would be"
        f" {trivial:.2f}"
    )


def unordered(history: History, facts: Circumstances) -> str | None:
    """The parts of fakes follow one another hardly better than if they had been dealt, and that does not change."""
    gap = history.gap(history.recent("order"), "order")
    if gap is None or not history.series("D_accuracy") or not ripe(history.phase, history, facts):
        return UNTOLD
    if gap < DISORDER or history.gain(0.5, "order") > STUCK:
        return CLEAR
    return f"fakes' parts stand in little order ({gap:.2f}: 0 = like reals, 1 = like parts of reals dealt anew)"


def memorises(history: History, facts: Circumstances) -> str | None:
    """Fakes are much nearer to trained items than unseen reals are."""
    nearest, nearer = history.last("nearest"), history.last("nearer")
    if nearest is None or nearer is None or not ripe(history.vitals, history, facts):
        return UNTOLD
    if nearest > COPIED or nearer < MOSTLY_NEARER:
        return CLEAR
    unseen = "held-out reals are" if history.last("heldout_items") else "trained items are to each other"
    return f"fakes are {nearest:.2f} times as far from trained items as {unseen}, nearer in {nearer:.0%} of pairs"


def gains(history: History, facts: Circumstances) -> str | None:
    """The distance still falls, or the run has not come far enough to tell."""
    if history.progress(facts) < EARLY:
        return f"only {history.progress(facts):.0%} of the run's samples are done: too early to say more"
    history = body(history, facts)
    if len(history.phase) < ENOUGH:
        times = counted(len(history.phase), "time")
        return f"the last phase is so short that it was measured {times} only: too little to say more"
    gain, gap = history.gain(0.25), history.gap_now()
    if gap is not None and gap <= 0:
        return CLEAR  # no farther than reals from reals: there is nothing left to fall
    done = history.progress(facts)
    if done < 1 and gap is not None and gap > BESIDE:
        far = f"reals are not reached (gap {gap:.2f}: 0 = like other reals)"
        return f"only {done:.0%} of the run's samples are done, and {far}"
    if gain > GAINING:
        return f"the distance still falls: {gain:.0%} of what was left in the last quarter"
    if gap is not None and gap > FAR and history.gain(0.5) > STUCK:
        return f"the distance falls slowly and reals are far yet (gap {gap:.2f})"
    return CLEAR


SIGNS: tuple[tuple[str, str, Sign], ...] = (
    ("diverged", "not-finite", not_finite),
    ("diverged", "steps-too-far", steps_too_far),
    ("G starves", "G-still", g_stands_still),
    ("G starves", "D-still", d_stands_still),
    ("data-limited", "same-items", same_items),
    ("data-limited", "few-items", too_few_items),
    ("data-limited", "labels", labels_tell_nothing),
    ("diverged", "ran-away", ran_away),
    ("too short to say", "too-short", too_short),
    ("too short to say", "unmeasured", unmeasured),
    ("collapsed", "collapsed", collapsed),
    ("collapsed", "never-apart", never_apart),
    ("collapsed", "few-answers", few_answers),
    ("G starves", "starves", starves),
    ("G starves", "undirected", undirected),
    ("D overpowers", "overpowered", overpowered),
    ("diverged", "forgot", forgot),
    ("G starves", "unordered", unordered),
    ("memorising", "memorises", memorises),
    ("data-limited", "D-remembers", d_remembers),
    ("too short to say", "phase-too-short", phase_too_short),
    ("still far", "faint", faint),
    ("still far", "clipped", clipped),
    ("still far", "unseen", unseen_by_distance),
    ("still far", "seen-by-both", seen_by_both),
    ("still far", "out-of-reach", out_of_reach),
    ("still far", "disobeyed", disobeyed),
    ("still far", "strayed", strayed),
    ("still far", "uncovered-beside", uncovered_beside),
    ("still far", "glance-alike", alike_and_far),
    ("still far", "glance-far", far_at_a_glance),
    ("still improving", "gains", gains),
    ("still far", "uncovered", uncovered),
    ("still far", "judged", judged_far),
    ("too short to say", "glanced", glanced),
    (UNDECIDED, "undecided", undecided),
)
"""Verdicts and their signs, by key. The first sign that is found names the run: what explains others comes before them
(numbers that are broken, a player that cannot move, data that cannot teach), then the graver before the milder. None
found: healthy."""
GRAVITY = (
    "diverged",
    "collapsed",
    "G starves",
    "D overpowers",
    "memorising",
    "data-limited",
    "still far",
    "too short to say",
    "still improving",
    UNDECIDED,
    "healthy",
)
"""Verdicts, the gravest first: a run gets worse when its verdict moves to the front."""


def _stands_still(player: str, history: History, facts: Circumstances) -> str | None:
    moved = history.series(f"{player}_moved")[-2:]
    if too_short(history, facts) or len(history.phase) < ENOUGH or not history.series("D_accuracy"):
        return UNTOLD
    if not moved or max(moved) >= STILL:
        return CLEAR
    return f"{player}'s weights do not move (relative change {moved[-1]:.1g} since the last look)"


def raised(history: History, facts: Circumstances) -> list[tuple[str, str, str]]:
    """Verdict, key and words of all signs that stand, in the order of `SIGNS`."""
    found = [(name, key, _standing(sign, history, facts)) for name, key, sign in SIGNS]
    return [(name, key, said) for name, key, said in found if said]


def _standing(sign: Sign, history: History, facts: Circumstances) -> str | None:
    """What a sign says; where the phase is too young for it to tell, what it said at the end of the one before."""
    said = sign(history, facts)
    earlier = history.before_phase() if said == UNTOLD else None
    if earlier is None:
        return said
    said = _standing(sign, earlier, facts)
    if not said or CARRIED in said:
        return said
    return f"{said} (that was after {counted(earlier.vitals[-1]['samples'], 'sample')}; {CARRIED})"
