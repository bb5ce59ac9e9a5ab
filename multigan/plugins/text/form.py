"""What a text is asked to look like: its lines, how long each is, how the first one goes or each begins."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from multigan.core.counted import counted
from multigan.core.errors import DataError, did_you_mean
from multigan.core.types import Spec
from multigan.plugins.text.lengths import NO_WAY, Lengths, lengths_of
from multigan.plugins.text.vocabulary import BREAK, UNKNOWN, Vocabulary, never_drawn, split

__all__ = ["UNITS", "Form", "Layout", "parse_layout", "plan_form"]

UNITS = ("characters", "words", "syllables")
_OWN = {"character": "characters", "word": "words"}
"""What a vocabulary of this kind counts, where nothing is said."""
_OTHERS = {"bpe": "byte pairs", "piece": "pieces"}
"""What others are made of, of which no form is known."""
_EVEN = re.compile(r"(\d{1,6})\s*[x\u00d7*]\s*(\d{1,6})", re.IGNORECASE)
_EACH = re.compile(r"\d{1,6}(\s*/\s*\d{1,6})*")
_TYPED = "type --form 5x4 (four lines of five) or --form 5/7/5:syllables"


@dataclass(frozen=True)
class Layout:
    """Lines and their lengths as they were typed.

    Attributes:
        lines: units of each line.
        unit: of `UNITS`; "" = the vocabulary's own.
    """

    lines: tuple[int, ...]
    unit: str = ""


@dataclass(frozen=True)
class Form:
    """What every text has to be, in tokens of one vocabulary; possible within its length.

    Attributes:
        lines: units of each line; None = as many as the generator likes, at least one token.
        more: whether free lines may follow.
        lengths: what a token counts.
        first: tokens of the first line; none where it is not given.
        starts: for each line the ids that may begin it; None = any.
        line_end: id of a line's end; None where the vocabulary has none, and texts one line.
        blank: ids of white space, which stands neither at the ends of a line nor twice.
        length: tokens of a text.
        said: what is asked, for labels.
    """

    lines: tuple[int | None, ...]
    more: bool
    lengths: Lengths
    first: tuple[int, ...]
    starts: tuple[tuple[int, ...] | None, ...]
    line_end: int | None
    blank: tuple[int, ...]
    length: int
    said: Mapping[str, str]

    def shortest(self, line: int) -> int:
        """The fewest tokens that a line takes; `NO_WAY` where none is possible."""
        if line == 0 and self.first:
            return len(self.first)
        goal, starts = self.lines[line], self.starts[line]
        if goal is None:
            return 1
        costs = self.lengths.costs if starts is None else [self.lengths.costs[k] for k in starts]
        goal = self.lengths.goal(goal)
        found = [1 + self.lengths.fewest(goal - cost) for cost in set(costs) if 0 < cost <= goal]
        return min([way for way in found if way < NO_WAY], default=NO_WAY)

    def after(self, line: int) -> int:
        """The fewest tokens that a line's end and all later lines take."""
        return sum(1 + self.shortest(later) for later in range(line + 1, len(self.lines)))


def parse_layout(text: str) -> Layout:
    """`5x4` (four lines of five), `5/7/5` (a line each), with `:words`, `:characters` or `:syllables` behind.

    Raises:
        DataError: it is neither, or a line is empty.
    """
    body, colon, unit = text.strip().partition(":")
    unit = unit.strip().lower()
    if colon and unit not in UNITS:
        raise DataError(f"form '{text}' counts '{unit}'", ", ".join(UNITS), did_you_mean(unit, UNITS))
    if found := _EVEN.fullmatch(body.strip()):
        lines = (int(found[1]),) * min(int(found[2]), 100_000)
    elif _EACH.fullmatch(body.strip()):
        lines = tuple(int(part) for part in body.split("/"))
    else:
        raise DataError(f"form '{text}'", "units x lines, or the units of each line with / between", _TYPED)
    if not lines or min(lines) < 1:
        raise DataError(f"form '{text}' has no lines, or empty ones", "1 or more of both", _TYPED)
    return Layout(lines, unit)


def plan_form(spec: Spec, *, form: str = "", first: str = "", acrostic: str = "") -> Form:
    """The form in tokens of a generator's vocabulary.

    Args:
        spec: of the generator.
        form: see `parse_layout`; "" = lines are as long as the generator likes.
        first: the first line; "" = none is given.
        acrostic: a letter (any character) for each line, which it begins with; case does not matter. "" = none.

    Raises:
        DataError: no text can be like that: too long, a letter that begins no token, an unknown word, a first line of
            another length, units that cannot be counted before a text is written.
    """
    vocabulary = Vocabulary.from_meta(spec.meta)
    if vocabulary.kind not in _OWN or spec.meta.get("end") is None:
        given = f"a form of texts in {_OTHERS.get(vocabulary.kind, 'numbers')}"
        raise DataError(given, "a generator of characters or words", "train with --set data.tokens=word")
    layout = parse_layout(form) if form else None
    letters = [letter for letter in acrostic if not letter.isspace()]
    lines, more = _lines(layout, letters, form, acrostic)
    unit = (layout.unit if layout else "") or _OWN[vocabulary.kind]
    lengths = lengths_of(vocabulary, unit, never_drawn(spec.meta))
    plan = Form(
        lines=lines,
        more=more,
        lengths=lengths,
        first=_first(first, vocabulary, never_drawn(spec.meta)),
        starts=_starts(letters, lines, vocabulary, lengths),
        line_end=next((k for k, entry in enumerate(vocabulary.entries) if entry == BREAK), None),
        blank=tuple(k for k, entry in enumerate(vocabulary.entries) if entry.isspace() and entry != BREAK),
        length=spec.shape[0],
        said=_said(form, unit, first, acrostic),
    )
    _check(plan, vocabulary, first, unit, letters)
    return plan


