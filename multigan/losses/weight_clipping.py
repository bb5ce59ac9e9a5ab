"""What is done to D's parameters after each of its updates."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

__all__ = ["clip"]


@torch.no_grad()
def clip(D: nn.Module, *, limit: Annotated[float, Field(gt=0, le=3.4e38)] = 0.01) -> None:
    """Clip every parameter of D to [-limit, limit], in place.

    Args:
        D: the critic.
        limit: the papers' c.

    Source: Arjovsky et al. 2017, Algorithm 1, line 7.
    """
    params: list[Tensor] = list(D.parameters())
    torch._foreach_clamp_min_(params, -limit)
    torch._foreach_clamp_max_(params, limit)
