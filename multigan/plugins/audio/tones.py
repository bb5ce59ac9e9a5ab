"""The whine of up-sampling: energy at the images of a generator's strides."""

import torch
from torch import Tensor

__all__ = ["STRIDES", "stride_tones_db"]

STRIDES = (4, 16, 64)
CLOSE, FAR = 3, 24
"""Bins on each side of a tone: those up to CLOSE may belong to it, those up to FAR are its neighbours."""


def stride_tones_db(x: Tensor, stride: int) -> float | None:
    """Mean over k of the power at `k / stride` of the sampling rate over that of the neighbouring bins, in dB.

    Zero-filling up-sampling by 4 leaves images at multiples of a quarter of the rate, a second one at multiples of a
    sixteenth, and so on; a transposed convolution that does not cancel them whines. Multiples of `4 / stride` belong to
    the smaller stride and are left out, so that each layer is heard by itself. About 1 dB without tones, as for noise.

    Args:
        x: `(n, channels, samples)`.
        stride: 4, 16 or 64: a power of 4.

    Returns:
        None where the sounds are too short to tell a tone from the next.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), section 3.3; images of up-sampling: Pons et al. 2021
    (Upsampling artifacts in neural audio synthesis).
    """
    n = x.shape[2]
    if n < 2 * FAR * stride:
        return None
    power = torch.fft.rfft(x.double().mean(1)).abs().square().mean(0) + 1e-20
    ratios = []
    for k in range(1, stride // 2 + 1):
        place = round(k * n / stride)
        if (k % 4 == 0 and stride > 4) or place + FAR >= len(power):
            continue
        around = torch.cat([power[place - FAR : place - CLOSE], power[place + CLOSE + 1 : place + FAR + 1]])
        ratios.append(power[place - 1 : place + 2].max() / around.mean())
    return 10 * torch.stack(ratios).log10().mean().item()
