"""How a run went, in one card: what the doctor said, what the evaluation said, how it ended."""

from collections.abc import Mapping
from typing import Any

from multigan.core.html import Html, join, tag
from multigan.judge.bar import UNDECIDED
from multigan.run.flags import health_in

__all__ = ["verdict_card"]

GOOD = {"healthy", "still improving", "converged"}
BAD = {"diverged", "collapsed", "crashed"}
UNJUDGED = {"healthy", UNDECIDED, "no verdict"}
"""What the doctor says of a run in which nothing is wrong, as far as it looked: an evaluation has looked further."""
GLANCED = {"glanced", "unmeasured"}
"""The signs that it looked at numbers alone, or at nothing: likewise."""


def verdict_card(verdict: Mapping[str, Any], evaluation: Mapping[str, Any], run: Mapping[str, Any], end: str) -> Html:
    """The card at the head of a report.

    Args:
        verdict: `verdict.json`, or `{}`.
        evaluation: `evaluation.json`, or `{}`.
        run: `run.json`, or `{}`.
        end: how training ended, where the files cannot say; may be empty.
    """
    name = str(verdict.get("name") or ("broke off" if end else "no verdict"))
    named, why = _health(evaluation)
    first = next((str(sign) for sign in _list(verdict, "signs")), "")
    evaluated = bool(named) and (name in UNJUDGED or first in GLANCED)
    name = named if evaluated else name
    said = [verdict.get("failure"), end or None, _interruption(run), *_list(verdict, "evidence")]
    said = list(dict.fromkeys(str(line) for line in said if line))
    if not verdict:
        said.append("no vitals were taken, so the doctor has nothing to judge")
    judged = [*why, *(str(line) for line in _list(evaluation, "verdict"))]
    style = "bad" if name in BAD or end else "good" if name in GOOD else "warn"
    command, reason = verdict.get("command"), verdict.get("why")
    # Who speaks in the headline says why first.
    told = [("Training", said), ("Evaluation", judged)][:: -1 if evaluated else 1]
    return tag(
        f"section.card.verdict.{style}",
        tag("p.kicker", "Verdict of the evaluation" if evaluated else "Verdict of training"),
        tag("h2", name[:1].upper() + name[1:]),
        *(
            join(tag("h3", title) if k else None, tag("ul", *(tag("li", line) for line in lines)))
            for k, (title, lines) in enumerate(told)
            if lines
        ),
        join(tag("p", f"Next: {reason}" if reason else "Next:"), tag("code.command", command)) if command else None,
        aria_label="verdict",
    )


def _health(evaluation: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The evaluation's word for the generator and why; "" where it has none."""
    name, why = health_in(evaluation)
    return name, [f"{name}: {one}" if k == 0 else one for k, one in enumerate(why)]


def _interruption(run: Mapping[str, Any]) -> str | None:
    by = run.get("interrupted_by")
    return f"stopped by {by} before its end; everything was saved" if by else None


def _list(mapping: Mapping[str, Any], key: str) -> list[Any]:
    found = mapping.get(key)
    return found if isinstance(found, list) else []
