"""A net where it is to compute, and with what it begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import nn

from multigan.core.generators import Begins

__all__ = ["begun", "going_on", "placed"]

_going_on = ContextVar("_going_on", default=False)


@contextmanager
def going_on(resuming: bool = True) -> Iterator[None]:
    """A block in which nets get their weights afterwards, from a checkpoint: what they began with may be gone."""
    token = _going_on.set(resuming)
    try:
        yield
    finally:
        _going_on.reset(token)


def begun(net: nn.Module) -> nn.Module:
    """The net, with weights that lie elsewhere where its options name some."""
    if isinstance(net, Begins) and not _going_on.get():
        net.begin()
    return net


def placed(net: nn.Module, device: torch.device) -> nn.Module:
    """Move a net to the device; nets of 2-D convolutions also to the memory layout that is fastest for them."""
    has_conv2d = any(isinstance(module, nn.Conv2d | nn.ConvTranspose2d) for module in net.modules())
    net = net.to(device)
    return net.to(memory_format=torch.channels_last) if has_conv2d else net  # type: ignore[call-overload]
