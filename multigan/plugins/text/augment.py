"""Augmentations of relaxed texts `(batch, length, vocab)`; rows stay on the simplex."""

from collections.abc import Mapping

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Augmentation

__all__ = ["AUGMENTATIONS", "POLICY", "swap", "token_dropout"]

DROPPED = 0.1


def token_dropout(x: Tensor, draw: Draw) -> Tensor:
    """Make a tenth of the tokens unknown: the uniform distribution over the vocabulary takes their place.

    Source: Iyyer et al. 2015, section 3.1 (word dropout), with a blank that lies on the simplex.
    """
    dropped = (draw.uniform("dropped", tuple(x.shape[:2])).to(x.device) < DROPPED)[..., None]
    return torch.where(dropped, torch.full_like(x, 1 / x.shape[2]), x)


def swap(x: Tensor, draw: Draw) -> Tensor:
    """Exchange two neighbouring tokens of every text.

    Source: Wei & Zou 2019, section 2 (random swap), of neighbours only.
    """
    length = x.shape[1]
    if length < 2:
        return x
    first = draw.integers("first", 0, length - 1, (len(x), 1)).to(x.device)
    order = torch.arange(length, device=x.device).expand(len(x), -1)
    order = order + (order == first).long() - (order == first + 1).long()  # (B, T)
    return x.gather(1, order[..., None].expand(x.shape))


AUGMENTATIONS: Mapping[str, Augmentation] = {"swap": swap, "token-dropout": token_dropout}
POLICY = ("token-dropout", "swap")
