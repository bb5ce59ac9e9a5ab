"""A net where it is to compute."""

import torch
from torch import nn

__all__ = ["placed"]


def placed(net: nn.Module, device: torch.device) -> nn.Module:
    """Move a net to the device; nets of 2-D convolutions also to the memory layout that is fastest for them."""
    has_conv2d = any(isinstance(module, nn.Conv2d | nn.ConvTranspose2d) for module in net.modules())
    net = net.to(device)
    return net.to(memory_format=torch.channels_last) if has_conv2d else net  # type: ignore[call-overload]
