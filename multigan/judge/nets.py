"""The judge's nets: small, one for each shape of what it is shown."""

import torch
from torch import Tensor, nn

__all__ = ["judge_net"]

WIDTHS = (16, 32, 64, 64)
PLACES = 1100
"""Places of a picture after the first layer, at most about: 33 by 33."""
STEPS = 128
HIDDEN = 128


def judge_net(shape: tuple[int, ...]) -> nn.Module:
    """A net from `(batch, *shape)` to logits `(batch,)`, above 0 = a real.

    Pictures `(channels, height, width)` get strided convolutions, series `(channels, steps)` the same in one
    dimension, all else a perceptron. Convolutions end in the mean and the maximum over places: what speaks against a
    sample may be everywhere or at one place.

    Args:
        shape: of one sample.

    Source: strides in place of pooling: Springenberg et al. 2015 (all convolutional net); mean and maximum over
    places: Woo et al. 2018 (CBAM), section 3.
    """
    if len(shape) == 3:
        return _Convolutions(shape[0], _strides(shape[1] * shape[2], PLACES, 2), nn.Conv2d, nn.BatchNorm2d)
    if len(shape) == 2:
        return _Convolutions(shape[0], _strides(shape[1], STEPS, 1), nn.Conv1d, nn.BatchNorm1d)
    return _Perceptron(int(torch.tensor(shape).prod()))


def _strides(places: int, most: int, dims: int) -> tuple[int, ...]:
    """Of the layers: the first brings large samples down, the others halve."""
    first = 1
    while places / first**dims > most:
        first *= 2
    return first, 2, 2, 2


class _Convolutions(nn.Module):
    def __init__(self, channels: int, strides: tuple[int, ...], conv: type[nn.Module], norm: type[nn.Module]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for width, stride in zip(WIDTHS, strides, strict=True):
            kernel = 3 if stride <= 2 else 2 * stride - 1
            layers += [
                conv(channels, width, kernel, stride, kernel // 2, bias=False),
                norm(width),
                nn.LeakyReLU(0.1),
            ]
            channels = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(2 * channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        places = self.body(x).flatten(2)
        logits: Tensor = self.head(torch.cat([places.mean(2), places.amax(2)], 1))
        return logits[:, 0]


class _Perceptron(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(),
            nn.Linear(dim, HIDDEN),
            nn.LeakyReLU(0.1),
            nn.Linear(HIDDEN, HIDDEN),
            nn.LeakyReLU(0.1),
            nn.Linear(HIDDEN, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.body(x)
        return logits[:, 0]