def _lines(
    layout: Layout | None, letters: Sequence[str], form: str, acrostic: str
) -> tuple[tuple[int | None, ...], bool]:
    if layout is None:
        return (None,) * max(1, len(letters)), not letters
    if letters and len(letters) != len(layout.lines):
        given = (
            f"{counted(len(letters), 'letter')} in '{acrostic}' for the {counted(len(layout.lines), 'line')} of {form}"
        )
        raise DataError(given, "a letter a line", f"type --acrostic with {counted(len(layout.lines), 'letter')}")
    return layout.lines, False


def _first(first: str, vocabulary: Vocabulary, barred: Sequence[int]) -> tuple[int, ...]:
    text = first.strip()
    if BREAK in text:
        raise DataError("a first line of several lines", "one line", "leave the others away")
    ids = vocabulary.encode(text)
    for piece, number in zip(split(text, vocabulary.kind), ids, strict=True):
        if number == UNKNOWN or number in barred:
            near = get_close_matches(piece, vocabulary.entries[UNKNOWN + 1 :], 3)
            given = f"'{piece}' of the first line is none of the generator's {vocabulary.kind}s"
            fix = f"did you mean {' or '.join(near)}?" if near else "write the line with others"
            raise DataError(given, f"{vocabulary.kind}s that stood in its texts", fix)
    return tuple(ids)


def _starts(
    letters: Sequence[str], lines: Sequence[int | None], vocabulary: Vocabulary, lengths: Lengths
) -> tuple[tuple[int, ...] | None, ...]:
    if not letters:
        return (None,) * len(lines)
    begins: dict[str, list[int]] = {}
    for k, entry in enumerate(vocabulary.entries):
        if lengths.costs[k]:
            begins.setdefault(entry[:1].casefold(), []).append(k)
    for letter in letters:
        if letter.casefold() not in begins:
            known = sorted(start for start in begins if start.isalpha())
            some = "".join(known[:40]) + ("..." if len(known) > 40 else "")
            given = f"no {vocabulary.kind} of this generator begins with '{letter}'"
            raise DataError(given, f"letters that do: {some}", "spell another word")
    return tuple(tuple(begins[letter.casefold()]) for letter in letters)


def _check(plan: Form, vocabulary: Vocabulary, first: str, unit: str, letters: Sequence[str]) -> None:
    """Refuse what cannot be, before anything is drawn."""
    if plan.line_end is None and (len(plan.lines) > 1 or plan.first):
        given = "this generator writes texts of one line: it never saw a line's end"
        raise DataError(given, "a generator of poems", "type multigan train FILE --recipe text/poems")
    if plan.first:
        _check_first(plan, vocabulary, first, unit, letters)
    for number, goal in enumerate(plan.lines):
        if plan.shortest(number) >= NO_WAY:
            begun = f" that begins with '{letters[number]}'" if letters else ""
            given = f"no line{begun} has {goal:,} {unit}: no tokens of this generator add up to it"
            raise DataError(given, "a length that words can have", "ask for another")
    needed = plan.shortest(0) + plan.after(0)
    if needed > plan.length:
        given = f"this form takes {needed:,} tokens, line ends included, or more"
        fix = "ask for shorter or fewer lines, or train with --set data.length=N"
        raise DataError(given, f"at most {plan.length:,}, as this generator learnt", fix)


def _check_first(plan: Form, vocabulary: Vocabulary, first: str, unit: str, letters: Sequence[str]) -> None:
    goal, costs = plan.lines[0], [plan.lengths.costs[k] for k in plan.first]
    if goal is not None and 0 in costs:
        token = vocabulary.entries[plan.first[costs.index(0)]]
        given = f"'{token}' of the first line cannot be counted in {unit}"
        raise DataError(given, f"a line of {unit}", "leave it away")
    if goal is not None and sum(costs) != plan.lengths.goal(goal):
        found = sum(costs) - (plan.lengths.goal(goal) - goal)
        given = f"the first line '{first.strip()}' has {found:,} {unit}"
        raise DataError(given, f"{goal:,}, as the form says", "give another line, or another form")
    if letters and not first.strip().casefold().startswith(letters[0].casefold()):
        given = f"the first line '{first.strip()}' does not begin with '{letters[0]}'"
        raise DataError(given, "the first letter of the acrostic", "give another line, or leave it away")


def _said(form: str, unit: str, first: str, acrostic: str) -> dict[str, str]:
    asked: dict[str, Any] = {"form": form and f"{form.partition(':')[0].strip()} {unit}", "first": first.strip()}
    asked["acrostic"] = acrostic.strip()
    return {name: value for name, value in asked.items() if value}
