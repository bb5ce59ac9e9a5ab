"""From a run's history to one verdict, its evidence and what to type next: a pure function."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from multigan.core.counted import counted
from multigan.core.shell import typed
from multigan.doctor.history import Circumstances, History
from multigan.doctor.outcome import judged_far, judged_last
from multigan.doctor.prescriptions import prescribe
from multigan.doctor.signs import COPIED, GRAVITY, raised
from multigan.engine.holdout import TO_EVALUATE
from multigan.judge.bar import UNDECIDED
from multigan.metrics.intervals import wilson

__all__ = ["SICK", "VERDICTS", "Verdict", "diagnose"]

VERDICTS = tuple(reversed(GRAVITY))
"""All verdicts, the gravest last."""
WITH_JUDGE = {"unseen", "seen-by-both"}
"""Signs that say what the judge said, and more."""
APART = {"collapsed", "never-apart", "few-answers"}
"""Signs that say how much fakes are alike."""
GLANCES = {"glance-far", "glanced"}
"""Signs that say what numbers alone said, where the judge's net was left out."""
NO_NEARER = 2.0
"""Times as far from trained items as unseen reals are: fakes that lie beside all of them."""
MANY = 1000
"""Times as much as reals that are all but equal: how many more says nothing."""
SENTENCES = re.compile(r"\. (?=[A-Z])")
"""Between sentences of what a command does."""
SICK = frozenset(VERDICTS) - {"healthy", UNDECIDED, "still improving", "too short to say"}


@dataclass(frozen=True)
class Verdict:
    """What is said of a run.

    Attributes:
        name: one of `VERDICTS`.
        evidence: sentences with numbers, the deciding one first.
        command: what to type next.
        why: what the command does about it; sentences behind the first are of what else is to be known.
        numbers: the newest vitals.
        signs: keys of the first sentences of the evidence, as in `SIGNS`.
    """

    name: str
    evidence: tuple[str, ...]
    command: str
    why: str
    numbers: Mapping[str, float]
    signs: tuple[str, ...] = ()

    @property
    def gravity(self) -> int:
        """0 = well."""
        return VERDICTS.index(self.name) if self.name in SICK else 0

    def lines(self) -> list[str]:
        """For people: evidence, what else is to be known, a sentence a line, then what the command does, and it."""
        does, *more = SENTENCES.split(self.why)
        return [
            f"verdict: {self.name}",
            *(f"  - {line}" for line in self.evidence),
            *(f"  {sentence}." for sentence in more),
            f"  {does}:",
            f"    {self.command}",
        ]

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def diagnose(rows: Sequence[Mapping[str, Any]], facts: Circumstances) -> Verdict:
    """Name what a run suffers from.

    Args:
        rows: of `metrics.jsonl`, oldest first.
        facts: of its recipe and end.

    Returns:
        The verdict of the first sign that is there, in the order of `SIGNS`; `"healthy"` where there is none. All signs
        found are evidence. A sign that was there stays until a measurement clears it.
    """
    history = History(rows)
    found = _gap_once(_once(raised(history, facts)), history, facts)
    name = found[0][0] if found else "healthy"
    evidence = {key: said for verdict, key, said in found if verdict == name or verdict in SICK}
    command, why = prescribe(name, next(iter(evidence), ""), history, facts)
    numbers = {
        key: value for key, value in (history.vitals[-1] if history.vitals else {}).items() if key.startswith("vitals/")
    }
    beside = (*facts.data_changes, *facts.unread)
    lines = (*evidence.values(), *_standing(history), *_matched(history), *_judged(history, facts, evidence), *beside)
    return Verdict(name, lines, command, why, numbers, tuple(evidence))


def _once(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """What the judge said, and coverage, is said once, by the sign that knows more."""
    keys = {key for _, key, _ in found}
    if keys & APART:
        found = [one for one in found if one[1] != "glance-alike"]
    twice = {*(["uncovered"] if "uncovered-beside" in keys else [])}
    twice |= {"judged", "glance-far"} if keys & WITH_JUDGE else {"judged"} if keys & GLANCES else set()
    first = {words: key for _, key, words in reversed(found)}  # two signs that know no more say the same
    return [one for one in found if one[1] not in twice and first[one[2]] == one[1]]


def _gap_once(found: list[tuple[str, str, str]], history: History, facts: Circumstances) -> list[tuple[str, str, str]]:
    """Where another sign says how far reals are, what the judge said is said without it."""
    judged = judged_far(history, facts)
    if not judged or "out-of-reach" not in {key for _, key, _ in found}:
        return found
    return [(name, key, judged if key == "seen-by-both" else said) for name, key, said in found]


def _standing(history: History) -> list[str]:
    """Where the run stands, whatever the verdict."""
    distance, floor, trivial = (history.last(key) for key in ("distance", "distance_floor", "distance_trivial"))
    if distance is None or floor is None or trivial is None or history.reals_same:
        return []
    to = "held-out" if history.last("heldout_items") else "trained"
    lines = [
        f"distance of fakes to {to} reals {distance:.3g}; other reals {floor:.2g}; one item repeated {trivial:.2g}"
    ]
    spread, nearest = history.last("spread"), history.last("nearest")
    other = "for unseen reals" if history.last("heldout_items") else "trained items are to each other"
    lines.append(
        f"spread {_percent(spread)} of reals'; a fake's nearest trained item is {_times(nearest)} as far as {other} "
        f"({_meant(nearest)})"
    )
    return lines


def _matched(history: History) -> list[str]:
    """Of pairs, how many outputs are right to the letter: sets of outputs may be alike though each is wrong."""
    share, items = history.now("exact_match"), int(history.now("exact_items") or 0)
    if share is None or not items:
        return []
    sure, unseen = wilson(share * items, items), "held-out" if history.last("heldout_items") else "trained"
    return [
        f"{share:.0%} of outputs for {counted(items, f'{unseen} input')} are their target to the letter "
        f"({sure.low:.0%} to {sure.high:.0%}); where an input has one right output, go by this"
    ]


def _percent(ratio: float | None) -> str:
    ratio = ratio or 0.0
    return f"{ratio:.0%}" if ratio < MANY else f"over {MANY:,.0%}"


def _times(ratio: float | None) -> str:
    ratio = ratio or 0.0
    return f"{ratio:.2f} times" if ratio < MANY else f"over {MANY:,} times"


def _meant(nearest: float | None) -> str:
    """What such a ratio says of copies."""
    if nearest is None or nearest < COPIED:
        return "near 0 = copies"
    return "about 1 = as near as reals are, no copies" if nearest < NO_NEARER else "so far from all of them: no copies"


def _judged(history: History, facts: Circumstances, said: Mapping[str, str]) -> list[str]:
    """What a fresh judge found, or that none looked: without one, healthy only means that training is."""
    if said.keys() & {"judged", "undecided", *WITH_JUDGE, *GLANCES} or history.progress(facts) < 1:
        return []
    judged = judged_last(history, facts)
    if judged is None:
        few = 0 < facts.items + (history.last("heldout_items") or 0) < TO_EVALUATE
        look = f"{TO_EVALUATE} items are needed" if few else f"multigan evaluate {typed(facts.folder)}"
        how = "look at its report: no output has a target" if facts.apart else look
        return [f"no fresh judge looked at the fakes: this is about training, not about how good they are ({how})"]
    return [judged]
