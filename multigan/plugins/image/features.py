"""Download-free features: a fixed random convolutional net."""

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["random_conv_features"]

SEED = 20240229
DIM = 256


def random_conv_features(x: Tensor) -> Tensor:
    """`(batch, channels, height, width)` in [-1, 1] -> `(batch, 256)`.

    Pictures are brought to 32 × 32 and pass three stride-2 convolutions of fixed normal weights (seed 20240229); means
    and deviations over space of the last two layers are the features.

    Source: Saxe et al. 2011 on random convolutional features; never to be called FID, which needs Inception weights.
    """
    if not len(x):
        return x.new_zeros(0, DIM)
    x = F.interpolate(x.float(), size=(32, 32), mode="bilinear", antialias=True, align_corners=False)
    first, second, third = _filters(x.shape[1])
    one = F.leaky_relu(F.conv2d(x, first.to(x), stride=2, padding=1), 0.1)
    two = F.leaky_relu(F.conv2d(one, second.to(x), stride=2, padding=1), 0.1)
    three = F.leaky_relu(F.conv2d(two, third.to(x), stride=2, padding=1), 0.1)
    return torch.cat([two.mean((2, 3)), two.std((2, 3)), three.mean((2, 3)), three.std((2, 3))], 1)


@lru_cache(maxsize=4)
def _filters(channels: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(SEED)
    weights = []
    for inputs, outputs in ((channels, 32), (32, 64), (64, 64)):
        weight = torch.randn(outputs, inputs, 4, 4, generator=generator)
        weights.append(nn.functional.normalize(weight.flatten(1), dim=1).view_as(weight) * 2**0.5)
    return weights[0], weights[1], weights[2]
