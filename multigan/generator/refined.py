"""A generator whose samples pass a calibrated critic: rejection with a ceiling, sample by sample, in bounded memory."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from multigan.core.atomic import replace_folder
from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, DataError, UnsupportedError
from multigan.core.generators import draw_fakes
from multigan.generator.applying import refuse_input
from multigan.generator.critic import REFINED, Critic, Known, Made, command_of, read_critic, read_made, write_critic
from multigan.generator.generator import CHUNK, Generator, refuse_drawing
from multigan.generator.sampling import Sampling
from multigan.metrics.rejection import effective_share
from multigan.metrics.strata import Balance, balance

__all__ = ["ACCEPTANCE", "LEAST", "RefinedGenerator", "Tally", "Weighed", "identity_of", "load_refined"]

ACCEPTANCE = 0.1
LEAST = 0.005
"""Of samples that may be asked to pass: below that the largest few ratios, which are the least known, decide."""
FEWEST = 30
"""Samples that must count among those that the ceiling was found by."""
WAITING = 64
"""Passed samples of one class that may wait for the turn of the others; more are let go."""
HOPELESS = 20
"""Times as many samples as expected are drawn before it is said that too few pass."""


@dataclass
class Tally:
    """What passed so far.

    Attributes:
        drawn: samples of the plain generator.
        passed: of these, those that were kept.
        weight, square: sums of their weights (ratio up to the ceiling, divided by it) and of the weights' squares.
    """

    drawn: int = 0
    passed: int = 0
    weight: float = 0.0
    square: float = 0.0

    @property
    def acceptance(self) -> float:
        """The share that was kept."""
        return self.passed / max(1, self.drawn)

    @property
    def effective(self) -> float:
        """How many of the drawn samples count, as weighted ones (Kong 1992)."""
        return self.weight**2 / self.square if self.square > 0 else 0.0

    def line(self) -> str:
        """For people."""
        shares = f"acceptance {self.acceptance:.1%}, effective sample size {self.effective:,.0f}"
        return f"{shares} of {counted(self.drawn, 'sample')} drawn"


class Weighed(nn.Module):
    """The net of a refined generator, for those who know its likelihood: see `multigan.core.generators.Reweighted`.

    Args:
        plain: the generator's net.
        critic: knows it.
        known: the cells of samples.
        balance: ceiling, and factors of cells.
    """

    def __init__(self, plain: nn.Module, critic: Critic, known: Known, balance: Balance) -> None:
        super().__init__()
        self.plain, self.critic, self.known, self.balance = plain, critic, known, balance

    def log_weight(self, x: Tensor) -> Tensor:
        """Log of the chance of being kept `(batch,)`, of samples `(batch, *shape)` without labels."""
        draw = Draw(0, 0, "weigh/", device=str(x.device))
        return self.balance.log_weights(self.critic.log_ratio(x.float(), None, draw), self.known.cells_of(x))


class RefinedGenerator(Generator):
    """A generator, and the critic that lets through the share of its samples that is likest to reals.

    Each sample is kept with the chance min(r, c) / c, where r is the critic's density ratio and c the ceiling that
    the wanted acceptance gives; of vectors and pictures times the factor of its coarse cell, which keeps the cells in
    the shares that they have among reals. What comes out follows, exactly, the plain generator's density times that.

    Args:
        plain: the generator.
        critic: knows it.
        known: of some of its samples, for the ceiling.
        made: the frame of the refinement.
        acceptance: share of samples to keep.

    Attributes:
        tally: what passed in the latest, or current, drawing.
        balance: ceiling, and factors of cells.
        expected: the acceptance that they give; above the wanted one where no ratio is larger.

    Source: Azadi et al. 2019 (discriminator rejection sampling); Verine et al. 2024, the ceiling in place of gamma.

    Raises:
        DataError: fewer would pass than can be told from chance.
    """

    def __init__(
        self, plain: Generator, critic: Critic, known: Known, made: Made, acceptance: float = ACCEPTANCE
    ) -> None:
        if not LEAST <= acceptance <= 1:
            raise DataError(f"acceptance = {acceptance:g}", f"from {LEAST:g} to 1", f"type --acceptance {ACCEPTANCE:g}")
        super().__init__(plain.net, plain.spec, plain.config)
        self.plain, self.critic, self.made, self.known = plain, critic, made, known
        self.kept, self.source, self.wanted = plain.kept, plain.source, acceptance
        ratios = critic.calibration(known.logits.double())
        self.balance = balance(ratios, known.cells, known.shares, acceptance)
        weights = self.balance.log_weights(ratios, known.cells)
        self.expected, self.tally = float(weights.exp().mean()), Tally()
        counting = effective_share(weights) * len(weights)
        if counting < FEWEST:
            given = f"at acceptance {acceptance:g} {counting:.0f} of {len(weights):,} weighted samples count"
            raise DataError(given, f"{FEWEST} or more", "type a larger --acceptance, or train the generator for longer")
        facts = {"critic_sha256": made.critic_sha256, "acceptance": acceptance}
        self.config = {**self.config, "refined": facts}

    @property
    def weighed(self) -> Weighed:
        """Net and weights, where a likelihood is asked for."""
        return Weighed(self.net, self.critic, self.known, self.balance)

    @torch.no_grad()
    def batches(self, n: int, seed: int = 0, label: str | None = None, how: Sampling | None = None) -> Iterator[Tensor]:
        """Samples that passed, `(batch, *spec.shape)`, batch at most 32; sample i does not depend on `n`.

        Raises:
            UnsupportedError: `how` asks for other draws than the critic knows.
            DataError: far fewer pass than was foretold.
        """
        refuse_drawing(self, n, label)
        _refuse_other_draws(how)
        self.tally = Tally()
        given, ready = 0, list[Tensor]()
        for sample in self._passed(n, seed, label):
            ready.append(sample)
            if len(ready) == CHUNK or given + len(ready) == n:
                given += len(ready)
                yield torch.stack(ready)
                ready = []
            if given == n:
                return

    def save_pretrained(self, folder: str | Path) -> Path:
        """The plain generator's two files, and a folder with the critic's two beside them."""
        folder = super().save_pretrained(folder)
        facts = {**self.made.model_dump(), "which": ""}
        replace_folder(folder / REFINED, lambda into: write_critic(into, self.critic.net, self.known, facts))
        return folder

    def _passed(self, n: int, seed: int, label: str | None) -> Iterator[Tensor]:
        """Samples one by one, of all classes in turn, as plain ones are."""
        classes = len(self.spec.classes) if self.conditional and label is None else 1
        waiting = [deque[Tensor](maxlen=WAITING) for _ in range(classes)]
        turn, number = 0, 0
        while True:
            fakes, cond, keep = self._judged(seed, number, label)
            number += 1
            for k in keep.nonzero()[:, 0].tolist():
                row = waiting[int(cond[k]) if cond is not None and classes > 1 else 0]
                if len(row) < WAITING:
                    row.append(fakes[k])
            while waiting[turn]:
                yield waiting[turn].popleft()
                turn = (turn + 1) % classes
            self._refuse_hopeless(n)

    def _judged(self, seed: int, number: int, label: str | None) -> tuple[Tensor, Tensor | None, Tensor]:
        """A chunk of the plain generator's samples, their labels, and which of them pass."""
        device = next(self.net.parameters()).device
        draw = Draw(seed, number, "generate/", device=str(device))
        cond = self.cond(label, number, device)
        fakes = draw_fakes(self.net, CHUNK, draw, cond)
        own = Draw(seed, number, "refine/", device=str(device))
        ratios = self.critic.log_ratio(fakes.float(), cond, own)
        weights = self.balance.log_weights(ratios, self.known.cells_of(fakes.float())).exp()
        keep = own.uniform("keep", (CHUNK,)).double().cpu() < weights
        tally = self.tally
        tally.drawn, tally.passed = tally.drawn + CHUNK, tally.passed + int(keep.sum())
        tally.weight, tally.square = tally.weight + float(weights.sum()), tally.square + float((weights**2).sum())
        return fakes.float().cpu(), None if cond is None else cond.cpu(), keep

    def _refuse_hopeless(self, n: int) -> None:
        tally = self.tally
        classes = max(1, len(self.spec.classes) if self.conditional else 1)
        if tally.drawn > HOPELESS * classes * (n + CHUNK) / self.expected and tally.drawn > 100 * CHUNK:
            given = f"{tally.passed:,} of {tally.drawn:,} samples passed, and {n:,} were asked for"
            fix = f"type a larger --acceptance, or {command_of(Path(self.source or '.'))} for longer"
            raise DataError(given, f"about {self.expected:.1%} of them, for every class", fix)


