"""A second witness: a straight line through many numbers of a sample, where the judge's net sees the sample itself."""

import torch
from torch import Tensor

__all__ = ["judge_numbers"]

STRENGTHS = tuple(10.0 ** (k / 2) for k in range(-8, 5))
"""Of the penalty, in parts of the mean of the kernel's eigenvalues."""
SMALLEST = 1e-9
FAINT = 1e-6
"""Of a number's spread: what is constant says nothing, however small its unit."""


def judge_numbers(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Logits of reals and of fakes `(n,)` each, above 0 = called a real, each by the half that it does not belong to.

    Ridge regression of 1 for reals and -1 for fakes; each half chooses its penalty by leaving one out. Nothing in it
    is random.

    Args:
        real: `(n, numbers)`, four at least; the scale of a number does not matter.
        fake: as many.

    Source: Hoerl & Kennard 1970; the penalty: Golub, Heath & Wahba 1979, section 1 (PRESS). With sides of equal size,
    least squares on 1 and -1 find the direction of Fisher's discriminant: Duda, Hart & Stork 2001, section 5.8.2.
    """
    sides = _alike(real.double(), fake.double())
    halves = torch.arange(len(real)).tensor_split(2)
    logits = torch.zeros(2, len(real))
    for mine, other in (halves, halves[::-1]):
        logits[:, other] = _line([side[mine] for side in sides], torch.stack([side[other] for side in sides])).float()
    return logits[0], logits[1]


def _alike(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Every number with mean 0 and deviation 1 over both sides."""
    both = torch.cat([real, fake])
    mean, deviation = both.mean(0), both.std(0, correction=0)
    scale = torch.where(deviation > FAINT * (1 + mean.abs()), deviation, torch.inf)
    return (real - mean) / scale, (fake - mean) / scale


def _line(sides: list[Tensor], unseen: Tensor) -> Tensor:
    """What the regression of one half says of the other `(2, m, numbers)`: `(2, m)`."""
    rows = torch.cat(sides)
    mean = rows.mean(0)
    rows = rows - mean
    target = torch.cat([torch.full((len(side),), sign).double() for side, sign in zip(sides, (1.0, -1.0), strict=True)])
    values, vectors = torch.linalg.eigh(rows @ rows.T)
    values = values.clamp_min(0)
    along = vectors.T @ target
    unit = values.mean().clamp_min(SMALLEST)

    def left_out(strength: float) -> float:
        """Mean squared error of every row by the regression of all others."""
        kept = values / (values + strength * unit)
        error = (target - vectors @ (kept * along)) / (1 - vectors.square() @ kept).clamp_min(SMALLEST)
        return float(error.square().mean())

    strength = min(STRENGTHS, key=left_out) * unit
    weights: Tensor = rows.T @ (vectors @ (along / (values + strength)))
    return (unseen - mean) @ weights
