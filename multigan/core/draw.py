"""Random numbers as a pure function of (seed, purpose, step, place in the global batch)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Draw"]


@dataclass(frozen=True)
class Draw:
    """Everything that one step may depend on besides its batch and its parameters.

    No hidden generator exists: the same `Draw` asked for the same `purpose` gives the same numbers, so a step can be
    replayed, a run can be resumed bit for bit without saving generator states, and N processes that share a batch
    see together what one process would see alone (each draws the whole batch and keeps its own rows).

    Args:
        seed: the run's seed.
        step: the engine iteration (or, when generating, the chunk number).
        path: purposes of the enclosing draws, joined by `/`; see `child`.
        rank: which of the processes this is.
        world_size: number of processes that share the global batch.
        progress: fraction of the current phase that is done: 0 at its first step, 1 at its last. Schedules inside
            nets (such as a Gumbel-softmax temperature) read it; generation uses 1.
        device: where the numbers are wanted. They are always *drawn* on the CPU, so that devices agree.
        gather: joins equal-shaped tensors `(rows, ...)` of all processes along the first axis, differentiably; None
            where the step is one process's alone. It must be called by all of them or by none; see `everywhere`.
    """

    seed: int
    step: int = 0
    path: str = ""
    rank: int = 0
    world_size: int = 1
    progress: float = 1.0
    device: str = "cpu"
    gather: Callable[[Tensor], Tensor] | None = None

    def child(self, name: str) -> "Draw":
        """A draw whose purposes cannot collide with this one's: one per call of a net or a term."""
        path = f"{self.path}{name}/"
        # Not `replace`, which is five times slower: a step makes a dozen children.
        return Draw(self.seed, self.step, path, self.rank, self.world_size, self.progress, self.device, self.gather)

    def seed_layers(self) -> None:
        """Seed torch's own generators from this draw: for layers that take no `Draw`, such as `nn.Dropout`.

        Each of several processes gets numbers of its own; so such a layer is replayed and resumed to the bit, but N
        processes are not one.
        """
        number = _number(f"{self.seed}|{self.path}layers|{self.step}|{self.rank}")
        # Not `torch.manual_seed`: without CUDA it remembers each call, with the stack it came from, for ever.
        torch.default_generator.manual_seed(number)
        if self.device.startswith("cuda"):
            torch.cuda.manual_seed_all(number)

    def generator(self, purpose: str) -> torch.Generator:
        """A CPU generator keyed by (seed, path, purpose, step), equal on all ranks."""
        return torch.Generator().manual_seed(_number(f"{self.seed}|{self.path}{purpose}|{self.step}"))

    def normal(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """Standard normal numbers of `shape`, whose first axis is this rank's share of the batch."""
        return self._mine(torch.randn(self._whole(shape), generator=self.generator(purpose)), shape)

    def uniform(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """Uniform numbers in [0, 1) of `shape`, whose first axis is this rank's share of the batch."""
        return self._mine(torch.rand(self._whole(shape), generator=self.generator(purpose)), shape)

    def integers(self, purpose: str, low: int, high: int, shape: tuple[int, ...]) -> Tensor:
        """Integers in [low, high) of `shape`, whose first axis is this rank's share of the batch."""
        whole = torch.randint(low, high, self._whole(shape), generator=self.generator(purpose))
        return self._mine(whole, shape)

    def gumbel(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """Standard Gumbel noise, `-log(-log u)` with u clamped so that it stays finite in float32."""
        u = self.uniform(purpose, shape).clamp_(1e-10, 1 - 1e-7)
        return u.log_().neg_().log_().neg_()  # in place: with a vocabulary as last axis it is the largest tensor

    def everywhere(self, x: Tensor) -> Tensor:
        """The rows of x `(rows, ...)` of all processes, `(rows of all, ...)`; x itself where there is one process.

        With gradient accumulation these are the rows of one micro-batch of every process.
        """
        return x if self.gather is None else self.gather(x)

    def batch_mean(self, x: Tensor) -> Tensor:
        """The mean of x `(rows, ...)` over the rows of all processes, `(1, ...)`; gradients reach all of them.

        Only means travel, so it costs the same for any number of rows.
        """
        mean = x.mean(0, keepdim=True)
        return mean if self.gather is None else self.gather(mean).mean(0, keepdim=True)

    def _whole(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return (shape[0] * self.world_size, *shape[1:])

    def _mine(self, whole: Tensor, shape: tuple[int, ...]) -> Tensor:
        first = self.rank * shape[0]
        return whole[first : first + shape[0]].to(self.device)


def _number(key: str) -> int:
    """A seed of 63 bits that is a function of the key alone."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little") >> 1
