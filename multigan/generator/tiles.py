"""Large files in parts: each part with as much around it as the net looks at, so that no seam can be there."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.sized import sized
from multigan.core.types import Spec
from multigan.generator.reach import Reach, at_least_bytes, measure
from multigan.nets.capacity import memory_bytes
from multigan.plugins.fitted import Taken

__all__ = ["AUTO", "SEAMLESS", "Part", "Tiles"]

AUTO = 512
"""Places of a side of a part, where nobody says: a net of width 64 takes a few hundred MiB for it."""
SEAMLESS = 1e-3
"""In D's space, an eighth of a grey level of 8 bits: a larger difference between two surroundings is a seam."""

Call = Callable[[Tensor], Tensor]
"""One input `(*shape)` of any size -> one output in D's space."""


class Part(NamedTuple):
    """Where a part lies in the whole, along the axes behind the channels.

    Attributes:
        core: places whose outputs are kept.
        window: places that the net is given.
    """

    core: tuple[slice, ...]
    window: tuple[slice, ...]


class Tiles:
    """How one generator goes over files. Its reach is measured when the first file comes that is to be cut.

    Args:
        net: takes inputs like `spec`, in evaluation mode.
        spec: of an input.
        side: of a part, in places of the input; 0 = every file at once.

    Attributes:
        seam: largest difference, in D's space, between a part with its surroundings and with twice as much; None where
            no file was large enough to be cut.
    """

    def __init__(self, net: nn.Module, spec: Spec, side: int = AUTO) -> None:
        self.net, self.spec, self.side = net, spec, side
        self.seam: float | None = None
        self._large = False

    @cached_property
    def reach(self) -> Reach:
        """Of the net."""
        return measure(self.net, self.spec)

    def why_whole(self) -> str:
        """One line on why a file was not cut, or "" where all that are large enough were."""
        if not self._large:
            return ""
        if self.reach.places is None:
            why = f" ({self.reach.why})" if self.reach.why else ""
            return f"each output looks at the whole file{why}: large files go through this net at once, not in parts"
        if self.seam is not None and self.seam > SEAMLESS:
            given = f"parts of a file would differ by {self.seam:.2g} at their seams"
            return f"{given}: large files go through this net at once"
        return ""

    def parts(self, shape: tuple[int, ...], times: int = 1) -> list[Part]:
        """The parts of a file; one that is the whole where it is not to be cut.

        Args:
            shape: of the file along the axes behind the channels.
            times: how many times as much as the net looks at lies around each.
        """
        whole = tuple(slice(0, length) for length in shape)
        if not self.side or max(shape) <= self.side:
            return [Part(whole, whole)]
        self._large = True
        return [Part(whole, whole)] if self.why_whole() else list(self._cut(shape, times))

    def through(self, call: Call, taken: Taken, tick: Callable[[int, int], None] = lambda done, total: None) -> Tensor:
        """All that the net makes of a file, as `taken` keeps it.

        Args:
            call: the net.
            taken: the file.
            tick: `tick(done, total)` after each part.

        Raises:
            DataError: the file cannot be cut, and at once it does not fit into memory.
        """
        shape = tuple(taken.raw.shape[1:])
        if self.seam is None and len(self.parts(shape)) > 1:
            self.seam = self._measured(call, taken, shape)
        parts = self.parts(shape)
        if len(parts) == 1:
            self._refuse(shape)
            return taken.to_kept(call(taken.to_input(taken.raw)))
        canvas = torch.empty(0)
        for number, part in enumerate(parts, 1):
            made, scale = _made(call, taken, part)
            kept = taken.to_kept(made)
            if number == 1:
                sizes = [round(length * by) for length, by in zip(shape, scale, strict=True)]
                canvas = torch.empty(kept.shape[0], *sizes, dtype=kept.dtype)
            canvas[(slice(None), *_scaled(part.core, scale))] = kept
            tick(number, len(parts))
        return canvas

    def _side(self) -> int:
        return -(-self.side // self.reach.multiple) * self.reach.multiple

    def _cut(self, shape: tuple[int, ...], times: int) -> Iterator[Part]:
        step, around = self._side(), times * self._around()
        for corner in product(*(range(0, length, step) for length in shape)):
            core = tuple(slice(at, min(at + step, length)) for at, length in zip(corner, shape, strict=True))
            window = tuple(
                slice(max(0, one.start - around), min(one.stop + around, length))
                for one, length in zip(core, shape, strict=True)
            )
            yield Part(core, window)

    def _around(self) -> int:
        """Whole multiples, and one at least: the end of a file is mirrored up to one, also in a narrow last part."""
        return -(-max(1, self.reach.places or 0) // self.reach.multiple) * self.reach.multiple

    def _measured(self, call: Call, taken: Taken, shape: tuple[int, ...]) -> float:
        """The seam of the part in the middle."""
        usual, wide = self.parts(shape), self.parts(shape, 2)
        middle = len(usual) // 2
        one, _ = _made(call, taken, usual[middle])
        other, _ = _made(call, taken, wide[middle])
        return float((one - other).abs().max())

    def _refuse(self, shape: tuple[int, ...]) -> None:
        if max(shape) <= AUTO:
            return
        wanted, there = at_least_bytes(self.net, self.spec) * torch.Size(shape).numel(), memory_bytes()
        if wanted > there:
            given = f"{counted(torch.Size(shape).numel(), 'place')} at once take {sized(wanted)} or more"
            fix = "make the file smaller, or train a net without norms (--set G.norm=none), which is given parts"
            raise DataError(given, f"less than this machine's memory, {sized(there)}", fix)


def _made(call: Call, taken: Taken, part: Part) -> tuple[Tensor, list[float]]:
    """Outputs of a part's core, and how many times larger they are than their inputs along each axis."""
    given = taken.to_input(taken.raw[(slice(None), *part.window)])
    made = call(given)
    scale = [made.shape[k] / given.shape[k] for k in range(1, given.ndim)]
    inside = [
        slice(core.start - window.start, core.stop - window.start)
        for core, window in zip(part.core, part.window, strict=True)
    ]
    return made[(slice(None), *_scaled(inside, scale))], scale


def _scaled(places: "tuple[slice, ...] | list[slice]", scale: list[float]) -> tuple[slice, ...]:
    return tuple(slice(round(one.start * by), round(one.stop * by)) for one, by in zip(places, scale, strict=True))
