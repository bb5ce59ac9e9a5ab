"""Numbers that are not finite on one process end the step on all, so that all can go back together."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite

import torch

from multigan.core.errors import DivergedError
from multigan.core.types import Loss
from multigan.engine.distributed import World

__all__ = ["ElsewhereError", "all_or_none", "everywhere", "in_one_voice", "nonfinite"]


class ElsewhereError(DivergedError):
    """What a process raises whose own numbers are finite while another's are not."""

    def __init__(self, given: str = "numbers of another process", expected: str = "finite ones", fix: str = "") -> None:
        super().__init__(given, expected, fix)


def nonfinite(loss: Loss, step: int) -> DivergedError | None:
    """The error that names the part of a loss that is not finite, or None where its total is finite."""
    if isfinite(loss.total.item()):  # in Python: a tensor's own test is six operations
        return None
    culprits = [name for name, value in loss.parts.items() if not torch.isfinite(value)]
    return DivergedError(
        f"{culprits[0] if culprits else 'the total loss'} is not finite at step {step}",
        "finite losses",
        "the last good checkpoint is kept; resume it with a smaller optim.lr or a larger penalty weight",
    )


def everywhere(error: DivergedError | None) -> DivergedError:
    """What to raise on every process as soon as all know that one of them has an error; None = not this one."""
    error = error or ElsewhereError()
    error.everywhere = True
    return error


@contextmanager
def all_or_none(world: World) -> Iterator[None]:
    """A block that all processes enter and leave together; where it diverges on one, it does on all.

    Any other error is not told: that process ends, and the others hear the connection break.

    Raises:
        DivergedError: on every process, if one raised it inside; its `everywhere` is set.
    """
    error: DivergedError | None = None
    try:
        yield
    except DivergedError as found:
        error = found
    if world.any(error is not None):
        raise everywhere(error)


def in_one_voice(error: BaseException, world: World) -> BaseException:
    """The error in the words of one process, where all raised it together: the first that can name a layer, if any.

    NaN may come from another process, by way of a mean over the batch; then no layer here is to blame. All must call
    this then, and may call it with any other error, which stays as it is.
    """
    if world.size == 1 or not isinstance(error, DivergedError) or not error.everywhere:
        return error
    own = "" if isinstance(error, ElsewhereError) else str(error)
    speaker, words = world.first_words(own if error.located else "")
    if not words:
        speaker, words = world.first_words(own)
    return error if speaker == world.rank else everywhere(DivergedError(words))
