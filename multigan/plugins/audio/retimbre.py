"""Sound files of any length through a net from mel spectra to mel spectra, and back to sounds."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from multigan.nets.both_ways import BothWays
from multigan.plugins.audio.by_mel import remade
from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.mel_samples import from_sound, sound_of
from multigan.plugins.audio.timbre import Timbre
from multigan.plugins.audio.whole_sounds import deliver, read_whole, refuse_channels
from multigan.plugins.fitted import Poured

__all__ = ["pour", "quiet_cuts", "sounded", "through"]

PART = 1024
"""Frames at a time, 8 s at 8,000 Hz."""


def pour(
    net: nn.Module,
    path: Path,
    into: Path | None,
    bands: int,
    mel: MelDefinition,
    label: Any,
    *,
    strength: float = 1.0,
) -> Poured:
    """A sound as the net makes it of its mel spectrum: as long, at its rate, with its channels and level.

    Args:
        net: from mel spectra to mel spectra.
        path: the sound.
        into: name of the output without its ending; None = it is given back as an array.
        bands: of all channels that the net takes at once.
        mel: the definition of a spectrum.
        label: of provenance, fields by name.
        strength: 1 = what the net makes, 0 = the sound itself; between them logarithms of loudness are mixed, and what
            comes out is between the two in timbre.

    Raises:
        DataError: the file is no sound, or has other channels.
    """
    own, channels = read_whole(path), bands // mel.n_mels
    refuse_channels(path, own, channels)

    def make(x: Tensor) -> Tensor:
        spectra = _spectra(x, mel)
        return sounded(spectra + strength * (through(net, spectra) - spectra), mel)

    sound = remade(own, mel, channels, make) if strength else own.sound
    return deliver(path, into, sound, own.rate, label, own.notes)


@torch.inference_mode()
def through(net: nn.Module, spectra: Tensor) -> Tensor:
    """What a net makes of spectra `(n, bands, frames)` of any length: part by part, where its reach is known."""
    way = net.there if isinstance(net, BothWays) else net
    device, made = next(net.parameters()).device, list[Tensor]()
    part, around = (PART, way.reach) if isinstance(way, Timbre) else (spectra.shape[-1], 0)
    for begin in range(0, spectra.shape[-1], part):
        first = max(0, begin - around)
        piece = spectra[..., first : begin + part + around].to(device)
        found = net(piece.new_zeros(len(piece), 0), source=piece)
        made.append(found[..., begin - first : begin - first + part].cpu())
    return torch.cat(made, -1)


@torch.inference_mode()
def sounded(spectra: Tensor, mel: MelDefinition) -> Tensor:
    """Waves `(n, channels, samples)` of spectra in D's space. Long ones are cut where it is quiet, and joined there."""
    cuts = quiet_cuts(spectra.mean((0, 1)), PART)
    shift = int(mel.pad == "centre")
    made = list[Tensor]()
    for begin, end in zip([0, *cuts], [*cuts, spectra.shape[-1] - shift], strict=True):
        made.append(sound_of(spectra[..., begin : end + shift], mel))
    return torch.cat(made, -1)


def quiet_cuts(loudness: Tensor, part: int) -> list[int]:
    """Frames at which a sound is cut into parts of half of `part` to `part` frames, each the quietest that there is.

    Args:
        loudness: of frames `(frames,)`.
        part: frames of the longest part.
    """
    cuts, begin = list[int](), 0
    while len(loudness) - begin > part:
        room = loudness[begin + part // 2 : begin + part]
        begin += part // 2 + int(room.argmin())
        cuts.append(begin)
    return cuts


@torch.inference_mode()
def _spectra(x: Tensor, mel: MelDefinition) -> Tensor:
    """Mel spectra in D's space of long waves, part by part, each with what it needs around it."""
    around, frames, made = -(-mel.n_fft // mel.hop), mel.frames(x.shape[-1]), list[Tensor]()
    for begin in range(0, frames, PART):
        first, last = max(0, begin - around), min(frames, begin + PART + around)
        piece = x[..., first * mel.hop : last * mel.hop]
        made.append(from_sound(piece, mel)[..., begin - first : begin - first + min(PART, frames - begin)])
    return torch.cat(made, -1)
