"""What becomes of what a person brings: a file as one sample and the way back into it, a line that was filled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

__all__ = ["Filled", "Fitted", "Taken"]


@dataclass(frozen=True)
class Fitted:
    """What a modality's `fit` gives: one file, or the stretch of it that was asked for.

    Attributes:
        real: one sample in D's space, `(*shape)`.
        hole: bool `(*shape)`, True where it is to be filled; None where no hole was given.
        note: one line for people on what was done to the file (resized, cut, padded), or "".
        back: gives, for samples `(1, *shape)` in D's space, the whole file with the hole filled, as `render` gives one;
            None = the sample itself is all there is.
        saving: options of the modality's `save` for what `back` gives.
    """

    real: Tensor
    hole: Tensor | None = None
    note: str = ""
    back: Callable[[Tensor], Any] | None = None
    saving: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """One way to fill a line.

    Attributes:
        text: the whole line; its known words are as they were given.
        log_likelihood: of all tokens, in nats, under the generator.
    """

    text: str
    log_likelihood: float


@dataclass(frozen=True)
class Taken:
    """What a modality's `take_in` gives: a file as an input of its own size.

    Attributes:
        given: one input, `(*shape)` with the axes of the input's spec and sizes of its own.
        back: gives, for what G made of it, `(*shape)` in D's space, what `render` would give of one.
    """

    given: Tensor
    back: Callable[[Tensor], Any]
