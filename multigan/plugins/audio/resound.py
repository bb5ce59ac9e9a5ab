"""Sounds by way of their mel spectra, and mel spectra out of files, through nets that make waves of them."""

from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.errors import DataError, UnsupportedError
from multigan.core.generators import Encoding
from multigan.core.plain import one_line
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.plugins.audio import pouring, resynthesis, retimbre, widening
from multigan.plugins.audio.by_mel import remade
from multigan.plugins.audio.mel_definition import MelDefinition, mel_of
from multigan.plugins.audio.mel_samples import scaled_mel_of
from multigan.plugins.audio.vocoder import Vocoding
from multigan.plugins.audio.whole_sounds import Whole, deliver, read_whole, refuse_channels
from multigan.plugins.audio.widener import Widener
from multigan.plugins.fitted import Poured

__all__ = ["opens", "pour", "sounded"]

PART = 1024
"""Frames at a time."""
SLACK = 0.1
"""Of the range of spectra: nets that write them go a little beyond."""
ARRAY = ".npy"
DAMAGES = (OSError, ValueError, SyntaxError, TokenError, TypeError, OverflowError, RecursionError, MemoryError)
"""What numpy raises of broken files, whose heads are Python literals."""


def pour(net: nn.Module, path: Path, into: Path | None, spec: Spec, label: Any, *, strength: float = 1.0) -> Poured:
    """What the net makes of a file: see `pouring.pour`; of nets that are given mel spectra, the sound of these.

    A sound goes through as its mel spectrum, each channel alone at a peak of .95, and has its rate, level, length and
    channels back; one goes through an autoencoder likewise, as a wave. A file `.npy` is a mel spectrum itself,
    `(bands, frames)` as the definition says, and becomes a WAV.

    Args:
        net: the net.
        path: the file.
        into: name of the output without its ending; None = it is given back as an array.
        spec: of an input of the net, which an autoencoder's samples are.
        label: of provenance, fields by name.
        strength: 1 = what the net makes, 0 = the sound itself, between them a mixture.

    Raises:
        DataError: the file is no sound or spectrum, or broken.
        UnsupportedError: the net makes no waves of mel spectra.
    """
    if isinstance(net, Encoding):
        return resynthesis.resound(net, path, into, spec, label, strength=strength)
    if isinstance(net, Widener):
        return widening.pour(net, path, into, label, strength=strength)
    if (seen := scaled_mel_of(spec)) is not None:
        return retimbre.pour(net, path, into, spec.shape[0], seen, label, strength=strength)
    mel = mel_of(spec)
    if mel is None:
        return pouring.pour(net, path, into, spec, label, strength=strength)
    if not isinstance(net, Vocoding):
        raise UnsupportedError(f"{type(net).__name__} on whole files", "a net like 'vocoder' or 'refiner'", "")
    if path.suffix.lower() == ARRAY:
        if strength != 1:
            raise DataError(f"strength = {strength:g} of a mel spectrum", "1: it is no sound to mix", "leave it out")
        made = _read(path, mel, spec.shape[0])
        sound, rate, notes = Whole(sounded(net, made)[0].numpy(), mel.sample_rate_hz, _strange(path, made, net))
    else:
        sound, rate, notes = _resounded(net, path, mel, strength)
    return deliver(path, into, sound, rate, label, notes)


def opens(spec: Spec) -> tuple[str, ...]:
    """Endings of files beside sounds that are read where an input is like `spec`."""
    return () if mel_of(spec) is None else (ARRAY,)


@torch.inference_mode()
def sounded(net: Vocoding, spectra: Tensor) -> Tensor:
    """Waves `(n, channels, samples)` of mel spectra `(n, channels · bands, frames)` of any length, part by part.

    Parts have as many frames around them as a net's output depends on, and are cut where they meet.
    """
    mel, frames = net.mel, spectra.shape[-1]
    device, made = next(net.parameters()).device, list[Tensor]()
    for begin in range(0, frames, PART):
        end, first = min(begin + PART, frames), max(0, begin - net.reach)
        piece = spectra[..., first : end + net.reach].to(device)
        wave = net(piece.new_zeros(len(piece), 0), source=piece)
        stop = wave.shape[-1] if end == frames else (end - first) * mel.hop
        made.append(wave[..., (begin - first) * mel.hop : stop].cpu())
    return torch.cat(made, -1)


def _resounded(net: Vocoding, path: Path, mel: MelDefinition, strength: float) -> Whole:
    """A sound file by way of its mel spectrum, `(channels, n)`."""
    own, channels = read_whole(path), getattr(net, "channels", 1)
    refuse_channels(path, own, channels)
    made = remade(own, mel, channels, lambda x: sounded(net, _spectra(net, x)))
    return own._replace(sound=np.float32(strength) * made + np.float32(1 - strength) * own.sound)


@torch.inference_mode()
def _spectra(net: Vocoding, x: Tensor) -> Tensor:
    """Mel spectra of long waves, part by part: their transforms would take sixteen times their memory."""
    mel, device = net.mel, next(net.parameters()).device
    padded, parts = F.pad(x, (mel.mirrored, mel.mirrored), "reflect"), list[Tensor]()
    for begin in range(0, mel.frames(x.shape[-1]), PART):
        piece = padded[..., begin * mel.hop : (begin + PART - 1) * mel.hop + mel.n_fft]
        parts.append(net.analysis.of_padded(piece.to(device)).cpu())
    return torch.cat(parts, -1)


def _read(path: Path, mel: MelDefinition, bands: int) -> Tensor:
    """A mel spectrum from a file, `(1, bands, frames)`, the bands of one channel after the other."""
    try:  # mapped: a head that claims more than the file holds is found before memory is asked for
        array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except DAMAGES as error:
        given = f"{shown(path)} is no array ({one_line(str(error))})"
        raise DataError(given, "a file that numpy.save wrote", "write it again") from error
    wanted = f"numbers ({bands}, frames), {_words(mel)}"
    array = array[0] if array.ndim == 3 and len(array) == 1 else array
    if array.ndim != 2 or array.shape[0] != bands or array.shape[1] < 2 or array.dtype.kind not in "fiu":
        fix = "transpose it" if array.ndim == 2 and array.shape[1] == bands else "see the generator's config.json"
        raise DataError(f"{shown(path)} holds {array.dtype} {array.shape}", wanted, fix)
    with np.errstate(over="ignore"):
        single = array.astype(np.float32)
    if not np.isfinite(single).all():
        large = np.isfinite(array).all()
        given = f"{shown(path)} holds {'what float32 cannot' if large else 'NaN or infinity'}"
        raise DataError(given, wanted, "")
    return torch.from_numpy(single)[None]


def _strange(path: Path, spectra: Tensor, net: Vocoding) -> list[str]:
    """What is said of values that no sound has by the definition: mostly another program's, made by another one."""
    low, high = net.analysis.bounds()
    least, most = float(spectra.min()), float(spectra.max())
    if low - SLACK * (high - low) <= least and most <= high + SLACK * (high - low):
        return []
    given = f"{shown(path)}: values from {least:.3g} to {most:.3g}, where sounds have {low:.3g} to {high:.3g}"
    return [f"{given}; is it {_words(net.mel)}, as the generator was trained with?"]


def _words(mel: MelDefinition) -> str:
    logs = {"ln": "natural logarithms of", "log10": "logarithms to base 10 of", "db": "decibels of", "none": "plain"}
    kind = "powers" if mel.power == 2 else "amplitudes"
    return f"{logs[mel.log]} {kind} at {mel.sample_rate_hz:,} Hz, n_fft {mel.n_fft}, hop {mel.hop}"
