"""What turns samples into feature vectors that sets of samples are compared by.

| name | what it is |
|---|---|
| `auto` | `eye` where samples are pictures and there are 64 or more, else `default` |
| `eye` | whitened patches at several scales, fitted to the data without labels; see docs/eye.md |
| `default` | the modality's own features: fixed, no download, no training |
| `classifier` | a small classifier trained on the data's own labels; also gives class probabilities |
| `hf:PATH_OR_ID` | a Hugging Face model on this machine |
| `inception:PATH` | the Inception net from a local safetensors file; only its Fréchet distance is called FID |

Packages add their own by the entry-point group `multigan.extractors`: `build(argument, setting) -> Extractor`, where
`argument` is what follows the colon.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from torch import Tensor

from multigan.core.errors import PluginError
from multigan.core.registry import Registry, callable_only
from multigan.core.returned import Maker, check_taken
from multigan.core.types import Data, Modality, Spec

__all__ = ["Build", "Extractor", "Setting", "check_described", "extractors", "make_extractor"]


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
        "auto": "multigan.features.choice:build",
        "classifier": "multigan.features.classifier:build",
        "default": "multigan.features.default:build",
        "eye": "multigan.features.eye:build",
        "hf": "multigan.features.huggingface:build",
        "inception": "multigan.features.inception:build",
    },
    check=callable_only,
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
        name: `auto`, `eye`, `default`, `classifier`, `hf:PATH_OR_ID`, `inception:PATH` or another package's.
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
        PluginError: what was built is no extractor.

    Example:
        >>> from multigan.plugins import modalities
        >>> points = modalities.get("points")
        >>> make_extractor("default", points.load("ring", n=8).spec, points).dim
        2
    """
    kind, _, argument = name.partition(":")
    build = extractors.get(kind)
    check_taken(build, ("argument", "setting"), Maker("feature extractor", kind, build))
    built = build(argument, Setting(spec, modality, data, items, seed, cache, device))
    check_described(built, kind)
    return built


def check_described(extractor: object, called: str = "") -> None:
    """What an extractor says of itself, by which features are kept and told apart.

    Args:
        extractor: what was built.
        called: for messages; "" = its name.

    Raises:
        PluginError: it has no name, no checksum, no length or no call.
    """
    name, digest, dim = (getattr(extractor, member, None) for member in ("name", "sha256", "dim"))
    where = f"feature extractor '{called or name}'"
    if not isinstance(name, str) or not name:
        raise PluginError(f"{where}: its name is {name!r}", "a name, as it was asked for", "give it one")
    if not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{64}", digest):
        expected = "64 hexadecimal digits: features of other weights are other features"
        raise PluginError(f"{where}: its sha256 is {digest!r}", expected, "hash all that decides its output")
    if dim is not None and (type(dim) is not int or dim < 1):
        raise PluginError(f"{where}: its dim is {dim!r}", "the length of a vector, or None", "correct it")
    # A class that says `__call__ = None` is callable to Python.
    if not callable(extractor) or extractor.__call__ is None:
        raise PluginError(f"{where} cannot be called", "extractor(real) -> float32 (batch, dim)", "write __call__")
