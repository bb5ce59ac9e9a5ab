"""What a run's vitals see with: the extractor of its data, made when it is first needed."""

from torch import Tensor

from multigan.core.types import Data, Modality
from multigan.features import Extractor, make_extractor
from multigan.features.default import Default
from multigan.plugins.contract import checked_features

__all__ = ["SEED", "Sight"]

SEED = 0
"""Not the run's: runs of other seeds are seen by the same eye."""


class Sight:
    """Features for `Vitals`: those of `auto`, whose fit costs a second or two at the first measurement.

    Args:
        modality: the samples' plugin.
        data: all of it; see `multigan.features.eye.Eye`.
    """

    def __init__(self, modality: Modality, data: Data) -> None:
        self.modality, self.data = modality, data
        self._extractor: Extractor | None = None
        self._plain = checked_features(modality, data.spec)

    def __call__(self, real: Tensor) -> Tensor:
        """D's space `(batch, ...)` to `(batch, dim)`.

        Raises:
            ShapeError: the modality's own features are none; they are checked once, whoever sees.
        """
        if self._extractor is None:
            self._plain(real)
        extractor = self.extractor
        return self._plain(real) if isinstance(extractor, Default) else extractor(real)

    @property
    def extractor(self) -> Extractor:
        """What it sees with, fitted now if it was not.

        Raises:
            DataError: an item cannot be read.
        """
        if self._extractor is None:
            self._extractor = make_extractor("auto", self.data.spec, self.modality, data=self.data, seed=SEED)
        return self._extractor

    @property
    def facts(self) -> dict[str, str] | None:
        """Name and checksum of what numbers were made with; None where nothing was measured."""
        return {"name": self._extractor.name, "sha256": self._extractor.sha256} if self._extractor else None
