"""What a file format has to offer."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from torch import Tensor

from multigan.exporters.explicit import Explicit

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["Form", "Runner"]

Runner: TypeAlias = Callable[[Sequence[Tensor]], Tensor]
"""Runs a file that was read back: its inputs in order -> its output."""


@runtime_checkable
class Form(Protocol):
    """A file format for generators.

    Attributes:
        suffix: of its files, with the dot.
        runtime: what runs them, for the table.
    """

    suffix: str
    runtime: str

    def write(self, net: Explicit, generator: "Generator", about: dict[str, Any], path: Path) -> Runner:
        """Write one file that takes any batch; return what runs it, for the check against `net`.

        Args:
            net: G with all its noise as inputs.
            generator: where it comes from.
            about: JSON values to embed; see `about.describe`.
            path: the file.

        Raises:
            ExportError: the net cannot be written, or a package is missing.
        """
        ...
