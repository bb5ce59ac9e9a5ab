"""Classes as the gain and bias of a normalised layer."""

from collections.abc import Iterable
from typing import Literal

import torch
from torch import Tensor, nn

from multigan.core.errors import RecipeError, ShapeError

__all__ = ["ConditionalNorm", "Conditioned", "Conditioning", "class_norm"]

Conditioning = Literal["concat", "batch", "instance", "film"]
"""How a G learns of classes: joined to z, or as gain and bias after batch, instance or no normalisation."""


class ConditionalNorm(nn.Module):
    """`gain[cond] * normalise(x) + bias[cond]`, per channel; every class starts with gain 1 and bias 0.

    Args:
        channels: of x.
        classes: number of classes.
        kind: `"batch"` (statistics of the local batch, running ones in evaluation), `"instance"` (of every sample by
            itself) or `"film"` (no normalisation).

    Source: batch: de Vries et al. 2017, section 3 (used in a G by Miyato & Koyama 2018); instance: Dumoulin et al.
        2017, Eq. 5; film: Perez et al. 2018, Eq. 2.
    """

    def __init__(self, channels: int, classes: int, kind: Conditioning) -> None:
        super().__init__()
        self.kind = kind
        self.gain, self.bias = nn.Embedding(classes, channels), nn.Embedding(classes, channels)
        nn.init.ones_(self.gain.weight)
        nn.init.zeros_(self.bias.weight)
        self.norm = _BatchStatistics(channels, affine=False) if kind == "batch" else None

    def forward(self, x: Tensor, cond: Tensor | None) -> Tensor:
        """x `(batch, channels, *size)`, cond int64 `(batch,)` -> like x."""
        if cond is None:
            raise ShapeError("a conditional net was called without labels", "cond int64 (batch,)", "pass cond")
        ones = [1] * (x.ndim - 2)
        gain, bias = (table(cond).view(x.shape[0], -1, *ones) for table in (self.gain, self.bias))
        moved: Tensor = gain * self._normalised(x) + bias
        return moved

    def _normalised(self, x: Tensor) -> Tensor:
        if self.norm is not None:
            normalised: Tensor = self.norm(x)
            return normalised
        return _instance(x) if self.kind == "instance" else x


class Conditioned(nn.Sequential):
    """Layers in a row, of which the conditional ones also get the labels."""

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        """x `(batch, ...)`, cond int64 `(batch,)` or None -> the last layer's output."""
        layers: Iterable[nn.Module] = self
        for layer in layers:
            x = layer(x, cond) if isinstance(layer, ConditionalNorm) else layer(x)
        return x


def class_norm(conditioning: Conditioning, classes: int, channels: int) -> ConditionalNorm | None:
    """The layer that tells of classes, or None where they are joined to z.

    Args:
        conditioning: as in the recipe's `G.conditioning`.
        classes: number of classes, 0 = unconditional.
        channels: of the layer's input.

    Raises:
        RecipeError: conditional layers in a net without classes.
    """
    if conditioning == "concat":
        return None
    if not classes:
        raise RecipeError(
            f"G.conditioning = '{conditioning}' in a recipe without classes",
            "game.conditional = true",
            "type --set game.conditional=true, or remove G.conditioning",
            key=["conditioning"],
        )
    return ConditionalNorm(channels, classes, conditioning)


class _BatchStatistics(nn.modules.batchnorm._BatchNorm):
    """Batch normalisation of `(batch, channels, *size)` for any number of axes."""

    def _check_input_dim(self, x: Tensor) -> None:
        return


def _instance(x: Tensor) -> Tensor:
    """Every channel of every sample to mean 0 and variance 1; one of a single element becomes 0."""
    variance, mean = torch.var_mean(x, tuple(range(2, x.ndim)), correction=0, keepdim=True)
    return (x - mean) * torch.rsqrt(variance + 1e-5)
