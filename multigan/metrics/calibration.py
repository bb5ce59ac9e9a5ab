"""What a critic's logits are worth: a straight line that makes them log density ratios, and how reliable they are."""

from typing import NamedTuple

import torch
from torch import Tensor

from multigan.metrics.intervals import wilson

__all__ = ["Calibration", "Reliability", "expected_error", "fit_logistic", "log_loss", "reliability"]

STEPS = 100
CLOSE = 1e-10
STEEPEST = 100.0


class Calibration(NamedTuple):
    """`scale * logit + bias`: the log of how much denser reals are than fakes.

    Attributes:
        scale: 1 / temperature, above 0.
        bias: added after scaling.
    """

    scale: float = 1.0
    bias: float = 0.0

    def __call__(self, logits: Tensor) -> Tensor:
        """Log density ratios of logits `(n,)`."""
        return self.scale * logits + self.bias


class Reliability(NamedTuple):
    """One bin of the curve.

    Attributes:
        said: mean probability of "real" that was said.
        real: share of reals, each side having half of the weight.
        low, high: its interval.
        n: samples in the bin.
    """

    said: float
    real: float
    low: float
    high: float
    n: int


def log_loss(real: Tensor, fake: Tensor) -> float:
    """Mean logistic loss of log ratios, in nats: log 2 for a critic that says nothing.

    Both sides have the same weight, whatever their numbers.

    Args:
        real: log ratios of reals `(n,)`.
        fake: of fakes `(m,)`.
    """
    sides = (-real.double(), fake.double())
    return float(sum(torch.nn.functional.softplus(side).mean() for side in sides)) / 2


def fit_logistic(real: Tensor, fake: Tensor) -> Calibration:
    """Scale and bias by the smallest logistic loss, in float64, by Newton's method.

    Labels are those of Platt's prior: (n + 1) / (n + 2) for n reals, and likewise for fakes, so that few samples which
    happen to be told apart do not make the critic sure without bound. Both sides have the same weight, so the
    bias is that of equal numbers.

    Args:
        real: logits of reals `(n,)` that the critic did not learn from.
        fake: of fakes `(m,)`.

    Source: Platt 1999, whose labels these are; Guo et al. 2017, section 4.2, temperature; before rejection: Turner et
    al. 2019 (Metropolis-Hastings GAN), calibration on held-out samples.
    """
    x = torch.cat([real, fake]).double()
    n, m = len(real), len(fake)
    ones, zeros = torch.full((n,), (n + 1) / (n + 2)), torch.full((m,), 1 / (m + 2))
    target = torch.cat([ones, zeros]).double()
    weight = torch.cat([torch.full((n,), 0.5 / n), torch.full((m,), 0.5 / m)]).double()
    middle, spread = x.mean(), x.std(correction=0).clamp_min(1e-12)
    rows = torch.stack([(x - middle) / spread, torch.ones_like(x)], 1)
    found = _newton(rows, target, weight)
    scale = min(max(float(found[0] / spread), 0.0), STEEPEST / float(spread))
    return Calibration(scale, float(found[1] - scale * middle) if scale > 0 else 0.0)


def _newton(rows: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """The weights `(2,)` of smallest loss; steps are halved until they descend."""

    def loss(at: Tensor) -> Tensor:
        said = rows @ at
        return (weight * (torch.nn.functional.softplus(said) - target * said)).sum()

    found = torch.zeros(2, dtype=torch.float64)
    for _ in range(STEPS):
        p = torch.sigmoid(rows @ found)
        gradient = rows.T @ (weight * (p - target))
        hessian = (rows * (weight * p * (1 - p))[:, None]).T @ rows + 1e-12 * torch.eye(2, dtype=torch.float64)
        step, before = torch.linalg.solve(hessian, gradient), loss(found)
        while loss(found - step) > before and step.abs().max() > CLOSE:
            step = step / 2
        found = found - step
        if step.abs().max() < CLOSE:
            break
    return found


def reliability(real: Tensor, fake: Tensor, bins: int = 10) -> list[Reliability]:
    """What was said against what was so, in bins of about equally many samples; a calibrated critic is on the diagonal.

    Args:
        real: log ratios of reals `(n,)`.
        fake: of fakes `(m,)`; as many of them as there are reals are looked at.
        bins: how many at most; a bin has ten samples or more.

    Source: DeGroot & Fienberg 1983; Niculescu-Mizil & Caruana 2005, section 4.
    """
    n = min(len(real), len(fake))
    said = torch.sigmoid(torch.cat([real[:n], fake[:n]]).double())
    so = torch.cat([torch.ones(n), torch.zeros(n)]).double()
    order = said.argsort()
    found = []
    for part in order.tensor_split(max(1, min(bins, 2 * n // 10))):
        share = wilson(float(so[part].sum()), len(part))
        found.append(Reliability(float(said[part].mean()), share.value, share.low, share.high, len(part)))
    return found


def expected_error(curve: list[Reliability]) -> float:
    """Expected calibration error: the mean gap between what was said and what was so (Guo et al. 2017, Eq. 3)."""
    total = sum(one.n for one in curve)
    return sum(one.n * abs(one.said - one.real) for one in curve) / max(1, total)
