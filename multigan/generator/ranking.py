"""The best of several answers: what the generator finds likely and its critic takes for a real one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, DataError, UnsupportedError
from multigan.core.generators import Forgetting
from multigan.core.join import Join
from multigan.core.types import Spec, able
from multigan.generator.critic import REFINED, Critic, command_of, read_critic, read_made
from multigan.plugins.abilities import Answers, Weighs
from multigan.plugins.fitted import Answered

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["MOST", "Ranker", "judged_spec", "ranker_of"]

MOST = 256
"""Candidates of a line."""


class Ranker:
    """Chooses among texts that were written for one line.

    Of candidates y for x the one with the largest `log p(y | x) + log r(y, x)` is kept, p the generator's likelihood
    and r the calibrated density ratio of its critic: the likeliest under the refined density, of those that were drawn.

    Or, without a critic, the one with the largest `log p(y | x) - generic log p(y)`: what is likely for any x loses.
    The generator itself says how likely a text is without an input, where it has learnt that (`forget`).

    Args:
        generator: is given texts.
        critic: of its samples and their inputs, joined; None = the likelihood alone.
        generic: what the likelihood without an input counts.

    Source: Deng et al. 2020 ("Residual Energy-Based Models for Text Generation"), Eq. 2: the joint model is p times the
    exponential of minus the energy, here the logit of a critic. `generic`: Li et al. 2016 ("A Diversity-Promoting
    Objective Function for Neural Conversation Models"), Eq. 9, MMI-antiLM.
    Departures: the mode among candidates in place of resampling; all tokens of a text count in log p(y), not the first
    few alone, since candidates are draws and read well already.
    """

    def __init__(self, generator: "Generator", critic: Critic | None, generic: float = 0.0) -> None:
        if generator.input_spec is None or not able(generator.modality, Weighs):
            given = f"candidates of a generator of the modality '{generator.modality.name}'"
            raise UnsupportedError(given, "one of text from text, that was trained on pairs", "leave --candidates away")
        self.spec, self.source, self.critic = generator.spec, generator.input_spec, critic
        self.modality, self.generic = generator.modality, generic
        if not able(generator.modality, Answers):
            raise UnsupportedError(
                "candidates of a generator that is given no texts", "lines", "leave --candidates away"
            )
        self.answer = generator.modality.answer

    @torch.no_grad()
    def scores(self, net: nn.Module, candidates: Sequence[Answered]) -> Tensor:
        """How good texts are for their lines: `(n,)`; nothing was written for empty lines, which score 0."""
        rows = [k for k, one in enumerate(candidates) if one.raw is not None]
        found = torch.zeros(len(candidates), dtype=torch.float64)
        if not rows:
            return found
        device = next(net.parameters()).device
        raw, given = (torch.stack([getattr(candidates[k], name) for k in rows]).to(device) for name in ("raw", "given"))
        source = self.modality.to_real(given, self.source)
        score = self.modality.log_likelihood(net, raw, source, self.spec).double().cpu()
        if self.generic and isinstance(net, Forgetting):
            without = self.modality.log_likelihood(net, raw, net.nothing(source), self.spec)
            score = score - self.generic * without.double().cpu()
        if self.critic is not None:
            seen = Join(self.spec, self.source)(self.modality.to_real(raw, self.spec), source)
            score = score + self.critic.log_ratio(seen, None, Draw(0, 0, "rank/"))
        found[rows] = score
        return found

    def best(
        self, net: nn.Module, lines: Sequence[str], count: int, draw: Draw, beam: int, temperature: float
    ) -> list[Answered]:
        """The best of `count` texts for each line: what is written without drawing, and draws.

        Args:
            net: writes.
            lines: the inputs.
            count: candidates.
            draw: of the candidates.
            beam: of the first candidate.
            temperature: of the others; 0 = 1.
        """
        drawn = list[list[Answered]]()
        for k in range(count):
            warmth, own = (temperature or 1.0) if k else 0.0, draw.child(f"candidate-{k}")
            size = 0 if k else beam
            made = self.answer(net, lines, self.source, self.spec, draw=own, beam=size, temperature=warmth)
            drawn.append(list(made))
        scores = torch.stack([self.scores(net, one) for one in drawn])
        return [drawn[k][line] for line, k in enumerate(scores.argmax(0).tolist())]


def judged_spec(spec: Spec, source: Spec | None) -> Spec:
    """What a critic sees of samples: themselves, or with their inputs."""
    return spec if source is None else Join(spec, source).spec()


def ranker_of(generator: "Generator", candidates: int, generic: float = 0.0) -> Ranker:
    """The ranker with the critic that `multigan refine` left beside the generator, or with none and `generic`.

    Raises:
        CheckpointError: there is none, it is damaged, or of another generator.
        DataError: the number of candidates or `generic` is out of range.
        UnsupportedError: the generator is given no texts, or never wrote without an input.
    """
    if not 2 <= candidates <= MOST:
        raise DataError(f"{candidates} candidates of a line", f"2 to {MOST}", "type --candidates 8")
    plain = Ranker(generator, None, generic)
    if not 0 <= generic <= 1:
        raise DataError(f"generic = {generic}", "from 0 to 1", "type --generic 0.5")
    if generic:
        if not isinstance(generator.net, Forgetting) or not generator.net.forget > 0:
            given = "generic, and this generator never wrote without an input"
            raise UnsupportedError(given, "one that learnt it", "train with --set G.forget=0.1")
        return plain
    place = Path(generator.source or ".")
    made = read_made(place)
    if generator.config["weights_sha256"] != made.weights_sha256:
        given = f"{place / REFINED} is the critic of the '{made.which or 'only'}' generator"
        fix = f"type --which {made.which or 'last'}, or {command_of(place)}"
        raise CheckpointError(given, "that of the one in use", fix)
    critic, _ = read_critic(place, judged_spec(generator.spec, generator.input_spec), made)
    critic.net.to(next(generator.net.parameters()).device)
    return Ranker(generator, critic)
