"""Scores of pictures with their frames: floor, interval, noise as baseline."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.metrics.rows import About, row
from multigan.plugins.image.features import random_conv_features
from multigan.plugins.image.ssim import WINDOW, ms_ssim, scales_for

__all__ = ["own_rows", "pair_similarity", "sliced_wasserstein", "spread"]

PAIRS = 500
DIRECTIONS = 256
SPREAD_ITEMS = 500
BATCH = 100


def own_rows(
    fake: Sequence[Image.Image], real: Sequence[Image.Image], train: Sequence[Image.Image], seed: int = 0
) -> list[Mapping[str, Any]]:
    """Sliced Wasserstein distance, MS-SSIM of pairs, spread; in equal numbers.

    Args:
        fake: what is judged.
        real: what they are compared with.
        train: other reals, which take the fakes' place for the floor.
        seed: of the noise.
    """
    n = min(len(fake), len(real), len(train))
    sets = [_tensor(side[:n]) for side in (fake, train)]
    against = _tensor(real[:n])
    draw = Draw(seed)
    trivial = draw.uniform("image/noise", tuple(sets[0].shape)) * 2 - 1
    repeated = against[:1].expand_as(against)
    flat = against.flatten(1)
    wasserstein = About("sliced_wasserstein", "sliced Wasserstein", "similarity", "lower", "of pixels, 256 directions")
    rows = [
        row(wasserstein, lambda x: sliced_wasserstein(flat, x.flatten(1)), (*sets, trivial), "uniform noise"),
        row(
            About("spread", "mean feature distance", "diversity", "near floor", "between pairs; 0 = all the same"),
            lambda x: spread(x[:SPREAD_ITEMS]),
            (*sets, repeated),
            "one real item repeated",
        ),
    ]
    if n >= 4 and min(against.shape[2:]) >= WINDOW:
        rows.append(_similarity(sets[0], sets[1]))
    return [{"n_fake": n, "n_real": n, **found} for found in rows]


def sliced_wasserstein(real: Tensor, fake: Tensor, directions: int = DIRECTIONS) -> float:
    """Mean over random directions of the 1-Wasserstein distance of the projections.

    Args:
        real: `(n, dim)`.
        fake: `(m, dim)`; the larger set is cut to the smaller.
        directions: number of directions, from a fixed seed.

    Source: Rabin et al. 2011; Bonneel et al. 2015 (sliced Wasserstein distance).
    Departures: W1 in place of the square of W2.
    """
    n = min(len(real), len(fake))
    theta = torch.randn(real.shape[1], directions, generator=torch.Generator().manual_seed(0)).to(real)
    theta = theta / theta.norm(dim=0)
    left, right = (real[:n] @ theta).sort(0).values, (fake[:n] @ theta).sort(0).values
    return float((left - right).abs().mean())


def spread(x: Tensor) -> float:
    """Mean distance between pairs of pictures `(n, c, h, w)` in random convolutional features; 0 = all the same.

    Source: mean pairwise distance as a sign of collapse: Srivastava et al. 2017; features as in `features.py`.
    """
    return float(torch.pdist(random_conv_features(x)).mean())


def pair_similarity(x: Tensor) -> Tensor:
    """MS-SSIM of up to 500 disjoint pairs of pictures `(n, c, h, w)`, whose order is random: `(pairs,)`.

    Disjoint pairs are independent, so that the standard error of their mean is an honest one.
    """
    pairs = min(PAIRS, len(x) // 2)
    one, other = x[:pairs], x[pairs : 2 * pairs]
    return torch.cat([ms_ssim(a, b) for a, b in zip(one.split(BATCH), other.split(BATCH), strict=True)])


def _similarity(fake: Tensor, floor: Tensor) -> Mapping[str, Any]:
    values = pair_similarity(fake)
    half = 1.96 * float(values.std()) / len(values) ** 0.5
    value = float(values.mean())
    note = (
        f"mean over {counted(len(values), 'random pair')} "
        f"at {counted(scales_for(*fake.shape[2:]), 'scale')}; above the floor = sameness"
    )
    return {
        **About("ms_ssim", "MS-SSIM of pairs", "diversity", "near floor", note)._asdict(),
        "value": value,
        "low": value - half,
        "high": value + half,
        "interval": "95 %, 1.96 standard errors over disjoint pairs",
        "floor": float(pair_similarity(floor).mean()),
        "floor_note": "reals in the place of fakes",
        "baseline": 1.0,
        "baseline_note": "one real item repeated",
    }


def _tensor(pictures: Sequence[Image.Image]) -> Tensor:
    """PIL images -> `(n, channels, height, width)` in [-1, 1]."""
    arrays = np.stack([np.asarray(picture) for picture in pictures])
    pixels = torch.from_numpy(arrays).float() / 127.5 - 1
    return pixels.unsqueeze(1) if pixels.dim() == 3 else pixels.permute(0, 3, 1, 2).contiguous()
