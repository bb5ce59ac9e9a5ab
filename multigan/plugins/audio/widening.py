"""Sound files through a net that adds what lies above their highest frequency."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from multigan.files.findings import shown
from multigan.plugins.audio.narrow import lower
from multigan.plugins.audio.whole_sounds import at_rate, deliver, gain_of, read_whole
from multigan.plugins.audio.widener import Widener
from multigan.plugins.fitted import Poured

__all__ = ["added", "pour"]

PART = 1024
"""Frames at a time."""
SHARE = 0.01
"""From this share of the energy on, what lies above the cut already is said."""


def pour(net: Widener, path: Path, into: Path | None, label: Any, *, strength: float = 1.0) -> Poured:
    """A sound with what the net adds: at the higher of its own rate and the net's, each channel alone.

    What lies below the cut stays as it was: nothing but what the net made above it is added.

    Args:
        net: adds.
        path: the sound.
        into: name of the output without its ending; None = it is given back as an array.
        label: of provenance, fields by name.
        strength: how much of it is added.

    Raises:
        DataError: the file is no sound, or broken.
    """
    own, rate, notes = read_whole(path)
    x = torch.from_numpy(np.ascontiguousarray(at_rate(own, rate, net.sample_rate_hz)))[:, None]
    narrow = lower(x, net.hertz, net.sample_rate_hz) if x.numel() else x
    gain = gain_of(narrow)
    more = (added(net, narrow * gain)[:, 0] / gain).numpy()
    high = max(rate, net.sample_rate_hz)
    sound, heights = at_rate(own, rate, high), at_rate(more, net.sample_rate_hz, high)
    heights = np.pad(heights, ((0, 0), (0, max(0, sound.shape[-1] - heights.shape[-1]))))[:, : sound.shape[-1]]
    power = float(np.square(x.numpy(), dtype=np.float64).sum())
    above = 1 - float(narrow.double().square().sum()) / power if power else 0.0
    if above > SHARE:
        notes += [f"{shown(path)}: {above:.0%} of the energy lies above {net.hertz:,.0f} Hz already, and stays"]
    return deliver(path, into, sound + np.float32(strength) * heights, high, label, notes)


@torch.inference_mode()
def added(net: Widener, x: Tensor) -> Tensor:
    """What the net adds to narrow sounds `(n, channels, samples)` of any length, part by part."""
    hop, device, made = net.frames.hop, next(net.parameters()).device, list[Tensor]()
    around, span = net.reach * hop, PART * hop
    for begin in range(0, x.shape[-1], span):
        first = max(0, begin - around)
        piece = x[..., first : begin + span + around].to(device)
        part = net.made(piece, first // hop)[..., begin - first : begin - first + span]
        made.append(part.cpu())
    return net.upper(torch.cat(made, -1)) if made else x
