"""Spectral normalisation of any net."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

__all__ = ["normalise_spectrum"]

LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.Embedding)
START = 0.02


def normalise_spectrum(net: nn.Module) -> nn.Module:
    """Divide the weight of every layer by its largest singular value, in place.

    One power iteration per forward pass in training mode; its vectors are buffers, so they are saved with the net.
    A weight that starts at zero has no direction to keep: it is drawn from N(0, 0.02²) first.

    Args:
        net: its linear, convolution and embedding layers are changed.

    Returns:
        The same net.

    Source: Miyato, Kataoka et al. 2018, Eq. 8 and Algorithm 1; embeddings of a projection: Miyato & Koyama 2018.
    """
    for layer in [module for module in net.modules() if isinstance(module, LAYERS)]:
        if not torch.any(layer.weight):
            nn.init.normal_(layer.weight, 0.0, START)
        spectral_norm(layer)
    return net
