"""What a generator is given beside z, and what a modality offers where its generators are given something."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Data, Spec

__all__ = ["Halves", "Inputs", "Sets", "Translates", "Unites"]


@runtime_checkable
class Inputs(Protocol):
    """What G is given, item by item of a data set.

    Attributes:
        spec: what one input is, as G gets it; another size, rate or modality than the target's is as good.
        aligned: whether input i belongs to target i, so that the two can be compared.
        resident: whether taking them waits for no file.
    """

    spec: Spec
    aligned: bool
    resident: bool

    def take(self, indices: Tensor, draw: Draw) -> Tensor | None:
        """Raw inputs of the targets `indices`, int64 `(batch,)`, or None where they are made of the targets.

        `draw` equals the one that the targets were taken with, so that both are cut alike. Thread-safe.
        """
        ...

    def make(self, real: Tensor, raw: Tensor | None, draw: Draw) -> Tensor:
        """Inputs `(batch, *spec.shape)` on the device of the targets `real` `(batch, ...)`, which are in D's space."""
        ...


class Translates(Protocol):
    """A modality with generators that are given an input beside z.

    Attributes:
        translators: builders by name, `build(spec, source, *, option=default, ...) -> nn.Module`; `source` is the spec
            of an input. The net is called `G(z, cond, draw, source=inputs)`; its name is no name in `generators`.
    """

    translators: Mapping[str, Callable[..., nn.Module]]


class Sets(Protocol):
    """Inputs and targets that are no pairs.

    Attributes:
        recipe_for_sets: the recipe that `multigan train FOLDER` picks for a folder with `trainA` and `trainB`.
        embedded_inputs: the inputs of embedded sets that come in two, both by name.
    """

    recipe_for_sets: str
    embedded_inputs: Mapping[str, str]


class Unites(Protocol):
    """Two sets without pairs that have to be read together, as they share what is learnt of both: a vocabulary."""

    def unite(
        self, target: str, source: str | None, *, options: Mapping[str, Any], given: Mapping[str, Any], swap: bool
    ) -> tuple[Data, Data]:
        """Targets and inputs, whose reports say what was read.

        Args:
            target: `data.source`.
            source: `input.source`; None = `target` holds both.
            options: of `load`, by `[data]`.
            given: options of `load` by `[input]`.
            swap: the other way round, where `target` holds both.
        """
        ...

    def sees_sets(self, place: Path) -> str:
        """In words, the two sets that may lie at a place beside nothing else; "" where there are none."""
        ...


class Halves(Protocol):
    """Files that each hold an input and its target.

    Attributes:
        recipe_for_pairs: the recipe that `multigan train FOLDER` picks for them, and for folders of pairs.
    """

    recipe_for_pairs: str

    def halves(self, place: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """Options of `load` for the first and the second half of every file; None where files are no such pairs."""
        ...
