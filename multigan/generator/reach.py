"""How far a net looks: from how many places around it an output is made, measured and not reckoned."""

import copy
import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import draw_fakes
from multigan.core.types import Spec

__all__ = ["Reach", "at_least_bytes", "measure"]

PROBES = (128, 1024)
"""Lengths of input, in places, along which is looked: a short one, and a long one where that is not enough."""
ACROSS = 8
ALL_OVER = ("InstanceNorm", "GroupNorm", "LayerNorm", "Attention", "AdaptiveAvgPool", "AdaptiveMaxPool")
"""Parts of the names of layers that look at everything."""


class Reach(NamedTuple):
    """What is known of a net.

    Attributes:
        places: of the input, on each side, beyond which nothing changes an output; None = everything changes it.
        multiple: of places, at which parts may begin: the net does the same there as at the beginning.
        why: what looks at everything, or "".
    """

    places: int | None
    multiple: int
    why: str = ""


def measure(net: nn.Module, spec: Spec) -> Reach:
    """The reach of a translator, by gradients of the outputs in the middle of a long input.

    Two gradients are joined: of the net as it is, and of one of the same form whose weights are all above zero, so
    that nothing cancels, is cut by a ReLU or was begun at zero.

    Args:
        net: called `net(z, cond, draw, source=inputs)`, in evaluation mode; it is left as it was.
        spec: of an input.
    """
    multiple = int(getattr(net, "multiple", 1))
    for length in PROBES:
        length = max(2 * multiple, -(-length // multiple) * multiple)
        found = [_along(net, spec, axis, length, multiple) for axis in range(1, len(spec.shape))]
        if None not in found:
            return Reach(max(one for one in found if one is not None), multiple)
    return Reach(None, multiple, _blamed(net))


def at_least_bytes(net: nn.Module, spec: Spec) -> float:
    """Bytes for each place of an input that the hungriest layer holds at once: no run takes less."""
    most = 0.0

    def note(module: nn.Module, given: tuple[object, ...], made: object) -> None:
        nonlocal most
        if not list(module.children()):
            tensors = [one for one in (*given, made) if isinstance(one, Tensor)]
            most = max(most, float(sum(one.numel() * one.element_size() for one in tensors)))

    probe = torch.zeros(1, *spec.shape)
    hooks = [module.register_forward_hook(note) for module in net.modules()]
    try:
        with torch.no_grad():
            draw_fakes(net, 1, Draw(0, 0, "apply/"), None, probe.to(next(net.parameters()).device))
    finally:
        for hook in hooks:
            hook.remove()
    return most / math.prod(spec.shape[1:])


def _along(net: nn.Module, spec: Spec, axis: int, length: int, multiple: int) -> int | None:
    """The reach along one axis of an input; None = it is no shorter than what was looked at."""
    side = max(multiple, ACROSS)
    shape = [spec.shape[0], *(length if k == axis else side for k in range(1, len(spec.shape)))]
    other = tuple(k for k in range(len(shape)) if k != axis)
    start = length // 2 // multiple * multiple
    seen = torch.zeros(length, dtype=torch.bool)
    for number, probed in enumerate((net, _positive(net))):
        with torch.enable_grad():
            noise = torch.rand(shape, generator=torch.Generator().manual_seed(number), dtype=torch.float64)
            given = (noise.to(next(probed.parameters())) * 2 - 1)[None].requires_grad_(True)
            made = draw_fakes(probed, 1, Draw(0, 0, "apply/"), None, given)
            scale = made.shape[axis + 1] / length
            middle = made.narrow(axis + 1, round(start * scale), max(1, round(multiple * scale)))
            (gradient,) = torch.autograd.grad(middle.sum(), given, allow_unused=True)
        if gradient is not None:
            seen |= (gradient[0] != 0).cpu().to(torch.uint8).amax(other).bool()
    places = seen.nonzero().flatten()
    if not len(places):
        return 0
    low, high = int(places[0]), int(places[-1])
    if low == 0 or high == length - 1:
        return None
    return max(start - low, high - (start + multiple - 1), 0)


def _positive(net: nn.Module) -> nn.Module:
    """A net of the same form in float64, whose weights are drawn above zero and about average what they are given."""
    twin = copy.deepcopy(net).double()
    generator = torch.Generator().manual_seed(0)
    for value in twin.parameters():
        drawn = torch.rand(value.shape, generator=generator, dtype=torch.float64) + 0.5
        share = value.shape[0] / max(1, value.numel()) if value.ndim > 1 else 0.1
        value.data = (drawn * share).to(value.device)
    return twin


def _blamed(net: nn.Module) -> str:
    for name, module in net.named_modules():
        kind = type(module).__name__
        if any(part in kind for part in ALL_OVER):
            return f"{kind} at {name}"
    return ""
