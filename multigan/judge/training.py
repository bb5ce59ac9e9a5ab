"""How a judge learns: a fixed number of steps on samples that are moved a little and get faint noise."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.judge.nets import judge_net

__all__ = ["Handling", "handling_of", "train_judge"]

BATCH = 32
RATE = 3e-3
DECAY = 0.05
SMOOTH = 0.05


@dataclass(frozen=True)
class Handling:
    """What is done to samples whenever a judge sees them, to reals and fakes alike.

    Attributes:
        noise: deviation of Gaussian noise, in deviations of the samples. Pictures get about two of 256 steps, which no
            eye sees: rounding and the traces of a file's packing do not decide.
        shift: most places by which a sample is moved while a judge learns, along every axis but the first.
        rounds: how often a judge sees one and the same sample at most: more is learning by heart.
    """

    noise: float = 0.0
    shift: int = 0
    rounds: int = 16

    def noisy(self, x: Tensor, random: torch.Generator) -> Tensor:
        """The same with noise."""
        return x + self.noise * torch.randn(x.shape, generator=random) if self.noise else x

    def moved(self, x: Tensor, random: torch.Generator) -> Tensor:
        """The same moved by one random step, the border repeated."""
        if not self.shift:
            return x
        wide = F.pad(x, [self.shift] * (2 * (x.ndim - 2)), mode="replicate")
        for axis in range(2, x.ndim):
            start = int(torch.randint(0, 2 * self.shift + 1, (), generator=random))
            wide = wide.narrow(axis, start, x.shape[axis])
        return wide


def handling_of(shape: tuple[int, ...]) -> Handling:
    """What suits samples of a shape; see `multigan.judge.nets.judge_net`."""
    return {3: Handling(0.04, 2), 2: Handling(0.1)}.get(len(shape), Handling(rounds=200))


def train_judge(real: Tensor, fake: Tensor, draw: Draw, *, seen: int, how: Handling) -> nn.Module:
    """A net that tells reals from fakes, in the mode for judging.

    Args:
        real: `(n, *shape)`, of deviation 1.
        fake: as many.
        draw: of everything that is random.
        seen: samples of each side that it sees in all.
        how: they are handled.
    """
    random = draw.generator("order")
    batch = min(BATCH, len(real))
    steps = max(2, seen // batch)
    orders = [_numbers(len(x), batch * steps, random).split(batch) for x in (real, fake)]
    target = torch.cat([torch.full((batch,), 1.0 - SMOOTH), torch.full((batch,), SMOOTH)])
    with torch.random.fork_rng(devices=[]):  # of weights and dropout
        torch.manual_seed(draw.generator("net").initial_seed())
        net = judge_net(tuple(real.shape[1:]))
        optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
        for numbers in zip(*orders, strict=True):
            x = torch.cat([side[chosen] for side, chosen in zip((real, fake), numbers, strict=True)])
            x = how.noisy(how.moved(x, random), random)
            loss = F.binary_cross_entropy_with_logits(net(x), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        _settle(net, [how.noisy(side, random) for side in (real, fake)])
    return net.eval()


def _settle(net: nn.Module, sides: list[Tensor]) -> None:
    """Means and deviations of batch norms over all that was learnt from, reals and fakes in equal parts.

    Averages over the last steps lag behind weights that still move, which shifts all logits to one side.
    """
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all batches
    parts = zip(*(side.split(BATCH) for side in sides), strict=True) if norms else ()
    net.train()
    with torch.no_grad():
        for pair in parts:
            net(torch.cat(pair))


def _numbers(n: int, wanted: int, random: torch.Generator) -> Tensor:
    """Numbers of samples: all of them in random order, again and again."""
    rounds = [torch.randperm(n, generator=random) for _ in range(-(-wanted // n))]
    return torch.cat(rounds)[:wanted]
