"""SeqGAN's game: G is a policy, D's verdict on whole sequences its reward."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import writer_of
from multigan.core.types import Batch, Critique, Loss, as_critique
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules

__all__ = ["PolicyGradientGame"]


class PolicyGradientGame:
    """REINFORCE with Monte-Carlo rollouts; D plays as in `AdversarialGame`.

    `loss = - mean_batch sum_t log G(y_t | y_<t) (Q_t - b_t)`, where Q_t is the mean of sigmoid(D) over `rollouts`
    completions of y_1..y_t (D itself at the last t) and b_t the batch's mean where `baseline` is set.

    Args:
        players: `"G"`, which writes token by token (`Writer`), and `"D"`, which takes one-hots `(batch, length, vocab)`
            and ids `(batch, length)`.
        rules: of the loss D's half is used; there is no place for `matching`, `views`, `reduction` and `fakes`.
        rollouts: completions per position.
        baseline: subtract the batch's mean reward at every position; the gradient keeps its mean and varies less.

    Source: Yu et al. 2017 (SeqGAN), Eq. 4 (rewards) and 7 (gradient); baseline: Williams 1992.
    Departures: rollouts follow G as it is, neither a copy taken once a round nor the moving average of the code.
    """

    roles: ClassVar[Mapping[str, str]] = {"d": "D", "g": "G"}
    kept = AdversarialGame.kept
    uncounted = AdversarialGame.uncounted

    def __init__(
        self,
        players: Mapping[str, nn.Module],
        rules: Rules,
        *,
        rollouts: Annotated[int, Field(ge=1, le=10_000)] = 16,
        baseline: bool = True,
    ) -> None:
        self.refuse(rules)
        self.base = AdversarialGame(players, rules)
        self.G, self.D, self.rollouts, self.baseline = players["G"], players["D"], rollouts, baseline
        self.writer = writer_of(self.G)
        self.players, self.memory, self.round = self.base.players, self.base.memory, self.base.round
        self.turns = {**self.base.turns, "d": ("D", self.d_loss), "g": ("G", self.g_loss)}
        del self.turns["fit"]

    @staticmethod
    def refuse(rules: Rules) -> None:
        """D's reward is of whole sequences, as they are."""
        rules.refuse("policy-gradient", "matching", "views", "reduction", "fakes")

    def d_loss(self, batch: Batch, draw: Draw) -> Loss:
        """D's loss on reals and on hard sequences of G."""
        training = self.G.training
        self.G.eval()  # exact draws, one-hot
        try:
            return self.base.d_loss(batch, draw)
        finally:
            self.G.train(training)

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """The policy gradient's surrogate loss; logs the mean reward of finished sequences."""
        tokens = self.writer.sample(len(batch.real), draw.child("policy"))
        rewards = self.rewards(tokens, draw)
        logits = self.writer.logits(tokens)
        nll = F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), reduction="none").view(tokens.shape)  # (B, T)
        advantage = rewards - draw.batch_mean(rewards) if self.baseline else rewards
        loss = (nll * advantage).sum(1).mean()
        return Loss(loss, {"loss/G": loss.detach(), "reward/G": rewards[:, -1].mean()})

    @torch.no_grad()
    def rewards(self, tokens: Tensor, draw: Draw) -> Tensor:
        """Q_t for every position: `(batch, length)` in [0, 1]."""
        batch, length = tokens.shape
        columns = []
        for t in range(1, length):
            prefix = tokens[:, :t].repeat_interleave(self.rollouts, 0)
            done = self.writer.sample(len(prefix), draw.child(f"rollout-{t}"), prefix=prefix)
            columns.append(self._reward(done).view(batch, self.rollouts).mean(1))
        columns.append(self._reward(tokens))
        return torch.stack(columns, 1)

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

    def _reward(self, tokens: Tensor) -> Tensor:
        heads = as_critique(self.D(tokens)).logits
        return torch.stack(
            [torch.sigmoid(logits.flatten(1).mean(1) if logits.ndim > 1 else logits) for logits in heads]
        ).mean(0)
