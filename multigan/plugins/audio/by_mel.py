"""A sound file at the rate of mel spectra, through what makes sounds of sounds, and back as it was."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.whole_sounds import Wave, Whole, through

__all__ = ["remade"]


def remade(own: Whole, mel: MelDefinition, channels: int, make: Callable[[Tensor], Tensor]) -> Wave:
    """What is made of a sound, `(channels, samples)`, as long as it and at its rate.

    Args:
        own: the sound.
        mel: the definition of the spectra on the way, whose rate and hop it is brought to.
        channels: that are made at once.
        make: waves `(n, channels, samples)` of whole hops, of the peak that trained sounds have, to waves as long.
    """

    def in_hops(x: Tensor) -> Tensor:
        samples = x.shape[-1]
        whole = -(-max(samples, 2 * mel.n_fft) // mel.hop) * mel.hop
        return make(F.pad(x, (0, whole - samples)))[..., :samples]

    return through(own, mel.sample_rate_hz, channels, in_hops)
