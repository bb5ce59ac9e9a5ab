"""G for tables: a tanh for places, a Gumbel-softmax for modes and categories."""

from typing import Any

import torch
from torch import Tensor, nn

from multigan import Draw, Latent, Spec
from multigan.nets.mlp import MlpG

__all__ = ["TableG", "build_g"]


class TableG(nn.Module):
    """z `(batch, nz)` -> rows `(batch, width)`.

    Source: Xu et al. 2019 (CTGAN), section 4.4, with Gumbel-softmax of temperature .2 (Jang et al. 2017).
    Departures: an MLP of leaky ReLUs without batch normalisation and residual connections.
    """

    def __init__(self, parts: list[tuple[int, int]], nz: int, width: int, layers: int, temperature: float) -> None:
        super().__init__()
        self.net = MlpG(sum(number + choice for number, choice in parts), nz, width, layers)
        self.latent: Latent = self.net.latent
        self.parts, self.temperature = parts, temperature

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """Relaxed one-hots while training; without a draw, without Gumbel noise."""
        out, made = self.net(z), []
        noise = draw.gumbel("table", tuple(out.shape)).to(out) if draw is not None else torch.zeros_like(out)
        sizes = [size for pair in self.parts for size in pair]
        for k, (x, g) in enumerate(zip(out.split(sizes, 1), noise.split(sizes, 1), strict=True)):
            made.append(torch.tanh(x) if k % 2 == 0 else ((x + g) / self.temperature).softmax(1))
        return torch.cat(made, 1)


def build_g(spec: Spec, *, nz: int = 64, width: int = 256, layers: int = 3, temperature: float = 0.2) -> nn.Module:
    """A G for the columns of `spec`."""
    made: list[dict[str, Any]] = spec.meta["columns"]
    parts = [(0, len(one["values"])) if one["kind"] == "category" else (1, len(one["means"])) for one in made]
    return TableG(parts, nz, width, layers, temperature)
