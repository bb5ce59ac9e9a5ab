"""What a modality says of files that it finished as it wrote them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

__all__ = ["Finishes"]


class Finishes(Protocol):
    """`generate` says what `save` did to samples besides writing them."""

    def finished(self, files: Sequence[Path]) -> Sequence[str]:
        """Lines for people on files that `save` has just written; none where nothing was done."""
        ...
