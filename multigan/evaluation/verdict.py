"""Scores in words: what was learnt, what is missing, what is copied."""

from collections.abc import Mapping, Sequence

from multigan.core.counted import counted
from multigan.evaluation.copying import Copying
from multigan.evaluation.score import Score
from multigan.evaluation.sets import Sets
from multigan.judge.bar import CHANCE
from multigan.run.flags import MEMORISING, UNTOLD

__all__ = ["flags_of", "verdict", "warnings_of"]

COLLAPSED_BELOW, COVERED_BELOW = 0.1, 0.5
LOST_BELOW, GAINED_ABOVE = 0.8, 1.25
NEAR_FLOOR = 1.5
OBEYED, IGNORED = 0.75, 0.2
"""Of what reals have; of the way there from chance."""


def verdict(scores: Sequence[Score], copied: Copying, sets: Sets) -> list[str]:
    """One line each on distance, quality, diversity and memorisation, with the numbers that it is read from.

    Each says what its number measures and no more. Where a fresh judge tells fakes apart, that comes first; where all
    reals are the same, which the health of the generator says, nothing is said of distances.
    """
    by_key = {score.key: score for score in scores}
    if sets.same:
        return [_copies(copied, by_key)]
    frechet = by_key["frechet"]
    lines = [_apart(by_key["judge"], frechet)] if "judge" in by_key and (by_key["judge"].low or 0.0) > CHANCE else []
    lines += [_distance(frechet)]
    lines += [_quality(by_key)] if "precision" in by_key else []
    lines += [_labels(by_key["labels"])] if "labels" in by_key else []
    lines += [_diversity(by_key)]
    return [*lines, _copies(copied, by_key)]


def warnings_of(copied: Copying, sets: Sets, trained: int) -> list[str]:
    """What spoils the numbers, and whether the fakes are copies; `trained` items were trained on."""
    n, dim = sets.real.shape
    found = []
    if not sets.chosen.unseen:
        found.append(
            f"{counted(len(sets.chosen.held_out), 'item is', 'items are')} held out, too few "
            f"for {dim} features: scores compare with "
            f"{n:,} trained items, so a generator that copies would score well"
        )
    if n <= dim:
        found.append(
            f"{counted(n, 'item does', 'items do')} not determine {dim} features: the Fréchet distance is mostly bias"
        )
    if trained > len(sets.trained) and not sets.chosen.other:
        found.append(f"copies are looked for among {len(sets.trained):,} of {trained:,} trained items only")
    alarm = flags_of(copied).get(MEMORISING)
    return [*found, alarm] if alarm else found


def flags_of(copied: Copying) -> dict[str, str]:
    """What who hands the generator on must know, key to words; see `multigan.run.flags`."""
    if copied.memorising:
        return {
            MEMORISING: "memorising: the fakes are copies of training items, or nearly; do not publish the generator "
            "where the data is private"
        }
    return {UNTOLD: f"memorising: cannot be told, {copied.untold}"} if copied.untold else {}


def _apart(judge: Score, frechet: Score) -> str:
    said = f"told apart: a fresh judge calls {judge.value:.0%} rightly ({judge.low:.0%} to {judge.high:.0%}, "
    said += f"{CHANCE:.0%} by chance)"
    if frechet.value < NEAR_FLOOR * (frechet.floor or 0.0):
        said += ". The distance, which is small, compares averages of all items; the judge looks at each"
    return said


def _distance(frechet: Score) -> str:
    value, floor, baseline = frechet.value, frechet.floor or 0.0, frechet.baseline or 0.0
    head = f"distance: FD {value:.3g} is {value / max(floor, 1e-12):.1f} x that of other reals ({floor:.3g})"
    head += f" and {value / max(baseline, 1e-12):.2f} x that of the untrained generator ({baseline:.3g})"
    apart, near = frechet.clear and value > floor, value < NEAR_FLOOR * floor
    words = "averages of features are not surely others than those of reals"
    words = (
        f"averages of features are surely others than those of reals{', by little' if near else ''}" if apart else words
    )
    return f"{head}: {words}{_at(frechet)}"


def _at(score: Score) -> str:
    return "" if score.n_real is None else f" at n = {score.n_real:,}"


def _quality(by_key: Mapping[str, Score]) -> str:
    score, recall = by_key["precision"], by_key.get("recall")
    floor = score.floor or 0.0
    say = f"it does not tell fakes from reals{_at(score)}"
    if score.clear and score.value < floor:
        say = "fakes lie where no reals are more often than reals do"
    elif score.clear and recall is not None and recall.clear and recall.value < (recall.floor or 0.0):
        reached = f"recall is {recall.value:.0%}, of other reals {recall.floor:.0%}"
        say = f"above that of reals, while {reached}: few kinds, drawn often"
    elif score.clear:
        say = "above that of reals: fakes crowd where reals are dense"
    sure = "" if score.low is None or score.high is None else f" ({score.low:.0%} to {score.high:.0%})"
    return f"quality: {score.title} {score.value:.0%}{sure}, other reals {floor:.0%}: {say}"


def _labels(score: Score) -> str:
    """Whether asking for a class does something."""
    floor, chance = score.floor or 0.0, score.baseline or 0.0
    low, high = score.low or 0.0, score.high or 1.0
    words = "labels do something, and not yet what they should"
    words = "labels are obeyed" if low > OBEYED * floor else words
    words = "labels do next to nothing" if high < chance + IGNORED * (floor - chance) else words
    return (
        f"labels: {score.value:.0%} ({low:.0%} to {high:.0%}) of samples look like the class that was asked for, of "
        f"reals {floor:.0%}, by chance {chance:.0%}: {words}"
    )


def _diversity(by_key: Mapping[str, Score]) -> str:
    vendi, coverage = by_key["vendi"], by_key["coverage"]
    # 1 is what a single item has: only what is above it is diversity.
    ratio = (vendi.value - 1) / max((vendi.floor or 1.0) - 1, 1e-12)
    fewer = ratio < LOST_BELOW or (vendi.clear and vendi.value < (vendi.floor or 0.0))
    words = "fakes differ less than reals do" if fewer else "fakes differ from each other as reals do"
    words = "fakes differ more than reals do" if ratio > GAINED_ABOVE else words
    words = "collapsed: almost all the same" if ratio < COLLAPSED_BELOW else words
    if coverage.value < COVERED_BELOW * (coverage.floor or 0.0) and ratio >= LOST_BELOW:
        words += ", yet most reals have no fake near them"
    elif not fewer:
        words += ", which noise may too"
    reals = f"{coverage.n_real:,} reals" if coverage.n_real else "reals"
    by = f"{coverage.n_fake:,} fakes" if coverage.n_fake else "fakes"
    numbers = (
        f"Vendi {vendi.value:.3g} of real {vendi.floor:.3g}, coverage {coverage.value:.0%} of {reals} by {by}, "
        f"{coverage.floor or 0.0:.0%} by as many other reals"
    )
    return f"diversity: {numbers}: {words}"


def _copies(copied: Copying, by_key: Mapping[str, Score]) -> str:
    if untold := flags_of(copied).get(UNTOLD):
        return untold
    test, ratio = by_key["copy_test"], by_key["unseen_nearest"]
    numbers = f"C_T {test.value:.1f}, held-out neighbours {ratio.value:.2f} x chance"
    if copied.memorising:
        return f"memorising: YES, fakes follow the training items ({numbers})"
    if copied.smooth:
        return f"memorising: no; fakes lie near all reals, held-out ones too: smooth, not copied ({numbers})"
    return f"memorising: no sign of it ({numbers})"
