"""Scores in words: what was learnt, what is missing, what is copied."""

from collections.abc import Mapping, Sequence

from multigan.evaluation.copying import Copying
from multigan.evaluation.score import Score
from multigan.evaluation.sets import Sets
from multigan.run.flags import MEMORISING, UNTOLD

__all__ = ["flags_of", "verdict", "warnings_of"]

LEARNT_BELOW = 0.5
COLLAPSED_BELOW, COVERED_BELOW = 0.1, 0.5
LOST_BELOW, GAINED_ABOVE = 0.8, 1.25


def verdict(scores: Sequence[Score], copied: Copying, sets: Sets) -> list[str]:
    """One line each on distance, quality, diversity and memorisation, with the numbers that it is read from."""
    by_key = {score.key: score for score in scores}
    lines = [_distance(by_key["frechet"])]
    lines += [_share(by_key["precision"], "quality")] if "precision" in by_key else []
    lines += [_diversity(by_key)]
    return [*lines, _copies(copied, by_key, sets)]


def warnings_of(copied: Copying, sets: Sets, trained: int) -> list[str]:
    """What spoils the numbers, and whether the fakes are copies; `trained` items were trained on."""
    n, dim = sets.real.shape
    found = []
    if not sets.chosen.unseen:
        found.append(
            f"{len(sets.chosen.held_out):,} items are held out, too few for {dim} features: scores compare with "
            f"{n:,} trained items, so a generator that copies would score well"
        )
    if n <= dim:
        found.append(f"{n:,} items do not determine {dim} features: the Fréchet distance is mostly bias")
    if trained > len(sets.trained):
        found.append(f"copies are looked for among {len(sets.trained):,} of {trained:,} trained items only")
    alarm = flags_of(copied, sets).get(MEMORISING)
    return [*found, alarm] if alarm else found


def flags_of(copied: Copying, sets: Sets) -> dict[str, str]:
    """What who hands the generator on must know, key to words; see `multigan.run.flags`."""
    if copied.memorising:
        return {
            MEMORISING: "memorising: the fakes are copies of training items, or nearly; do not publish the generator "
            "where the data is private"
        }
    return {} if copied.scores else {UNTOLD: f"memorising: cannot be told, {len(sets.held_out):,} items are held out"}


def _distance(frechet: Score) -> str:
    value, floor, baseline = frechet.value, frechet.floor or 0.0, frechet.baseline or 0.0
    head = f"FD {value:.3g} is {value / max(floor, 1e-12):.1f} x the floor {floor:.3g}"
    head += f" and {value / max(baseline, 1e-12):.2f} x the baseline {baseline:.3g}"
    way = (value - floor) / max(baseline - floor, 1e-12)
    learnt = "hardly learnt" if way > LEARNT_BELOW else "clearly learnt"
    real = "clearly not real" if frechet.clear and value > floor else "not to be told from reals by this distance"
    return f"{head}: {learnt}, {real}"


def _share(score: Score, name: str) -> str:
    floor = score.floor or 0.0
    say = (
        "as reals"
        if not score.clear
        else "below reals"
        if score.value < floor
        else "above reals, crowded where these are dense"
    )
    return f"{name}: {score.title} {score.value:.2f} of real {floor:.2f} ({score.low:.2f} to {score.high:.2f}): {say}"


def _diversity(by_key: Mapping[str, Score]) -> str:
    vendi, coverage = by_key["vendi"], by_key["coverage"]
    # 1 is what a single item has: only what is above it is diversity.
    ratio = (vendi.value - 1) / max((vendi.floor or 1.0) - 1, 1e-12)
    words = "less diverse than reals" if ratio < LOST_BELOW else "as diverse as reals"
    words = "more scattered than reals" if ratio > GAINED_ABOVE else words
    words = "collapsed: almost all the same" if ratio < COLLAPSED_BELOW else words
    if coverage.value < COVERED_BELOW * (coverage.floor or 0.0) and ratio >= LOST_BELOW:
        words += ", yet most reals have no fake near them"
    numbers = (
        f"Vendi {vendi.value:.3g} of real {vendi.floor:.3g}, coverage {coverage.value:.2f} of {coverage.floor:.2f}"
    )
    return f"diversity: {numbers}: {words}"


def _copies(copied: Copying, by_key: Mapping[str, Score], sets: Sets) -> str:
    if untold := flags_of(copied, sets).get(UNTOLD):
        return untold
    test, ratio = by_key["copy_test"], by_key["unseen_nearest"]
    numbers = f"C_T {test.value:.1f}, held-out neighbours {ratio.value:.2f} x chance"
    if copied.memorising:
        return f"memorising: YES, fakes follow the training items ({numbers})"
    if copied.smooth:
        return f"memorising: no; fakes lie near all reals, held-out ones too: smooth, not copied ({numbers})"
    return f"memorising: no sign of it ({numbers})"
