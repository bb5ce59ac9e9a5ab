"""Abilities of judges: what they are shown of samples, and a critic that sees as the generator does."""

from collections.abc import Callable, Iterable
from typing import Protocol

from torch import Tensor, nn

from multigan.core.types import Spec

__all__ = ["Insights", "Judged", "Witnessed"]


class Judged(Protocol):
    """What a fresh judge is shown of samples (see docs/evaluation.md); without it, D's space as it is.

    Where the files that people get are coarser than D's space, both sides should pass through what the files do.
    """

    def shown_to_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
        """What makes of samples `(n, *spec.shape)` what a small net can judge.

        Args:
            known: other reals, on neither side of the test, in parts; there may be none.
            spec: what one sample is.

        Returns:
            A function to `(n, channels, height, width)` for a net that looks, `(n, channels, steps)` for one that
            reads along, or `(n, numbers)`; the scale does not matter.
        """
        ...


class Witnessed(Protocol):
    """Samples in numbers, for a second witness beside the judge's net; without it, the net is alone."""

    def numbers_for_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor] | None:
        """What makes of samples `(n, *spec.shape)` numbers, by a linear mix of which reals and fakes may differ.

        Like `Judged`, it should not see what no person would, nor what files lose.

        Args:
            known: other reals, on neither side of the test, in parts; there may be none.
            spec: what one sample is.

        Returns:
            A function to `(n, numbers)`, some tens to hundreds, whose scale does not matter; None where `known` is too
            little to say anything by.
        """
        ...


class Insights(Protocol):
    """A critic that sees samples as their generator does: `refine --start insight`."""

    def insight(self, net: nn.Module) -> nn.Module | None:
        """A net from samples `(batch, *shape)` in D's space to logits `(batch,)`, around `net`, its `reader`.

        None where that net tells nothing of what it sees.
        """
        ...
