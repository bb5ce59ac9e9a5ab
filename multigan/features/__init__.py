"""What turns samples into feature vectors that sets of samples are compared by.

| name | what it is |
|---|---|
| `default` | the modality's own features: fixed, no download, no training |
| `classifier` | a small classifier trained on the data's own labels; also gives class probabilities |
| `hf:PATH_OR_ID` | a Hugging Face model on this machine |
| `inception:PATH` | the Inception net from a local safetensors file; only its Fréchet distance is called FID |

Packages add their own by the entry-point group `multigan.extractors`: `build(argument, setting) -> Extractor`, where
`argument` is what follows the colon.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from torch import Tensor

from multigan.core.registry import Registry
from multigan.core.types import Data, Modality, Spec

__all__ = ["Build", "Extractor", "Setting", "extractors", "make_extractor"]


@runtime_checkable
class Extractor(Protocol):
    """A fixed function from samples to vectors.

    Attributes:
        name: as it was asked for, such as `default` or `hf:facebook/dinov2-small`.
        sha256: hex digest of all that decides its output: code version, weights, preprocessing.
        dim: length of a vector; None where only a first call tells.
    """

    name: str
    sha256: str
    dim: int | None

    def __call__(self, real: Tensor) -> Tensor:
        """Samples in D's space `(batch, *spec.shape)` -> float32 `(batch, dim)`, each row from its sample only."""
        ...


@dataclass(frozen=True)
class Setting:
    """What an extractor may be built from.

    Attributes:
        spec: what one sample is.
        modality: the samples' plugin.
        data: the data set; only extractors that train need it.
        items: int64 `(n,)`, the items of `data` that may be trained on; None = all.
        seed: of all that is drawn.
        cache: folder for what was trained; None = keep nothing.
        device: where nets run.
    """

    spec: Spec
    modality: Modality
    data: Data | None = None
    items: Tensor | None = None
    seed: int = 0
    cache: Path | None = None
    device: str = "cpu"


Build: TypeAlias = Callable[[str, Setting], Extractor]
"""`build(argument, setting) -> Extractor`."""

extractors: Registry[Build] = Registry(
    "feature extractor",
    "multigan.extractors",
    builtin={
        "classifier": "multigan.features.classifier:build",
        "default": "multigan.features.default:build",
        "hf": "multigan.features.huggingface:build",
        "inception": "multigan.features.inception:build",
    },
)


def make_extractor(  # noqa: PLR0913  (the fields of `Setting`)
    name: str,
    spec: Spec,
    modality: Modality,
    *,
    data: Data | None = None,
    items: Tensor | None = None,
    seed: int = 0,
    cache: Path | None = None,
    device: str = "cpu",
) -> Extractor:
    """Build the extractor `KIND` or `KIND:ARGUMENT`.

    Args:
        name: `default`, `classifier`, `hf:PATH_OR_ID`, `inception:PATH` or another package's.
        spec: what one sample is.
        modality: the samples' plugin.
        data: the data set; only extractors that train need it.
        items: int64 `(n,)`, the items of `data` that may be trained on; None = all.
        seed: of all that is drawn.
        cache: folder for what was trained; None = keep nothing.
        device: where nets run.

    Raises:
        UnknownNameError: there is no such extractor; the message suggests the nearest.
        DataError: what it needs (labels, weights, a modality it can read) is not there.

    Example:
        >>> from multigan.plugins import modalities
        >>> points = modalities.get("points")
        >>> make_extractor("default", points.load("ring", n=8).spec, points).dim
        2
    """
    kind, _, argument = name.partition(":")
    return extractors.get(kind)(argument, Setting(spec, modality, data, items, seed, cache, device))
