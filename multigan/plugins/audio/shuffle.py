"""Phase shuffle: D may not tell fakes by the phase of the tones that upsampling leaves."""

import torch
from torch import Tensor

from multigan.core.draw import Draw

__all__ = ["phase_shuffle", "shift_reflect"]


def shift_reflect(x: Tensor, shift: Tensor) -> Tensor:
    """Shift each sample's time axis, filling the gap by reflection.

    `y[b, c, t] = x[b, c, r(t - shift[b])]` with `r(i) = -i` before the start and `2(T - 1) - i` past the end.

    Args:
        x: activations `(batch, channels, T)`, T > max|shift|.
        shift: int64 `(batch,)`; positive moves the sound later.

    Returns:
        `(batch, channels, T)`.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), section 3.3 and figure 3.
    """
    last = x.shape[-1] - 1
    index = (torch.arange(last + 1, device=x.device) - shift[:, None]).abs()
    index = torch.where(index > last, 2 * last - index, index)  # (B, T)
    return x.gather(2, index[:, None].expand(-1, x.shape[1], -1))


def phase_shuffle(x: Tensor, radius: int, draw: Draw | None, *, per_batch: bool = False) -> Tensor:
    """Shift x by a random number of steps in {-radius, ..., radius}.

    Args:
        x: activations `(batch, channels, T)`.
        radius: the paper's n; 0 switches it off.
        draw: where the shifts come from; None switches it off.
        per_batch: one shift for all samples of a call, as in the authors' code, instead of one each.

    Returns:
        `(batch, channels, T)`.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), section 3.3.
    Departures: one shift per sample by default; the radius shrinks where T is too short to reflect.
    """
    radius = min(radius, x.shape[-1] - 1)
    if radius <= 0 or draw is None:
        return x
    shift = draw.integers("shift", -radius, radius + 1, (x.shape[0],)).to(x.device)
    return shift_reflect(x, shift[:1].expand(x.shape[0]) if per_batch else shift)
