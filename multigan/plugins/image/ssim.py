"""Multi-scale structural similarity of pairs of pictures."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from multigan.core.errors import ShapeError

__all__ = ["WEIGHTS", "WINDOW", "ms_ssim", "scales_for", "ssim"]

WINDOW, DEVIATION = 11, 1.5
K1, K2 = 0.01, 0.03
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def scales_for(height: int, width: int) -> int:
    """How many times, at most 5, a picture can be halved before it is smaller than the window of 11 pixels.

    Raises:
        ShapeError: it is smaller as it is.
    """
    side = min(height, width)
    if side < WINDOW:
        raise ShapeError(f"pictures of {height} x {width}", f"{WINDOW} pixels or more on each side", "")
    return min(len(WEIGHTS), 1 + int(math.log2(side / WINDOW)))


def ms_ssim(x: Tensor, y: Tensor, data_range: float = 2.0) -> Tensor:
    """MS-SSIM of pictures `(batch, channels, height, width)`, pair by pair: `(batch,)` in [0, 1]; 1 = equal.

    `prod over scales j of c_j^w_j`, with the contrast-structure term `c = (2 s_xy + C2) / (s_x^2 + s_y^2 + C2)`, at the
    last scale times the luminance term `(2 m_x m_y + C1) / (m_x^2 + m_y^2 + C1)`; means over pixels and channels.

    Args:
        x: pictures.
        y: as many.
        data_range: largest less smallest possible value.

    Raises:
        ShapeError: pictures below 11 pixels.

    Source: Wang, Simoncelli & Bovik 2003 (Multiscale structural similarity), Eq. 7 and section 3.2 (weights); windows
    and constants of Wang et al. 2004. Departures: pictures that are too small for five scales use the first ones, their
    weights divided by their sum; negative terms count as 0; at the last scale pictures are reflected at their
    edges, as torchmetrics does it.
    """
    scales = scales_for(*x.shape[2:])
    weights = torch.tensor(WEIGHTS[:scales], dtype=x.dtype) / sum(WEIGHTS[:scales])
    product = torch.ones(len(x), dtype=x.dtype)
    for scale in range(scales):
        last = scale == scales - 1
        luminance, contrast = _terms(_reflected(x), _reflected(y), data_range) if last else _terms(x, y, data_range)
        term = luminance * contrast if last else contrast
        product = product * term.mean((1, 2, 3)).clamp_min(0) ** weights[scale]
        x, y = F.avg_pool2d(x, 2), F.avg_pool2d(y, 2)
    return product


def ssim(x: Tensor, y: Tensor, data_range: float = 2.0) -> Tensor:
    """SSIM of pictures `(batch, channels, height, width)` of 11 pixels or more, pair by pair: `(batch,)`; 1 = equal.

    Source: Wang, Bovik, Sheikh & Simoncelli 2004 (Image quality assessment), Eq. 13 and section III.C: Gaussian windows
    of 11 pixels and deviation 1.5; means over windows that lie inside, and over channels.
    """
    luminance, contrast = _terms(x, y, data_range)
    return (luminance * contrast).mean((1, 2, 3))


def _terms(x: Tensor, y: Tensor, data_range: float) -> tuple[Tensor, Tensor]:
    """Luminance and contrast-structure of every window: `(batch, channels, height - 10, width - 10)`."""
    c1, c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2
    means = [_blur(z) for z in (x, y, x * x, y * y, x * y)]
    mx, my = means[:2]
    sx, sy = (means[2] - mx * mx).clamp_min(0), (means[3] - my * my).clamp_min(0)
    sxy = means[4] - mx * my
    return (2 * mx * my + c1) / (mx * mx + my * my + c1), (2 * sxy + c2) / (sx + sy + c2)


def _reflected(x: Tensor) -> Tensor:
    return F.pad(x, (WINDOW // 2,) * 4, mode="reflect")


def _blur(x: Tensor) -> Tensor:
    places = torch.arange(WINDOW, dtype=x.dtype) - WINDOW // 2
    window = torch.exp(-places.square() / (2 * DEVIATION**2))
    window = window / window.sum()
    channels = x.shape[1]
    x = F.conv2d(x, window.view(1, 1, -1, 1).expand(channels, 1, -1, 1), groups=channels)
    return F.conv2d(x, window.view(1, 1, 1, -1).expand(channels, 1, 1, -1), groups=channels)
