"""What a classifier's opinions say of fakes: how sure it is, and whether every class is there."""

from dataclasses import dataclass

from torch import Tensor

__all__ = ["ClassScores", "class_scores", "inception_like_score"]


@dataclass(frozen=True)
class ClassScores:
    """Class scores of fakes beside the same scores of reals.

    Attributes:
        score: of the fakes, in [1, classes]; see `inception_like_score`.
        score_real: of the reals: what a perfect generator would get.
        histogram: share of the fakes whose likeliest class is k, `(classes,)`, sums to 1.
        histogram_real: the same of the reals.
        imbalance: total variation between the two, in [0, 1]: the share of fakes that would have to change class.
        missing: classes that reals have and fakes have not.
    """

    score: float
    score_real: float
    histogram: tuple[float, ...]
    histogram_real: tuple[float, ...]
    imbalance: float
    missing: tuple[int, ...]


def class_scores(probs_fake: Tensor, probs_real: Tensor) -> ClassScores:
    """Compare class probabilities `(n, classes)` of fakes and `(m, classes)` of reals; rows sum to 1."""
    fake, real = _histogram(probs_fake), _histogram(probs_real)
    missing = ((real > 0) & (fake == 0)).nonzero().flatten().tolist()
    return ClassScores(
        inception_like_score(probs_fake),
        inception_like_score(probs_real),
        tuple(fake.tolist()),
        tuple(real.tolist()),
        ((fake - real).abs().sum() / 2).item(),
        tuple(missing),
    )


def inception_like_score(probs: Tensor) -> float:
    """`exp(mean over x of KL(p(y|x) || p(y)))` of `(n, classes)`: 1 = nothing to tell apart, `classes` = best.

    Source: Salimans et al. 2016, section 4. Departures: the classifier is not Inception, so it is no Inception score,
    and all samples are taken at once, not in ten parts.
    """
    p = probs.double()
    marginal = p.mean(0, keepdim=True)
    return ((p.clamp_min(1e-300).log() - marginal.clamp_min(1e-300).log()) * p).sum(1).mean().exp().item()


def _histogram(probs: Tensor) -> Tensor:
    return probs.argmax(1).bincount(minlength=probs.shape[1]).double() / len(probs)
