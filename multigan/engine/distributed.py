"""Several processes as one: torch.distributed with one explicit all-reduce of gradients per update."""

import importlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.errors import RecipeError
from multigan.engine.gather import gather_rows
from multigan.engine.peers import talking_to_peers

__all__ = ["World", "check_norms", "join_world", "leave_world"]

# Its functions take the group that lives at their import as a default argument, and the first step of an optimizer
# imports it. A group kept so outlives `leave_world`, and its threads abort the interpreter's end now and then.
KEEPS_THE_GROUP = "torch.distributed.nn.functional"


@dataclass(frozen=True)
class World:
    """The processes that train together; a lone process is a world of one.

    Args:
        rank: number of this process.
        size: number of processes.
        local_rank: number of this process on its machine (its GPU).
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process is the one that writes files and talks."""
        return self.rank == 0

    def average_gradients(self, parameters: Iterable[nn.Parameter], flag: bool = False) -> bool:
        """Replace every gradient by its mean over all processes, in one flat all-reduce.

        Hooks (DistributedDataParallel) go wrong with two forward passes per backward, with penalties whose gradient
        skips a parameter, and with frozen players; one reduce after the backward pass has none of these faults. A
        parameter without a gradient anywhere keeps none, so that optimizers skip it as they would alone.

        Args:
            parameters: whose gradients.
            flag: what the others must know before they go on; it travels in the same message.

        Returns:
            Whether `flag` is true on any process; then nobody may use the gradients.
        """
        if self.size == 1:
            return flag
        params = list(parameters)
        has = torch.tensor([*(float(p.grad is not None) for p in params), float(flag)], device=params[0].device)
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
        flat = torch.cat([has, *(grad.reshape(-1).to(torch.float32) for grad in grads)])
        with talking_to_peers():
            dist.all_reduce(flat)
        (*counts, flags), values = flat[: len(has)].tolist(), flat[len(has) :] / self.size
        for param, count, mean in zip(params, counts, values.split([p.numel() for p in params]), strict=True):
            # In the parameter's own memory layout: fused optimizers walk through memory, whatever the strides say.
            param.grad = torch.empty_like(param).copy_(mean.view_as(param)) if count else None
        return bool(flags)

    @torch.no_grad()
    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replace every tensor by its mean over all processes, in one flat all-reduce; nothing to do costs nothing.

        It is summed in float64, so that what is equal everywhere stays as it is to the last bit.
        """
        given = list(tensors)
        if self.size == 1 or not given:
            return
        flat = torch.cat([tensor.reshape(-1).to(torch.float64) for tensor in given])
        with talking_to_peers():
            dist.all_reduce(flat)
        for tensor, values in zip(given, (flat / self.size).split([t.numel() for t in given]), strict=True):
            tensor.copy_(values.view_as(tensor))

    def mean(self, values: dict[str, float]) -> dict[str, float]:
        """The mean over processes of equally named numbers."""
        if self.size == 1 or not values:
            return values
        packed = torch.tensor([values[name] for name in sorted(values)], dtype=torch.float64)
        with talking_to_peers():
            dist.all_reduce(packed)
        return dict(zip(sorted(values), (packed / self.size).tolist(), strict=True))

    def gather(self, x: Tensor) -> Tensor:
        """The rows of x `(rows, ...)` of all processes, `(size * rows, ...)`, differentiably; see `gather_rows`."""
        return x if self.size == 1 else gather_rows(x, self.rank, self.size)

    def any(self, flag: bool) -> bool:
        """Whether `flag` is true on any process: all must stop at the same step."""
        if self.size == 1:
            return flag
        votes = torch.tensor([float(flag)])
        with talking_to_peers():
            dist.all_reduce(votes)
        return bool(votes.item() > 0)

    def first_words(self, words: str) -> tuple[int, str]:
        """The first process whose `words` are not empty, and these words, on every process; (0, "") where all are."""
        if self.size == 1:
            return 0, words
        said = words.encode()
        lengths = torch.zeros(self.size, dtype=torch.int64)
        lengths[self.rank] = len(said)
        with talking_to_peers():
            dist.all_reduce(lengths)
            speaker = int(lengths.sign().argmax())
            heard = torch.zeros(int(lengths[speaker]), dtype=torch.uint8)
            if speaker == self.rank:
                heard.copy_(torch.tensor(list(said), dtype=torch.uint8))
            dist.broadcast(heard, src=speaker)
        return speaker, bytes(heard.tolist()).decode()

    def barrier(self) -> None:
        """Wait for the others."""
        if self.size > 1:
            with talking_to_peers():
                dist.barrier()

    @torch.no_grad()
    def copy_from_first(self, tensors: Iterable[Tensor]) -> None:
        """Give every process the first one's values: the same start everywhere."""
        if self.size == 1:
            return
        with talking_to_peers():
            for tensor in tensors:
                dist.broadcast(tensor.detach(), src=0)


def check_norms(nets: Iterable[nn.Module], world: World, local_batch: int) -> str:
    """The rule for batch normalisation on several processes: local statistics, said aloud; SyncBatchNorm is refused.

    SyncBatchNorm has no second derivative, which gradient penalties need, and waits for ever where one process makes a
    forward pass that the others do not. Local statistics are sound (each process normalises its own share, as
    Goyal et al. 2017, section 2.3, do), but the run is not the one of a single process.

    Returns:
        A line to show, or "" where no net has batch normalisation or the process is alone.

    Raises:
        RecipeError: a net has SyncBatchNorm and there are several processes.
    """
    layers = [layer for net in nets for layer in net.modules() if isinstance(layer, nn.modules.batchnorm._BatchNorm)]
    if world.size == 1 or not layers:
        return ""
    if any(isinstance(layer, nn.SyncBatchNorm) for layer in layers):
        raise RecipeError(
            f"SyncBatchNorm on {counted(world.size, 'process', 'processes')}",
            "nets without it: it has no second derivative for penalties",
            "use BatchNorm (local statistics) or no normalisation",
        )
    return (
        f"BatchNorm: each of {world.size} processes normalises its own {counted(local_batch, 'sample')}, so "
        f"this run is not the "
        "one of a single process; nets without batch normalisation are the same on any number"
    )


def join_world() -> World:
    """Join the processes that `torchrun` started (environment RANK, WORLD_SIZE, LOCAL_RANK), or be alone.

    Flags and metrics travel as CPU tensors, so a GPU world has both back ends.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World()
    if not dist.is_initialized():
        importlib.import_module(KEEPS_THE_GROUP)
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    return World(dist.get_rank(), size, int(os.environ.get("LOCAL_RANK", "0")))


def leave_world() -> None:
    """Close the connections that `join_world` opened."""
    if dist.is_available() and dist.is_initialized():
        dist.destroy_process_group()
