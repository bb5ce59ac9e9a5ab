"""A sound file at the rate of mel spectra, through what makes sounds of sounds, and back as it was."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.core.errors import DataError
from multigan.files.findings import shown
from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.whole_sounds import Wave, Whole, at_rate, gain_of

__all__ = ["refuse_channels", "remade"]


def refuse_channels(path: Path, own: Whole, channels: int) -> None:
    """A net takes so many channels at once, and files a multiple of them.

    Raises:
        DataError: the file has others.
    """
    if len(own.sound) % channels:
        given = f"{shown(path)} has {len(own.sound)} channels"
        raise DataError(given, f"{channels}, as the generator was trained with", "mix it down")


def remade(own: Whole, mel: MelDefinition, channels: int, make: Callable[[Tensor], Tensor]) -> Wave:
    """What is made of a sound, `(channels, samples)`, as long as it and at its rate.

    Args:
        own: the sound.
        mel: the definition of the spectra on the way, whose rate and hop it is brought to.
        channels: that are made at once.
        make: waves `(n, channels, samples)` of whole hops, of the peak that trained sounds have, to waves as long.
    """
    sound = at_rate(own.sound, own.rate, mel.sample_rate_hz)
    x = torch.from_numpy(np.ascontiguousarray(sound)).view(-1, channels, sound.shape[-1])
    gain = gain_of(x)
    whole = -(-max(x.shape[-1], 2 * mel.n_fft) // mel.hop) * mel.hop
    made = make(F.pad(x * gain, (0, whole - x.shape[-1]))) / gain
    array: Wave = made[..., : x.shape[-1]].flatten(0, 1).numpy()
    array, length = at_rate(array, mel.sample_rate_hz, own.rate), own.sound.shape[-1]
    return np.pad(array, ((0, 0), (0, max(0, length - array.shape[-1]))))[:, :length]
