"""A pool of earlier fakes, of which D sees some in place of new ones."""

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw

__all__ = ["Pool"]


class Pool(nn.Module):
    """Keeps fakes until it is full; from then on half of the new ones change places with a kept one.

    It is filled with the fakes of all processes, in the order of one process's batch. So its state is equal
    everywhere, averaging it over processes changes nothing, and it is saved and resumed with the nets.

    Args:
        size: fakes that are kept; 0 = none, and what goes in comes out.
        shape: of one fake.

    Source: Zhu et al. 2017 (CycleGAN), section 4, after Shrivastava et al. 2017: 50 fakes.
    """

    kept: Tensor
    count: Tensor

    def __init__(self, size: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("kept", torch.zeros(size, *shape))
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def exchange(self, fake: Tensor, draw: Draw) -> Tensor:
        """Take in fakes `(batch, *shape)`; what D is to see of them, as many.

        All processes must call it together.
        """
        if not len(self.kept):
            return fake
        numbers = torch.stack([draw.uniform(purpose, (len(fake),)) for purpose in ("old", "which")], 1)
        everyone, chances = draw.everywhere(fake), draw.everywhere(numbers).tolist()
        seen = torch.stack([self._one(row, *chance) for row, chance in zip(everyone, chances, strict=True)])
        processes = len(everyone) // len(fake)
        mine = draw.rank // (draw.world_size // processes) * len(fake)
        return seen[mine : mine + len(fake)].to(fake)

    def settle(self) -> None:
        """Nothing waits: fakes are taken in when they are seen."""

    def _one(self, new: Tensor, old: float, which: float) -> Tensor:
        size, count = len(self.kept), int(self.count)
        if count < size:
            self.kept[count] = new
            self.count += 1
            return new
        if old < 0.5:
            return new
        place = int(which * size)
        before = self.kept[place].clone()
        self.kept[place] = new
        return before.to(new)
