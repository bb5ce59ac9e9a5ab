"""When a critic has learnt enough: its loss on reals that it does not learn from, and the best weights so far."""

import time
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.engine.trainer import Parts, Quiet, Trainer
from multigan.files.findings import Tick
from multigan.generator.critic import logits_of, noisy
from multigan.metrics.calibration import fit_logistic, log_loss

__all__ = ["SPENT", "TIME_UP", "Learning", "Side", "logits_on"]

SPENT, TIME_UP = "the budget was spent", "the time was up"
"""Why learning ended, where it might have gone on."""

LOOKS = 24
"""How often in a budget the loss is measured."""
PATIENCE = 10
"""Looks without a new best after which the critic is done."""
BATCH = 128

Side = tuple[Tensor, Tensor | None]
"""Samples `(n, *shape)` and their labels `(n,)`, or None."""


class Learning(Quiet):
    """Looks at the averaged critic from time to time, keeps the best, and ends training.

    Args:
        real: reals that it is measured on.
        fake: fakes, likewise.
        deadline: of `time.monotonic`, or None.
        tick: `tick(samples, all)`.

    Attributes:
        best: weights with the smallest loss so far.
        history: a row a look: samples, loss.
        why: training ended.
    """

    def __init__(self, real: Side, fake: Side, deadline: float | None, tick: Tick) -> None:
        self.sides, self.deadline, self.tick = (real, fake), deadline, tick
        self.best: dict[str, Tensor] = {}
        self.history: list[dict[str, float]] = []
        self.why = SPENT
        self._every, self._since = 1, 0

    @property
    def loss(self) -> float:
        """The smallest so far."""
        return min(row["loss"] for row in self.history)

    def started(self, trainer: Trainer) -> None:
        """The critic that it starts from is the first to be looked at."""
        self._every = max(1, trainer.phase.iterations(trainer.batches.batch) // LOOKS)
        self._look(trainer)

    def stepped(self, trainer: Trainer, parts: Parts) -> None:
        """Look when it is time, and stop where nothing gets better or the time is up."""
        self.tick(trainer.state.samples, trainer.phase.samples)
        if trainer.state.step % self._every == 0:
            self._look(trainer)
            if self._since >= PATIENCE:
                self.why, trainer.stopping = "its loss on unseen reals grew no smaller", True
        if self.deadline is not None and time.monotonic() >= self.deadline:
            self.why, trainer.stopping = TIME_UP, True

    def ended(self, trainer: Trainer) -> None:
        """Look once more, where the last step was not looked at."""
        if not self.history or self.history[-1]["samples"] != trainer.state.samples:
            self._look(trainer)

    def _look(self, trainer: Trainer) -> None:
        net = trainer.ema.net
        settle(net, self.sides)
        real, fake = (
            logits_on(net, side, Draw(trainer.batches.seed, 0, f"look/{k}/")) for k, side in enumerate(self.sides)
        )
        line = fit_logistic(real, fake)  # what calibration can mend is no reason to stop
        row = {"samples": float(trainer.state.samples), "loss": log_loss(line(real), line(fake))}
        self._since += 1
        if not self.history or row["loss"] < self.loss:
            self._since, self.best = 0, {key: value.clone() for key, value in net.state_dict().items()}
        self.history.append(row)


@torch.no_grad()
def logits_on(net: nn.Module, side: Side, draw: Draw) -> Tensor:
    """Logits `(n,)` of samples in batches, on the CPU; pictures with the critic's faint noise."""
    device = next(net.parameters()).device
    x, cond = side
    labels: Any = [None] * -(-len(x) // BATCH) if cond is None else cond.split(BATCH)
    found = []
    for k, (part, label) in enumerate(zip(x.split(BATCH), labels, strict=True)):
        seen = noisy(part.to(device), Draw(draw.seed, k, draw.path, device=str(device)))
        found.append(logits_of(net, seen, None if label is None else label.to(device), None).cpu())
    return torch.cat(found)


@torch.no_grad()
def settle(net: nn.Module, sides: tuple[Side, Side]) -> None:
    """Batch norm's means and deviations over reals and fakes in equal parts, for the averaged weights.

    Those of the last steps lag behind, and are of weights that are not averaged.
    """
    norms = [module for module in net.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    n = min(len(x) for x, _ in sides)
    device = next(net.parameters()).device
    for start in range(0, n, BATCH // 2):
        rows = slice(start, min(start + BATCH // 2, n))
        cond = [c[rows] for _, c in sides if c is not None]
        both = noisy(torch.cat([x[rows] for x, _ in sides]).to(device), Draw(0, start, "settle/", device=str(device)))
        logits_of(net, both, torch.cat(cond).to(device) if cond else None, None)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
        norm.eval()
