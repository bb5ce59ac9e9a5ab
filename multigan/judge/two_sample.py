"""The classifier two-sample test: whether who has seen neither side before can tell them apart."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.judge.training import Handling, handling_of, train_judge
from multigan.judge.witness import judge_numbers
from multigan.metrics.intervals import LEVEL, Interval, wilson

__all__ = ["SEEN", "Judged", "two_sample"]

SEEN = 2500
"""Samples of each side that the judge of one half sees in all; vectors, which cost next to nothing, four times."""
BATCH = 128
SMALLEST = 1e-6


@dataclass(frozen=True)
class Judged:
    """What the judges said, each of the half that it had not seen.

    Attributes:
        real: logits of reals `(n,)`, above 0 = called a real.
        fake: logits of fakes `(n,)`.
        witnesses: how many were asked; these are the logits of the one that was right more often.
        by: that one, `"net"` or `"numbers"`.
    """

    real: Tensor
    fake: Tensor
    witnesses: int = 1
    by: str = "net"

    @property
    def right(self) -> int:
        """How many of both sides are called rightly."""
        return int((self.real > 0).sum()) + int((self.fake <= 0).sum())

    @property
    def accuracy(self) -> Interval:
        """The share that is called rightly, with 95 %; half of it by chance.

        The interval is that of half as many trials. Where the sides are equal, both nets go by the same difference
        between the halves and are right or wrong together: the deviation of the share was 1.1 to 1.3 times that of
        independent trials in 120 such tests, and 1.41 times is the most that it can be.

        Of two witnesses the better one is taken, so that each has 97.5 %: that one of the two is outside happens in
        5 % at most (Bonferroni).
        """
        level = 1 - (1 - LEVEL) / self.witnesses
        found = wilson(self.right / 2, (len(self.real) + len(self.fake)) / 2, level)
        better = ", the better of two witnesses" if self.witnesses > 1 else ""
        counted = f"{len(self.real):,} and {len(self.fake):,} counted as half as many"
        return replace(found, level=LEVEL, how=f"95 % Wilson, {counted}{better}")


def two_sample(
    real: Tensor,
    fake: Tensor,
    draw: Draw,
    *,
    seen: int = SEEN,
    numbers: tuple[Tensor | None, Tensor | None] = (None, None),
) -> Judged:
    """Tell two sets of samples apart, all of them judged once by who has not seen them.

    Both sets are halved. A net learns on one half of both and judges the other, and the other way round. Where samples
    are told in numbers too, a second witness does the same with these (`multigan.judge.witness`).

    Args:
        real: `(n, *shape)`, pictures, series or vectors; four at least.
        fake: likewise; the longer of the two is cut.
        draw: of the nets' weights, the order of samples, and the noise.
        seen: samples of each side that a net sees, as far as `Handling.rounds` lets it.
        numbers: reals and fakes again, `(n, numbers)`, for the second witness; None = there is none.

    Source: Lopez-Paz & Oquab 2017, section 3.
    Departures: two folds in place of one, and the interval is Wilson's (1927) of the binomial distribution that section
    3 approximates by a normal one. Labels are smoothed, samples are moved by a pixel or two and get faint noise, as a
    judge of some hundred samples would learn them by heart. Two witnesses, of which the better one counts, with an
    interval that knows it: the mean of both had less power where only one of them sees a fault (docs/evaluation.md).
    """
    n = min(len(real), len(fake))
    sides = _alike(real[:n].float(), fake[:n].float())
    how = handling_of(tuple(real.shape[1:]))
    seen = min(seen * (4 if real.ndim == 2 else 1), how.rounds * n // 2)
    halves = torch.arange(n).tensor_split(2)
    logits = torch.zeros(2, n)
    for k, (mine, other) in enumerate((halves, halves[::-1])):
        fold = draw.child(f"fold-{k}")
        net = train_judge(sides[0][mine], sides[1][mine], fold, seen=seen, how=how)
        found = torch.stack([_logits(net, x[other], fold.generator(f"noise-{s}"), how) for s, x in enumerate(sides)])
        logits[:, other] = found
    by_net = Judged(logits[0], logits[1])
    if numbers[0] is None or numbers[1] is None:
        return by_net
    by_numbers = Judged(*judge_numbers(numbers[0][:n], numbers[1][:n]), by="numbers")
    return replace(max(by_net, by_numbers, key=lambda one: one.right), witnesses=2)


def _alike(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Both with every channel scaled to mean 0 and deviation 1 over the two of them."""
    both = torch.cat([real, fake])
    axes = [0, *range(2, both.ndim)]
    mean, deviation = both.mean(axes, keepdim=True), both.std(axes, keepdim=True, correction=0).clamp_min(SMALLEST)
    return (real - mean) / deviation, (fake - mean) / deviation


def _logits(net: nn.Module, x: Tensor, noise: torch.Generator, how: Handling) -> Tensor:
    with torch.no_grad():
        return torch.cat([net(how.noisy(part, noise)) for part in x.split(BATCH)])
