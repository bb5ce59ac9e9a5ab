"""A net where it is to compute, and with what it begins."""

import torch
from torch import nn

from multigan.core.generators import Begins

__all__ = ["begun", "placed"]


def begun(net: nn.Module) -> nn.Module:
    """The net, with weights that lie elsewhere where its options name some."""
    if isinstance(net, Begins):
        net.begin()
    return net


def placed(net: nn.Module, device: torch.device) -> nn.Module:
    """Move a net to the device; nets of 2-D convolutions also to the memory layout that is fastest for them."""
    has_conv2d = any(isinstance(module, nn.Conv2d | nn.ConvTranspose2d) for module in net.modules())
    net = net.to(device)
    return net.to(memory_format=torch.channels_last) if has_conv2d else net  # type: ignore[call-overload]
