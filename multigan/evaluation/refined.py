"""A refined generator beside the plain one: the same reals, the same scores, and what the refinement cost."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from multigan.core.counted import counted
from multigan.engine.holdout import Split
from multigan.evaluation.score import Score
from multigan.evaluation.subject import Subject
from multigan.generator.refined import RefinedGenerator, load_refined
from multigan.refinement.parts import parts_of

__all__ = ["beside", "refined_subject", "table"]


def refined_subject(subject: Subject, acceptance: float | None) -> tuple[Subject, Subject]:
    """The plain and the refined generator of a run, to be judged by held-out reals that the critic never saw.

    Args:
        subject: the run with the generator that was refined.
        acceptance: share of samples to keep; None = one in ten.

    Raises:
        CheckpointError: the run has not been refined, or since then another generator lies in it.
        DataError: too few would pass.
    """
    plain = subject.generator
    refined = load_refined(subject.folder, acceptance=acceptance, plain=plain)
    split = subject.split
    parts = parts_of(split.held_out, subject.recipe.train.seed, items=len(split.train) + len(split.held_out))
    split = Split(subject.split.train, parts.judge, subject.split.reason)
    subject = replace(subject, split=split)
    return subject, replace(subject, generator=refined)


def beside(refined: RefinedGenerator, plain: Sequence[Score], unseen: bool) -> dict[str, Any]:
    """What `evaluation.json` of a refined generator says of it, with the plain one's scores."""
    made, tally = refined.made, refined.tally
    why = "compared with trained items, from which the critic learnt too: train with more held out"
    return {
        "acceptance": refined.wanted,
        "passed": {"drawn": tally.drawn, "passed": tally.passed, "effective": round(tally.effective, 1)},
        "critic_sha256": made.critic_sha256,
        "split": made.split,
        "warning": "" if unseen else why,
        "line": f"{tally.line()}; judged by {counted(made.split['judge'], 'held-out real')} of "
        f"{sum(made.split.values()):,} that no part of the refinement saw",
        "plain": [asdict(score) for score in plain],
    }


def table(scores: Sequence[Score], plain: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Title, plain and refined value with their intervals, of every score that both have."""
    before = {one["key"]: one for one in plain}
    rows = [("", "plain", "refined")]
    for score in scores:
        if score.key in before:
            old = before[score.key]
            cells = [_cell(one["value"], one["low"], one["high"]) for one in (old, asdict(score))]
            rows.append((score.title, cells[0], cells[1]))
    return rows


def _cell(value: float, low: float | None, high: float | None) -> str:
    return f"{value:.4g}" if low is None or high is None else f"{value:.4g} ({low:.3g} to {high:.3g})"
