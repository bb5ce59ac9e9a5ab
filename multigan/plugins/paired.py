"""A score of outputs, each of which has a target."""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from multigan.metrics.rows import About

__all__ = ["PairScore"]


class PairScore(NamedTuple):
    """A score of pairs, in two steps, so that it can be taken of resampled pairs.

    Attributes:
        about: what it is; `better` is `"higher"`, `"lower"` or `"near floor"`.
        rows: of targets and outputs `(batch, ...)` in D's space, what is known of each pair: `(batch, ...)`.
        number: of any rows of these, the score.
    """

    about: About
    rows: Callable[[Tensor, Tensor], Tensor]
    number: Callable[[Tensor], float]
