"""Directions in z along which the output changes most, without labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.generators import latent_of
from multigan.generator.generator import Generator
from multigan.plugins.contract import require

__all__ = ["Directions", "find_directions", "first_weight", "pca", "sefa"]

_WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)
SAMPLES = 1024


@dataclass(frozen=True)
class Directions:
    """Unit vectors in z.

    Attributes:
        method: `"sefa"` or `"pca"`.
        vectors: `(k, nz)`, the strongest first.
        shares: `(k,)`, share of the whole variance (pca) or of the whole squared gain (sefa).
    """

    method: str
    vectors: Tensor
    shares: Tensor


def find_directions(generator: Generator, method: str = "sefa", k: int = 5, seed: int = 0) -> Directions:
    """The `k` strongest directions by `"sefa"` or `"pca"`.

    Raises:
        DataError: the generator has no z (it draws all noise while it writes), or no layer that takes z as it is.
    """
    require(generator.modality, "explore")
    nz = prod(latent_of(generator.net).shape)
    if nz == 0:
        raise DataError(
            "this generator has no z: it draws its noise token by token, so there are no directions in it",
            "a generator with a latent",
            "use multigan interpolate or vary, or train with --set G.nz=32",
        )
    return sefa(generator, min(k, nz)) if method == "sefa" else pca(generator, min(k, nz), seed)


def sefa(generator: Generator, k: int) -> Directions:
    """Closed-form factorisation: right singular vectors of the first layer's weight, `argmax ||A n||` with `||n|| = 1`.

    Source: Shen & Zhou 2021 (SeFa): eigenvectors of A^T A.
    Departures: with classes joined to z, only the columns of z count.
    """
    _, values, vectors = torch.linalg.svd(first_weight(generator).double(), full_matrices=False)
    squared = values.square()
    return Directions("sefa", vectors[:k].float(), (squared[:k] / squared.sum()).float())


def pca(generator: Generator, k: int, seed: int = 0) -> Directions:
    """Principal components of the second layer's input over 1,024 samples, brought back to z by least squares.

    Source: Härkönen et al. 2020 (GANSpace), for nets whose z is isotropic: `min_U ||X U - Z||`.
    """
    z = latent_of(generator.net).sample(SAMPLES, Draw(seed, 0, "pca/"))
    calls = _calls(generator, z)
    if len(calls) < 2:
        raise DataError("this net has a single layer: it has no hidden activations", "two layers", "use --method sefa")
    hidden = calls[1][1].flatten(1).double()
    hidden = hidden - hidden.mean(0)
    left, values, _ = torch.linalg.svd(hidden, full_matrices=False)
    coordinates = left[:, :k] * values[:k]  # (N, k)
    back = torch.linalg.lstsq(coordinates, z.flatten(1).double() - z.flatten(1).double().mean(0)).solution  # (k, nz)
    vectors = nn.functional.normalize(back, dim=1)
    squared = values.square()
    return Directions("pca", vectors.float(), (squared[:k] / squared.sum()).float())


def first_weight(generator: Generator) -> Tensor:
    """The weight that z meets first, as a matrix `(outputs, nz)`.

    Raises:
        DataError: no linear or convolutional layer takes z as it is.
    """
    z = latent_of(generator.net).sample(2, Draw(0, 0, "probe/"))
    nz = z[0].numel()
    for module, given in _calls(generator, z):
        flat = given.flatten(1)
        if flat.shape[1] >= nz and torch.equal(flat[:, :nz], z.flatten(1)):
            weight = module.weight.detach().cpu()
            turned = isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d)
            matrix = weight.flatten(1).T if turned else weight.transpose(0, 1).flatten(1).T
            columns: Tensor = matrix[:, :nz]
            return columns
    raise DataError(
        "no layer of this net takes z as it is", "a linear or convolutional first layer", "use --method pca"
    )


@torch.no_grad()
def _calls(generator: Generator, z: Tensor) -> list[tuple[Any, Tensor]]:
    """Layers with weights in the order they are used, with their inputs."""
    calls: list[tuple[Any, Tensor]] = []
    hooks = [
        module.register_forward_pre_hook(lambda module, given: calls.append((module, given[0].detach().cpu())))
        for module in generator.net.modules()
        if isinstance(module, _WEIGHTED)
    ]
    device = next(generator.net.parameters()).device
    conditional: Mapping[str, Any] = generator.config["net"]["options"]
    cond = torch.zeros(len(z), dtype=torch.long, device=device) if conditional.get("conditional") else None
    try:
        generator.net(z.to(device), cond, Draw(0, 0, "probe/", device=str(device)))
    finally:
        for hook in hooks:
            hook.remove()
    return calls