def load_refined(
    path: str | Path, which: str | None = None, acceptance: float | None = None, *, plain: Generator | None = None
) -> RefinedGenerator:
    """A generator with the critic that `multigan refine` left beside it.

    Args:
        path: a run directory or a generator folder.
        which: of a run, the generator that was refined; None = that one, whichever it was.
        acceptance: share of samples to keep; None = one in ten.
        plain: the generator, where it is loaded already.

    Raises:
        CheckpointError: there is no critic, it is damaged, or of another generator than lies there now.
        DataError: too few would pass.
    """
    made = read_made(Path(path))
    if which is not None and made.which != which:
        given = f"{path} has its '{made.which or 'only'}' generator refined, not '{which}'"
        raise CheckpointError(given, "the one that was refined", f"type {command_of(Path(path))} --which {which}")
    plain = plain or Generator.from_pretrained(path, made.which or None)
    refuse_input(plain, "a refined generator")
    if plain.config["weights_sha256"] != made.weights_sha256:
        given = f"{Path(path) / REFINED} is of another generator than lies in {path} now"
        raise CheckpointError(given, "the critic of this one", f"type {command_of(Path(path))} again")
    critic, known = read_critic(Path(path), plain.spec, made)
    return RefinedGenerator(plain, critic, known, made, ACCEPTANCE if acceptance is None else acceptance)


def identity_of(generator: Generator) -> str:
    """What a generator's samples are a function of, beside seed and number."""
    plain = str(generator.config["weights_sha256"])
    if not isinstance(generator, RefinedGenerator):
        return plain
    return f"{plain}-{generator.made.critic_sha256}-{generator.balance.log_ceiling!r}"


def _refuse_other_draws(how: Sampling | None) -> None:
    """The critic knows the generator as it draws plainly."""
    plain = vars(Sampling())
    if how is not None and vars(how) != plain:
        changed = ", ".join("a form" if name == "steered" else name for name in plain if vars(how)[name] != plain[name])
        given = f"{changed} of a refined generator"
        raise UnsupportedError(given, "plain draws, which its critic knows", "leave --refined or the other option away")
