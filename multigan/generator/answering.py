"""A generator that is given a text, on lines: translations, replies, whatever it learnt."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnsupportedError
from multigan.core.types import Tempered
from multigan.files.findings import Tick
from multigan.generator.applying import apply_to
from multigan.generator.ranking import ranker_of
from multigan.generator.sampling import Sampling, refuse_share
from multigan.nets.both_ways import BothWays
from multigan.plugins.abilities import Answers, able
from multigan.plugins.fitted import Answered

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["How", "answers", "answers_lines", "applied", "conversation", "usual_temperature"]

LARGEST_BEAM = 64
PART = 512
"""Lines between two looks at how far it is."""


class How(NamedTuple):
    """How texts are written.

    Attributes:
        beam: hypotheses of a beam search; below 2 = none.
        temperature: of draws; 0 = the likeliest token at every step, and 1 for all candidates but the first.
        seed: of the draws.
        candidates: texts of which the best is kept, by the critic of `multigan refine`; below 2 = none.
        top_p: share of probability from which tokens are drawn; None = as the recipe says.
        generic: weight of how likely a candidate is without the line, which is taken off; the critic is not asked then.
    """

    beam: int = 0
    temperature: float = 0.0
    seed: int = 0
    candidates: int = 0
    top_p: float | None = None
    generic: float = 0.0


def answers_lines(generator: "Generator") -> bool:
    """Whether it is given texts, which are lines and no files of their own."""
    return generator.input_spec is not None and able(generator.modality, Answers)


def usual_temperature(generator: "Generator") -> float:
    """Temperature at which texts are drawn where nobody asks for another: what the recipe says; 0 = not drawn."""
    net = _writing(generator)
    return float(net.temperature) if isinstance(net, Tempered) else 0.0


def _writing(generator: "Generator") -> nn.Module:
    """The net that answers: of two ways the one there."""
    return generator.net.there if isinstance(generator.net, BothWays) else generator.net


def answers(
    generator: "Generator",
    lines: Sequence[str],
    how: How | None = None,
    number: int = 0,
    tick: Tick | None = None,
) -> list[Answered]:
    """What the generator writes for each line; the same lines, choices and seed give the same texts.

    Args:
        generator: is given texts.
        lines: the inputs.
        how: they are written; None = as the recipe says, most often the likeliest token at every step.
        number: which of several outputs.
        tick: is told how many lines are done, of how many.

    Raises:
        UnsupportedError: it is given no texts.
        DataError: beam and temperature exclude each other, or are no such numbers.
    """
    how = how or How(temperature=usual_temperature(generator))
    modality, source = generator.modality, generator.input_spec
    if source is None or not able(modality, Answers):
        raise UnsupportedError(
            "this generator is given no texts", "one of text from text", "type multigan generate RUN"
        )
    _refuse(how)
    draw, found = Draw(how.seed, number, "apply/"), list[Answered]()
    spec, beam, warmth = generator.spec, how.beam, how.temperature
    net = _writing(generator)
    ranker = ranker_of(generator, how.candidates, how.generic) if how.candidates > 1 else None
    with Sampling(top_p=how.top_p).applied(net):
        for start in range(0, len(lines), PART):
            own, part = draw.child(f"lines-{start}") if start else draw, lines[start : start + PART]
            if ranker is not None:
                found += ranker.best(net, part, how.candidates, own, how.beam, how.temperature)
            else:
                found += modality.answer(net, part, source, spec, draw=own, beam=beam, temperature=warmth)
            if tick is not None:
                tick(len(found), len(lines))
    return found


def _refuse(how: How) -> None:
    """Choices that exclude each other, or are out of range."""
    if how.beam > 1 and how.temperature > 0 and how.candidates < 2:
        fix = "leave --sample and --top-p away and type --temperature 0, or leave --beam away"
        raise DataError("a beam search that draws", "either of the two", fix)
    if not 0 <= how.beam <= LARGEST_BEAM:
        raise DataError(f"beam = {how.beam}", f"0 to {LARGEST_BEAM}", "type --beam 4")
    if not 0 <= how.temperature <= 100:
        raise DataError(f"temperature = {how.temperature}", "0 to 100", "type --temperature 0.7")
    if how.generic and how.candidates < 2:
        raise DataError(f"generic = {how.generic} of one text", "several, of which one is chosen", "add --candidates 8")
    refuse_share(how.top_p)
    if how.top_p is not None and not how.temperature and how.candidates < 2:
        given = f"top_p = {how.top_p} at temperature 0, which draws nothing"
        raise DataError(given, "a temperature above 0", "type --temperature 1, or leave one away")


def applied(generator: "Generator", given: str | Path, seed: int, strength: float) -> Any:
    """What a generator makes of a file, rendered, or, where it is given texts, writes for a line."""
    if answers_lines(generator):
        return answers(generator, [str(given)])[0].text
    return apply_to(generator, Path(given), seed, strength=strength).result


def conversation(generator: "Generator", lines: Iterator[str], how: How, history: int = 0) -> Iterator[Answered]:
    """A reply to each line as it comes.

    Args:
        generator: is given texts.
        lines: what is said, one after the other.
        how: replies are written.
        history: lines before, of both sides, that are put before the one that is answered; what does not fit is cut.
    """
    said = list[str]()
    for turn, line in enumerate(lines):
        kept = said[-history:] if history else []
        (found,) = answers(generator, [" ".join([*kept, line])], how, turn)
        said = [*said, line, found.text][-max(history, 1) :]
        yield found
