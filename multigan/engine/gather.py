"""The rows of all processes in one tensor, with the gradient that one process would have."""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from multigan.engine.peers import talking_to_peers

__all__ = ["gather_rows"]


def gather_rows(x: Tensor, rank: int, size: int) -> Tensor:
    """Join the tensors of all processes along the first axis, in order of rank.

    Its gradient is the sum of what all processes ask of this one's rows. Each process descends a mean over its own
    share and the engine averages gradients over processes, so the step is that of one process with the whole batch:
    with `L = (1/size) sum_r L_r(x_r, X)` and X the joined rows, `size * dL/dx_r = dL_r/dx_r + sum_q dL_q/dX_r`.

    Args:
        x: `(rows, ...)`, of the same shape and type on every process. All must call this together, and whether x
            requires a gradient must be the same everywhere, since the backward pass waits for the others too.
        rank: number of this process.
        size: number of processes.

    Returns:
        `(size * rows, ...)`, equal on all processes.

    Raises:
        PeerError: another process ended.
    """
    joined: Tensor = _Gather.apply(x, rank, size)  # type: ignore[no-untyped-call]
    return joined


class _Gather(torch.autograd.Function):
    """All-gather; backward is an all-reduce, of which this process's rows are kept."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, rank: int, size: int) -> Tensor:
        ctx.rank, ctx.rows = rank, len(x)
        parts = [torch.empty_like(x, memory_format=torch.contiguous_format) for _ in range(size)]
        with talking_to_peers():
            dist.all_gather(parts, x.contiguous())
        return torch.cat(parts)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        total = grad.clone(memory_format=torch.contiguous_format)
        with talking_to_peers():
            dist.all_reduce(total)
        return total[ctx.rank * ctx.rows : (ctx.rank + 1) * ctx.rows], None, None
