"""Inputs and targets that a modality reads together, and a score of outputs, each of which has a target."""

import math
from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from multigan.core.types import Data
from multigan.metrics.rows import About

__all__ = ["Couple", "PairScore"]


class Couple(NamedTuple):
    """Targets and inputs, item i of the one for item i of the other.

    Attributes:
        target: what G is to make; its report says what was read.
        source: what it is given.
    """

    target: Data
    source: Data


class PairScore(NamedTuple):
    """A score of pairs, in two steps, so that it can be taken of resampled pairs.

    Attributes:
        about: what it is; `better` is `"higher"`, `"lower"` or `"near floor"`.
        rows: of targets and outputs `(batch, ...)` in D's space, what is known of each pair: `(batch, ...)`.
        number: of any rows of these, the score.
        resampled: whether it has an interval over resampled pairs; counts of what is repeated have none, as resampling
            repeats.
        share: whether rows are 0 or 1 and the score is their mean, so that it has the interval of a share.
        bounds: the least and the most that it can be.
        suits: of targets, whether most have what it counts, such as words for pairs of words.
        lacks: of targets, why none has it, so that the score is left out; "" = some have.
    """

    about: About
    rows: Callable[[Tensor, Tensor], Tensor]
    number: Callable[[Tensor], float]
    resampled: bool = True
    share: bool = False
    bounds: tuple[float, float] = (-math.inf, math.inf)
    suits: Callable[[Tensor], bool] = lambda real: True
    lacks: Callable[[Tensor], str] = lambda real: ""
