"""What becomes of what a person brings: a file as one sample and the way back into it, a line that was filled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

__all__ = ["Answered", "Filled", "Fitted", "Poured", "Taken"]


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
    """What a modality's `take_in` gives: a file of its own size, held as small as can be, and the ways there and back.

    Large files are cut along the axes behind the channels: all but `back` are asked for parts, and do to every place
    the same.

    Attributes:
        raw: the whole file `(channels, ...)`, in any type.
        to_input: of a part of `raw`, an input in G's space, `(channels of the input's spec, ...)`.
        to_kept: of what G made, in D's space, what is kept of it, in any type.
        from_kept: of a part of what is kept, D's space again.
        back: gives, for all that is kept, what `render` would give of one.
    """

    raw: Tensor
    to_input: Callable[[Tensor], Tensor]
    to_kept: Callable[[Tensor], Tensor]
    from_kept: Callable[[Tensor], Tensor]
    back: Callable[[Tensor], Any]


@dataclass(frozen=True)
class Answered:
    """What a modality's `answer` gives for one line.

    Attributes:
        text: what the generator wrote.
        cut: whether the line was longer than it reads.
        unknown: how many tokens of the line it does not know.
        raw: the text as a raw item of outputs, or None.
        given: the line as a raw item of inputs, or None.
        strange: words that hold unknown tokens (of characters: the characters), each once, in their order.
        spelt: of these, those that it knows in other letters, small or capital, as it knows them.
    """

    text: str
    cut: bool
    unknown: int
    raw: Tensor | None = None
    given: Tensor | None = None
    strange: Sequence[str] = ()
    spelt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Poured:
    """What a modality's `pour` gives: a file that went through a generator part by part.

    Attributes:
        files: that were written; none where the result is wanted itself.
        result: what `render` would give of it; None where it is in a file.
        notes: lines for people on what was done to the file.
    """

    files: Sequence[Path]
    result: Any
    notes: Sequence[str] = ()
