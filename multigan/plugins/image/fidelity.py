"""How pictures lie by the ones that they should be: near them, and as sharp, textured and colourful as they are."""

from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.metrics.rows import About
from multigan.plugins.image.degrade import HOLE, LUMA
from multigan.plugins.image.items import psnr
from multigan.plugins.image.ssim import WINDOW, ssim
from multigan.plugins.paired import PairScore

__all__ = ["laplacian", "pair_scores", "patch_rows", "rival", "sorted_distance"]

PATCH, PATCHES, DIRECTIONS = 7, 16, 64
"""Side of a patch in pixels; patches of a picture; directions onto which they are projected."""
KERNEL = (1.0, 4.0, 6.0, 4.0, 1.0)


def pair_scores(spec: Spec) -> list[PairScore]:
    """PSNR, SSIM, sharpness and patch distance; chroma of pictures with three channels."""
    found = [PairScore(About("psnr", "PSNR in dB", "similarity", "higher", "of each picture; the mean"), _psnr, _mean)]
    if min(spec.shape[1:]) >= WINDOW:
        found.append(PairScore(About("ssim", "SSIM", "similarity", "higher", "windows of 11 pixels"), _ssim, _mean))
    note = "squared differences of neighbouring pixels over the targets'; 1 = as sharp"
    found.append(PairScore(About("sharpness", "sharpness", "quality", "near floor", note), _sharpness, _ratio))
    if min(spec.shape[1:]) >= PATCH:
        note = (
            f"patches of {PATCH} × {PATCH} of the finest details, {DIRECTIONS} directions; in % of the targets' spread"
        )
        rows = partial(patch_rows, draw=Draw(0, 0, "patches/"))
        about = About("patch_distance", "patch distance", "quality", "lower", note)
        found.append(PairScore(about, rows, sorted_distance))
    if spec.shape[0] == 3:
        note = "squared chroma over the targets'; 1 = as colourful, 0 = grey"
        found.append(PairScore(About("chroma", "chroma", "quality", "near floor", note), _chroma, _ratio))
    return found


def rival(source: Tensor, source_spec: Spec, spec: Spec) -> tuple[str, Tensor] | None:
    """What needs no training: lines across a hole, bicubic interpolation, grey as it is, or the input itself.

    Args:
        source: inputs `(batch, *source_spec.shape)`.
        source_spec: of an input.
        spec: of a sample.

    Returns:
        Its name and `(batch, *spec.shape)`; None where none of them fits.
    """
    if source_spec.meta.get(HOLE) and source_spec.shape == (spec.shape[0] + 1, *spec.shape[1:]):
        return "linear fill", _filled(source)
    if source_spec.shape == spec.shape:
        return "the input as it is", source
    if source_spec.shape[1:] == spec.shape[1:] and source_spec.shape[0] == 1:
        return "the grey input", source.expand(-1, *spec.shape).contiguous()
    if source_spec.shape[0] == spec.shape[0]:
        larger = F.interpolate(source, size=spec.shape[1:], mode="bicubic", align_corners=False)
        return "bicubic interpolation", larger.clamp(-1, 1)
    return None


def laplacian(x: Tensor) -> Tensor:
    """The finest details of pictures `(batch, channels, height, width)`: what a blur of 5 × 5 pixels takes away.

    Source: Burt & Adelson 1983 (The Laplacian pyramid as a compact image code), level 0, without subsampling.
    """
    line = x.new_tensor(KERNEL) / 16
    kernel = (line[:, None] * line).expand(x.shape[1], 1, 5, 5)
    blurred: Tensor = F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), kernel, groups=x.shape[1])
    return x - blurred


def patch_rows(real: Tensor, fake: Tensor, draw: Draw) -> Tensor:
    """Projections of patches of both, from the same places: `(batch, 2, 16, 64)`, in spreads of the reals' patches."""
    side = torch.stack([laplacian(real), laplacian(fake)], 1)
    batch, _, channels, height, width = side.shape
    down = draw.integers("down", 0, height - PATCH + 1, (batch, PATCHES))
    right = draw.integers("right", 0, width - PATCH + 1, (batch, PATCHES))
    at = torch.arange(PATCH)
    rows, columns = down[..., None, None] + at[:, None], right[..., None, None] + at
    patches = side.permute(0, 3, 4, 1, 2)[torch.arange(batch)[:, None, None, None], rows, columns]
    patches = patches.permute(0, 4, 1, 5, 2, 3).reshape(batch, 2, PATCHES, channels * PATCH**2)
    theta = torch.randn(patches.shape[-1], DIRECTIONS, generator=draw.generator("directions"))
    projected: Tensor = patches @ (theta / theta.norm(dim=0))
    return projected / projected[:, 0].std().clamp_min(1e-12)


def sorted_distance(rows: Tensor) -> float:
    """100 times the mean 1-Wasserstein distance of the projections of all patches of both sides.

    Source: Karras et al. 2018, section 5 (sliced Wasserstein distance of 7 × 7 patches of a Laplacian pyramid).
    Departures: the finest level alone, W1, and both sides in spreads of the reals, so that a lack of contrast counts.
    """
    one, other = (rows[:, side].flatten(0, 1).sort(0).values for side in (0, 1))
    return 100 * float((one - other).abs().mean())


def _psnr(real: Tensor, fake: Tensor) -> Tensor:
    return psnr(real, fake)[:, None]


def _ssim(real: Tensor, fake: Tensor) -> Tensor:
    return ssim(real, fake)[:, None]


def _mean(rows: Tensor) -> float:
    return float(rows.double().mean())


def _ratio(rows: Tensor) -> float:
    sums = rows.double().sum(0)
    return float(sums[1] / sums[0].clamp_min(1e-12))


def _sharpness(real: Tensor, fake: Tensor) -> Tensor:
    return torch.stack([_steps(real), _steps(fake)], 1)


def _steps(x: Tensor) -> Tensor:
    """Squared differences of neighbours `(batch,)`."""
    return (x[..., 1:] - x[..., :-1]).square().flatten(1).mean(1) + (
        (x[..., 1:, :] - x[..., :-1, :]).square().flatten(1).mean(1)
    )


def _chroma(real: Tensor, fake: Tensor) -> Tensor:
    return torch.stack([_colour(real), _colour(fake)], 1)


def _colour(x: Tensor) -> Tensor:
    grey = (x * x.new_tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
    return (x - grey).square().flatten(1).mean(1)


def _filled(source: Tensor) -> Tensor:
    """Straight lines across the hole along every row; a row that is all hole becomes the mean of what is known."""
    values, holes = source[:, :-1].numpy().copy(), source[:, -1].numpy() > 0.5
    at = np.arange(values.shape[-1])
    for picture, hole in zip(values, holes, strict=True):
        means = [float(channel[~hole].mean()) if not hole.all() else 0.0 for channel in picture]
        for row in np.flatnonzero(hole.any(1)):
            gap = hole[row]
            for channel, mean in zip(picture, means, strict=True):
                channel[row, gap] = mean if gap.all() else np.interp(at[gap], at[~gap], channel[row, ~gap])
    return torch.from_numpy(values)
