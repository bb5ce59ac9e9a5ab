"""One word for a generator: healthy only where a fresh judge and the neighbours agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from multigan.evaluation.fresh import Fresh
from multigan.evaluation.score import Score
from multigan.judge.alike import much_alike
from multigan.judge.bar import UNDECIDED, side_of, undecided
from multigan.judge.clipping import clipping
from multigan.judge.enough import too_few

__all__ = ["Health", "few_words", "health_of"]

NEAR = 0.75
"""Of the floor that precision and coverage must reach."""
ALIKE = 0.1
"""Diversity beyond one item, of reals', below which all fakes are almost the same."""


@dataclass(frozen=True)
class Health:
    """The word and why.

    Attributes:
        name: `"healthy"`, `"still far"`, `"collapsed"`, `"memorising"`, `"too short to say"`, `"undecided"` or
            `"cannot be told"`.
        why: sentences with numbers, the deciding one first.
    """

    name: str
    why: tuple[str, ...] = field(default_factory=tuple)

    def line(self) -> str:
        """For people."""
        return f"{self.name}: {'; '.join(self.why)}" if self.why else self.name


def health_of(  # noqa: PLR0913  (all that speaks for or against a generator)
    scores: Sequence[Score],
    fresh: Fresh,
    *,
    memorising: str,
    batches: float | None,
    samples: float | None = None,
    unsure: str = "",
    same: str = "",
    spread: float = 1.0,
) -> Health:
    """The gravest of what the scores say.

    Args:
        scores: of the evaluation.
        fresh: what the judge said.
        memorising: the alarm, or "".
        batches: of reals that the generator's training has seen; None = unknown.
        samples: reals in these; None = unknown.
        unsure: why good scores would not say much, or "".
        spread: fakes' mean distance over reals'.
        same: that all reals are one and the same, so that only the judge can say something, or "".
    """
    by_key = {score.key: score for score in scores}
    judged, near = _judged(fresh), _not_near(by_key)
    if same:
        return Health("still far", (judged, same)) if fresh.far else Health("cannot be told", (same, judged))
    alike = _alike(by_key)
    if memorising and not alike:
        return Health("memorising", (memorising, judged))
    if few := few_words(batches, samples):
        return Health("too short to say", (few, *([alike] if alike else []), judged))
    if alike:
        return Health("collapsed", (alike, judged))
    if fresh.far or near:
        muffled = [said] if (said := much_alike(spread, _variety(by_key))) else []
        return Health("still far", (*((judged, *near) if fresh.apart else (*near, judged)), *muffled))
    return _nothing_against(fresh, judged, unsure)


def _nothing_against(fresh: Fresh, judged: str, unsure: str) -> Health:
    """Where no fault is sure: whether that says anything."""
    if fresh.score is None:
        return Health("cannot be told", (judged,))
    # A copier would be taken for reals, so this is sure of more.
    if undecided(fresh.score.value, fresh.score.low or 0.0):
        return Health(UNDECIDED, (judged, *([unsure] if unsure else [])))
    if unsure:
        return Health("cannot be told", (unsure, judged))
    return Health("healthy", (judged, f"precision and coverage are not surely below {NEAR:g} of those of reals"))


def few_words(batches: float | None, samples: float | None) -> str:
    """That too little was trained for a verdict, or "" where it was enough, or nobody knows."""
    few = "" if batches is None else too_few(batches, samples)
    return few and f"it was trained on {batches:,.0f} batches; {few}"


def _judged(fresh: Fresh) -> str:
    score = fresh.score
    if score is None:
        return f"no fresh judge: {fresh.untold}"
    side = side_of(score.low or 0.0, score.high or 1.0, score.n_real)
    floor = "" if score.floor is None else f"; reals against reals {score.floor:.0%}"
    sides = "" if score.n_real is None else f"; {score.n_real:,} a side"
    reals = "trained reals (too few are held out for it)" if fresh.told.get("compared_with") == "trained" else "reals"
    return (
        f"a fresh judge calls {score.value:.0%} of {reals} and {fresh.whose} rightly ({score.low:.0%} to "
        f"{score.high:.0%}{sides}{floor}), {side}{f' ({fresh.other})' if fresh.other else ''}"
    )


def _not_near(by_key: Mapping[str, Score]) -> list[str]:
    found = []
    for key in ("precision", "coverage"):
        score = by_key.get(key)
        if score is not None and score.floor and score.value < NEAR * score.floor and score.clear:
            counts = f" ({score.n_fake:,} fakes, {score.n_real:,} reals)" if score.n_fake and score.n_real else ""
            found.append(f"{key} {score.value:.0%}, other reals {score.floor:.0%}{counts}")
    return [*found, *([clips] if (clips := _clips(by_key)) else [])]


def _clips(by_key: Mapping[str, Score]) -> str:
    """That sounds clip far more often than reals, or ""."""
    tops, peaks = by_key.get("flat_tops"), by_key.get("near_peaks")
    return "" if tops is None or peaks is None else clipping(tops.value, peaks.floor or 0.0)


def _alike(by_key: Mapping[str, Score]) -> str:
    vendi = by_key["vendi"]
    if _variety(by_key) >= ALIKE:
        return ""
    return f"fakes are almost all the same: Vendi {vendi.value:.3g} of real {vendi.floor:.3g}"


def _variety(by_key: Mapping[str, Score]) -> float:
    """Fakes' Vendi score over reals', both beyond one."""
    vendi = by_key["vendi"]
    return (vendi.value - 1) / max((vendi.floor or 1.0) - 1, 1e-12)
