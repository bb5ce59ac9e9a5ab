"""The base of adapters: everything that a new modality need not write itself."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core import strict_json
from multigan.core.draw import Draw
from multigan.core.registry import API
from multigan.core.types import Data, Objective, Spec
from multigan.nets import autoencoder, mlp
from multigan.plugins.abilities import Trial
from multigan.provenance import labels as provenance

__all__ = ["Adapter", "Trial"]

FEATURES = 64


class Adapter:
    """A modality with defaults; what is left to write is `name`, `load` and, mostly, `render`.

    The defaults: nets of linear layers for samples of any shape, `to_real` for items that are numbers already, samples
    rendered as nested lists and saved as one JSON line each, random projections as features.

    Attributes:
        multigan_api: the version of the contract that the adapter was made for.
        real_range: lowest and highest value in D's space, or None for no bound.
        unsupported: verbs that cannot work here, each with the reason that people are told.
        trial: the small case for `multigan check`.
        untouched: options of `save` with which files hold the samples exactly; none where `save` always does.
        expected_failures: checks of `multigan.testing` that cannot pass, each with the reason.

    See `multigan.core.types.Modality` for the others, and `multigan.plugins.abilities` for what can be offered beside.
    """

    multigan_api = API
    name: str = ""
    summary: str = ""
    suffixes: tuple[str, ...] = ()
    embedded: tuple[str, ...] = ()
    generators: Mapping[str, Callable[..., nn.Module]] = {
        "mlp": mlp.build_flat_g,
        "autoencoder": autoencoder.build_flat,
    }
    discriminators: Mapping[str, Callable[..., nn.Module]] = {"mlp": mlp.build_flat_d}
    objectives: Mapping[str, Objective] = {}
    recipe_for_files: str = ""
    real_range: tuple[float, float] | None = None
    unsupported: Mapping[str, str] = {}
    trial: Trial = Trial()
    expected_failures: Mapping[str, str] = {}
    untouched: Mapping[str, Any] = {}

    def load(self, source: str) -> Data:
        """Read a data set; see `multigan.core.types.Modality.load`. Every adapter writes this one."""
        raise NotImplementedError(f"{type(self).__name__} reads nothing: write its method load")

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """Raw items as they are, as float32 `(batch, *spec.shape)`."""
        return raw.float()

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """Nested lists of numbers."""
        return list(fake.cpu().tolist())

    def save(self, samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
        """One file of JSON lines with the first of `suffixes`, the provenance beside it."""
        path = folder / f"{self.name}-{names[0]}{self.suffixes[0] if self.suffixes else '.jsonl'}"
        provenance.write_text(path, "".join(f"{strict_json.dumps(sample)}\n" for sample in samples), label)
        return [path]

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """One text file with a sample a line."""
        path = path.with_name(path.name + ".txt")
        provenance.write_text(path, "".join(f"{sample}\n" for sample in samples), label)
        return path

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """The values themselves `(batch, dim)`; above 64 dimensions, 64 fixed random projections of them.

        Random projections keep distances nearly as they are: Johnson & Lindenstrauss 1984.
        """
        flat = real.float().flatten(1)
        dim = prod(spec.shape)
        if dim <= FEATURES:
            return flat
        return torch.matmul(flat, _directions(dim).to(flat))


def _directions(dim: int) -> Tensor:
    """`(dim, 64)` of variance 1 / 64, a function of `dim` alone."""
    seed = int.from_bytes(hashlib.blake2b(str(dim).encode(), digest_size=4).digest(), "little")
    directions: Tensor = torch.randn(dim, FEATURES, generator=Draw(seed).generator("directions"))
    scaled: Tensor = directions / FEATURES**0.5
    return scaled
