"""What a modality offers whose generators may go on without end."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from torch import Tensor

from multigan.core.types import Spec

__all__ = ["Lasts"]


class Lasts(Protocol):
    """Samples of any length are written piece by piece, held in bounded memory: `generate --seconds`.

    The net is a `multigan.core.generators.Lasting`.
    """

    def save_lasting(
        self, pieces: Iterator[Tensor], seconds: float, path: Path, spec: Spec, label: Mapping[str, str]
    ) -> Path:
        """Write so many seconds of pieces `(1, channels, any length)` to `path` plus a suffix; options by keyword."""
        ...
