"""Reconstruct first: G is an encoder and a decoder, learns by matching terms, and an adversary may finish it."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import Expecting, Hearing, Schooled, encoding_of
from multigan.core.types import Batch, Loss
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules, Term

__all__ = ["AutoencodingGame"]

Weight = Annotated[float, Field(ge=0, le=1e6)]


class AutoencodingGame(AdversarialGame):
    """A variational autoencoder whose prior is learnt, and the adversarial game on its decoder.

    The turn `fit` descends

        matching(x, decode(code)) + kl * mean_j max(KL_j - free_bits, 0) - log p(code) / nz,   code ~ q(code | x),

    with KL_j the batch's mean of `KL(q(code_j | x) || N(0, 1))` in nats. The last term is one of the map from z to
    codes alone: no gradient goes from it into the encoder. Where codes leave something to chance, as hiss, no draw of
    it is near x, and `matching(x, draw)` is least for what is always the same, the median: hiss was drawn by tones. If
    the net knows what there is on average (`Expecting`) and all terms can be told so, it is that which they compare.

    The turn `prior` is the prior's term by itself. In the turns `d` and `g` the encoder stands still: half of the fakes
    are decoded codes of the batch, the other half decoded draws of the prior, and matching terms compare the former
    with their reals.

    Args:
        players: `"G"`, an `Encoding`, and `"D"`.
        rules: as of the adversarial game; matching terms see samples before any view.
        kl: weight of the KL term.
        free_bits: nats of every number of a code that cost nothing.
        adversary: the last phase plays `d` and `g`; else it goes on with `fit`, and D never plays.

    Raises:
        RecipeError: G has no encoder, or there is nothing to fit by.

    Source: Kingma & Welling 2014, Eq. 10; free bits: Kingma et al. 2016, section C.8; a prior that is learnt on codes:
        Chen et al. 2017 (VLAE), section 3.2; frozen encoder, then an adversary: Caillon & Esling 2021 (RAVE), section
        3.1; decoded draws for D beside decoded codes: Larsen et al. 2016, section 2.4.
    Departures: the prior learns from codes as they come and leaves the encoder alone; free bits are of the batch's
        mean.
    """

    roles: ClassVar[Mapping[str, str]] = {"d": "D", "g": "G", "fit": "G", "prior": "G"}
    takes_inputs = False
    fits_items = True

    def __init__(
        self,
        players: Mapping[str, nn.Module],
        rules: Rules,
        *,
        kl: Weight = 0.02,
        free_bits: Weight = 0.0,
        adversary: bool = False,
    ) -> None:
        self.refuse(rules)
        super().__init__(players, rules)
        self.net = encoding_of(self.G)
        self.kl, self.free_bits, self.adversary = kl, free_bits, adversary
        self.turns["prior"] = ("G", self.prior_loss)

    @staticmethod
    def refuse(rules: Rules) -> None:
        """There must be something to fit by."""
        if all(term.asks for term in rules.matching):
            given = "the game 'autoencoding' without a matching term that asks no D"
            fix = 'write matching = [{ name = "l1" }]'
            raise RecipeError(given, "what a sample and its reconstruction are compared by", fix, key=["matching"])

    def round(self, n_critic: int) -> tuple[str, ...]:
        """D's turns and G's with an adversary, else a turn of fitting."""
        return super().round(n_critic) if self.adversary else ("fit",)

    def fit_loss(self, batch: Batch, draw: Draw) -> Loss:
        """Reconstruction, how far codes are from noise, and how well the prior foresees them."""
        mean, log_deviation = self.net.encode(batch.real, batch.cond)
        code = mean + log_deviation.exp() * draw.normal("code", tuple(mean.shape))
        gaps = 0.5 * (mean.square() + (2 * log_deviation).exp() - 1) - log_deviation  # (B, nz)
        far = (draw.batch_mean(gaps) - self.free_bits).clamp_min(0).mean()
        foreseen = self._foreseen(batch, code.detach(), draw)
        matched = self._matched(batch, code, draw)
        parts = {**matched.parts, "loss/fit": matched.total, "kl": gaps.mean(), "loss/prior": foreseen}
        total = matched.total + self.kl * far + foreseen
        return Loss(total, {name: value.detach() for name, value in parts.items()})

    def _matched(self, batch: Batch, code: Tensor, draw: Draw) -> Loss:
        """What matching terms say of decoded codes, or of what these are on average."""
        terms = [term for term in self.matching if not term.asks]
        if isinstance(self.net, Expecting) and all(term.expects for term in terms):
            fake, chance = self.net.decode_expected(code, batch.cond)
            values = partial(Term.of_expected, real=batch.real, fake=fake, chance=chance, draw=draw)
            return self._with_values(fake.new_zeros(()), {}, terms, draw, values)
        fake = self.net.decode(code, batch.cond)
        return self._with_terms(fake.new_zeros(()), {}, terms, (None, batch.real, fake, batch.cond, draw))

    def prior_loss(self, batch: Batch, draw: Draw) -> Loss:
        """How well the prior foresees codes of the batch; encoder and decoder stand still."""
        with torch.no_grad():
            mean, log_deviation = self.net.encode(batch.real, batch.cond)
            code = mean + log_deviation.exp() * draw.normal("code", tuple(mean.shape))
        loss = self._foreseen(batch, code, draw)
        return Loss(loss, {"loss/prior": loss.detach()})

    def played(self, batch: Batch, draw: Draw) -> Tensor:
        """Decoded codes of the even rows, and decoded draws in the odd ones: `(batch, *shape)`."""
        with torch.no_grad():
            mean, log_deviation = self.net.encode(batch.real, batch.cond)
            code = mean + log_deviation.exp() * draw.normal("code", tuple(mean.shape))
            drawn = self.net.to_code(self.net.latent.sample(len(mean), draw), batch.cond)
            code[1::2] = drawn[1::2]
        return self.net.decode(code, batch.cond)

    def matched(self, batch: Batch, real: Tensor, fake: Tensor, made: Tensor) -> tuple[object, ...]:
        """Reconstructions and what they are of: the even rows, before any view."""
        even = Batch(batch.real[::2], None if batch.cond is None else batch.cond[::2])
        return self._judge_of(even), even.real, made[::2], even.cond

    def _foreseen(self, batch: Batch, code: Tensor, draw: Draw) -> Tensor:
        cond = batch.cond
        if isinstance(self.net, Hearing):
            return self.net.lesson_of(batch.real, code, cond, draw).mean()
        if isinstance(self.net, Schooled):
            return self.net.lesson(code, cond, draw).mean()
        return self.net.surprise(code, cond).mean() / code[0].numel()
