"""SeqGAN's game: G is a policy, D's verdict on its sequences the reward."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, did_you_mean
from multigan.core.generators import asked, writer_of
from multigan.core.types import Batch, Critique, Loss, as_critique
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules

__all__ = ["PolicyGradientGame"]


class PolicyGradientGame:
    """REINFORCE on D's verdicts; D plays as in `AdversarialGame`.

    `loss = - mean_batch sum_t log G(y_t | y_<t) (Q_t - b_t)`, where Q_t is the mean of sigmoid(D) over `rollouts`
    completions of y_1..y_t (D itself at the last t) and b_t the batch's mean where `baseline` is set. Without rollouts,
    Q_t is the mean of D's verdicts at the tokens from t on, where D gives one at every token, and else its verdict on
    the whole.

    With inputs, G writes for them, D sees both where the recipe's `judged` says so, and `reward` mixes in how good a
    text is beside its target. `teach` has a turn of maximum likelihood follow every turn of the game: without one, what
    was learnt from pairs is soon forgotten.

    Args:
        players: `"G"`, which writes token by token (`Writer`), and `"D"`, which takes one-hots
            `(batch, length, vocab)` and, where there are no inputs, ids `(batch, length)`.
        rules: of the loss D's half is used; there is no place for `matching`, `views`, `reduction` and `fakes`.
        rollouts: completions per position; 0 = none.
        baseline: subtract the batch's mean reward at every position; the gradient keeps its mean and varies less.
        teach: whether the turn `fit` ends every round. The last generator is then the one to take: a distance between
            sets of texts says little of answers that have a target each.
        reward: what is mixed into D's verdict, a name of the modality's rewards; "" = nothing.
        reward_weight: its share, from 0 to 1.

    Source: Yu et al. 2017 (SeqGAN), Eq. 4 (rewards) and 7 (gradient); baseline: Williams 1992. Without rollouts:
    de Masson d'Autume et al. 2019 (ScratchGAN), section 2.1; `teach`: Li et al. 2017, section 3.2; `reward`: Yang et
    al. 2018 (BR-CSGAN), Eq. 6.
    Departures: rollouts follow G as it is, neither a copy taken once a round nor the moving average of the code.
    """

    roles: ClassVar[Mapping[str, str]] = {"d": "D", "g": "G"}
    takes_inputs = True
    kept = AdversarialGame.kept

    def __init__(
        self,
        players: Mapping[str, nn.Module],
        rules: Rules,
        *,
        rollouts: Annotated[int, Field(ge=0, le=10_000)] = 16,
        baseline: bool = True,
        teach: bool = False,
        reward: str = "",
        reward_weight: Annotated[float, Field(ge=0, le=1)] = 0.5,
    ) -> None:
        self.refuse(rules)
        if teach and "fit" not in rules.objectives:
            raise RecipeError("teach = true", "a modality with the objective 'fit'", "remove it", key=["teach"])
        if reward and reward not in rules.rewards:
            given = f"game.reward = '{reward}'"
            raise RecipeError(given, "", did_you_mean(reward, rules.rewards), key=["reward"])
        self.base = AdversarialGame(players, rules)
        self.G, self.D, self.rollouts, self.baseline = players["G"], players["D"], rollouts, baseline
        self.measured, self.reward_weight = rules.rewards.get(reward), reward_weight
        self.keeps_last = teach
        self.writer, self.teach, self.vocab = writer_of(self.G), teach, int(getattr(self.G, "vocab", 0))
        self.players, self.memory = self.base.players, self.base.memory
        self.turns = {**self.base.turns, "d": ("D", self.d_loss), "g": ("G", self.g_loss)}
        self.uncounted: tuple[str, ...] = AdversarialGame.uncounted
        if "fit" in rules.objectives:
            self.uncounted = (*self.uncounted, "fit")  # a turn of the game's rounds; alone it counts
        else:
            del self.turns["fit"]

    @staticmethod
    def refuse(rules: Rules) -> None:
        """D's reward is of whole sequences, as they are."""
        rules.refuse("policy-gradient", "matching", "views", "reduction", "fakes")

    def round(self, n_critic: int) -> tuple[str, ...]:
        """D's turns, then G's, then one of likelihood where G is taught."""
        return (*self.base.round(n_critic), *(["fit"] if self.teach else []))

    def d_loss(self, batch: Batch, draw: Draw) -> Loss:
        """D's loss on reals and on hard sequences of G."""
        if batch.source is not None:
            tokens = self.writer.sample(len(batch.real), draw.child("G"), **asked(batch.source))
            return self.base.d_loss_on(_hot(tokens, batch.real), batch, draw)
        training = self.G.training
        self.G.eval()  # exact draws, one-hot
        try:
            return self.base.d_loss(batch, draw)
        finally:
            self.G.train(training)

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """The policy gradient's surrogate loss; logs the mean reward of finished sequences."""
        more = asked(batch.source)
        tokens = self.writer.sample(len(batch.real), draw.child("policy"), **more)
        rewards = self.rewards(tokens, draw, batch)
        logits = self.writer.logits(tokens, **more)
        nll = F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), reduction="none").view(tokens.shape)  # (B, T)
        advantage = rewards - draw.batch_mean(rewards) if self.baseline else rewards
        if batch.source is not None:  # LSTMs learn to go on ending, translators stop
            nll = nll * self._counted(tokens)
        loss = (nll * advantage).sum(1).mean()
        return Loss(loss, {"loss/G": loss.detach(), "reward/G": rewards[:, -1].mean()})

    @torch.no_grad()
    def rewards(self, tokens: Tensor, draw: Draw, batch: Batch | None = None) -> Tensor:
        """Q_t for every position: `(batch, length)` in [0, 1]."""
        found = self._rolled_out(tokens, draw, batch) if self.rollouts else self._to_go(tokens, batch)
        if self.measured is None or batch is None:
            return found
        own = self.measured(_hot(tokens, batch.real), batch.real).to(found)[:, None]
        return (1 - self.reward_weight) * found + self.reward_weight * own

    def _rolled_out(self, tokens: Tensor, draw: Draw, batch: Batch | None) -> Tensor:
        """The mean verdict on completions of every beginning, `(batch, length)`."""
        many, length = tokens.shape
        source = None if batch is None or batch.source is None else batch.source.repeat_interleave(self.rollouts, 0)
        columns = []
        for t in range(1, length):
            prefix = tokens[:, :t].repeat_interleave(self.rollouts, 0)
            done = self.writer.sample(len(prefix), draw.child(f"rollout-{t}"), prefix=prefix, **asked(source))
            columns.append(self._reward(done, source).view(many, self.rollouts).mean(1))
        columns.append(self._reward(tokens, None if batch is None else batch.source))
        return torch.stack(columns, 1)

    def _to_go(self, tokens: Tensor, batch: Batch | None) -> Tensor:
        """The mean verdict from every token to the end of its text, `(batch, length)`."""
        heads = [torch.sigmoid(one) for one in self._asked(tokens, None if batch is None else batch.source).logits]
        verdicts = torch.stack([one if one.ndim > 1 else one[:, None].expand(tokens.shape) for one in heads]).mean(0)
        verdicts, counted = verdicts[:, : tokens.shape[1]], self._counted(tokens)
        sums, counts = ((x * counted).flip(1).cumsum(1).flip(1) for x in (verdicts, torch.ones_like(verdicts)))
        return torch.where(counts > 0, sums / counts.clamp_min(1), verdicts)

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """As many hard sequences as the batch has reals, as one-hots."""
        training = self.G.training
        self.G.eval()
        try:
            return self.base.fake(batch, draw)
        finally:
            self.G.train(training)

    def judge(self, x: Tensor, batch: Batch, draw: Draw) -> Critique:
        """D's critique of x `(batch, length, vocab)`."""
        return self.base.judge(x, batch, draw)

    def after(self, player: str) -> None:
        """Constrain D after its update."""
        self.base.after(player)

    def _reward(self, tokens: Tensor, source: Tensor | None) -> Tensor:
        """D's verdict on whole texts `(batch, length)`, `(batch,)` in [0, 1]."""
        heads = self._asked(tokens, source).logits
        return torch.stack(
            [torch.sigmoid(logits.flatten(1).mean(1) if logits.ndim > 1 else logits) for logits in heads]
        ).mean(0)

    def _asked(self, tokens: Tensor, source: Tensor | None) -> Critique:
        """D on ids, or, where G is given inputs, on one-hots, with the inputs where it is to see them."""
        if source is None:
            return as_critique(self.D(tokens))
        hot = F.one_hot(tokens, self.vocab).to(source.dtype)
        return as_critique(self.D(hot if self.base.join is None else self.base.join(hot, source)))

    def _counted(self, tokens: Tensor) -> Tensor:
        """1 up to and including the first end of every text, `(batch, length)`."""
        end = getattr(self.G, "end", None)
        if end is None:
            return torch.ones_like(tokens)
        ends = (tokens == end).long()
        counted: Tensor = (ends.cumsum(1) - ends == 0).long()
        return counted


def _hot(tokens: Tensor, real: Tensor) -> Tensor:
    """Ids `(batch, length)` as one-hots like reals `(batch, length, vocab)`."""
    return F.one_hot(tokens, real.shape[-1]).to(real.dtype)
