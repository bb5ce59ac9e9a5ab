"""A form kept while a text is drawn: at each place, the tokens after which it can still be reached."""

import torch
from torch import Tensor

from multigan.core.generators import Steered
from multigan.core.types import Spec
from multigan.plugins.text.form import Form, plan_form
from multigan.plugins.text.lengths import NO_WAY
from multigan.plugins.text.vocabulary import END

__all__ = ["FormSteering", "steering"]

State = tuple[int, int, bool, bool]
"""Line, units left in it (0 in a free one), whether it is empty so far, whether it ends in white space."""


def steering(spec: Spec, *, form: str = "", first: str = "", acrostic: str = "") -> Steered:
    """What keeps texts in a form; see `multigan.plugins.text.form.plan_form`."""
    plan = plan_form(spec, form=form, first=first, acrostic=acrostic)
    return Steered(lambda n: FormSteering(plan, n), plan.said)


class FormSteering:
    """The state of `n` texts that are drawn side by side; see `multigan.core.generators.Steering`.

    A token may be drawn where the line's remaining units, and all later lines, can still be made of the places that
    are left after it. That holds before the first token (`plan_form` refuses what cannot be), and so it holds at each.

    Args:
        form: what is asked.
        n: texts.
    """

    def __init__(self, form: Form, n: int) -> None:
        self.form = form
        self.states = [self._new_line(0)] * n
        self._costs = torch.tensor(form.lengths.costs)
        self._blank = set(form.blank)
        self._rest = [form.after(line) for line in range(len(form.lines))]
        self._known: dict[tuple[int, State], Tensor] = {}

    def narrowed(self, logits: Tensor, place: int) -> Tensor:
        """Logits `(n, vocab)` for a place, counted from 0: -inf for all that may not stand there.

        Where only one of a line's end and the text's end may stand, it gets the probability of both: either is how the
        generator says that a line is done.
        """
        may = torch.stack([self._at(place, state) for state in self.states]).to(logits.device)
        if self.form.line_end is not None:
            ends = torch.tensor([END, self.form.line_end], device=logits.device)
            one = may[:, ends].sum(1, keepdim=True) == 1
            both = logits[:, ends].logsumexp(1, keepdim=True)
            logits = logits.index_copy(1, ends, torch.where(one, both, logits[:, ends]))
        return logits.masked_fill(~may, -torch.inf)

    def took(self, tokens: Tensor) -> None:
        """Go on with what was drawn there, `(n,)`."""
        drawn = tokens.tolist()
        self.states = [self._next(state, token) for state, token in zip(self.states, drawn, strict=True)]

    def _new_line(self, line: int) -> State:
        if line >= len(self.form.lines):
            return (line, 0, False, False)
        goal = self.form.lines[line]
        return (line, 0 if goal is None else self.form.lengths.goal(goal), True, False)

    def _next(self, state: State, token: int) -> State:
        line, left, _, _ = state
        if token == END:
            return self._new_line(len(self.form.lines))
        if token == self.form.line_end:
            stays = self.form.more and line == len(self.form.lines) - 1
            return self._new_line(line if stays else line + 1)
        free = line < len(self.form.lines) and self.form.lines[line] is None
        return (line, 0 if free else left - int(self._costs[token]), False, token in self._blank)

    def _at(self, place: int, state: State) -> Tensor:
        key = (place, state)
        if key not in self._known:
            self._known[key] = self._mask(place, state)
        return self._known[key]

    def _mask(self, place: int, state: State) -> Tensor:
        line, left, empty, _ = state
        form, may = self.form, torch.zeros(len(self._costs), dtype=torch.bool)
        if line >= len(form.lines):
            may[END] = True
        elif place < len(form.first):
            may[form.first[place]] = True
        elif place == len(form.first) > 0 and line == 0:
            self._close(may, line, may_end=not form.more or form.length - place < 2)
        elif form.lines[line] is None:
            self._free(may, place, state)
        elif left or empty:
            may |= self._within(place, state)
        else:
            self._close(may, line, may_end=True)
        return may

    def _close(self, may: Tensor, line: int, *, may_end: bool) -> None:
        """Only the line's end, or the text's."""
        last = line == len(self.form.lines) - 1
        if not last or (not may_end and self.form.line_end is not None):
            may[self.form.line_end] = True
        else:
            may[END] = True

    def _free(self, may: Tensor, place: int, state: State) -> None:
        """A line of any length: what fits before the later lines, and an end once there is something."""
        line, _, empty, spaced = state
        room, rest = self.form.length - place, self._rest[line]
        last = line == len(self.form.lines) - 1
        may |= (self._costs > 0) & (room >= 1 + rest)
        may &= self._begin(state)
        if room < 2 + rest or empty or spaced:
            may[list(self._blank)] = False
        if not empty and not spaced:
            may[END] = last
            ends = self.form.line_end is not None and (room >= 2 if last else True)
            if ends and (not last or self.form.more):
                may[self.form.line_end] = True

    def _within(self, place: int, state: State) -> Tensor:
        """A line of so many units: what leaves units that tokens can have, and room for them and all that follows."""
        line, left, empty, spaced = state
        room = self.form.length - place - 1 - self._rest[line]
        fewest = [self.form.lengths.fewest(units) for units in range(left + 1)]
        reached = torch.tensor([way < NO_WAY and way <= room for way in fewest])
        after = left - self._costs
        may: Tensor = (self._costs > 0) & (after >= 0) & reached[after.clamp(0, left)]
        may &= self._begin(state)
        if empty or spaced or left == 1:
            may[list(self._blank)] = False
        return may

    def _begin(self, state: State) -> Tensor:
        """What may stand at the beginning of a line, where it is empty; anything elsewhere."""
        line, _, empty, _ = state
        starts = self.form.starts[line] if empty else None
        if starts is None:
            return torch.ones(len(self._costs), dtype=torch.bool)
        may = torch.zeros(len(self._costs), dtype=torch.bool)
        may[list(starts)] = True
        return may
