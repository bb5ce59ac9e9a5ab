"""Sound files of any length through an autoencoder of sounds: what it makes of another world's sounds."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from multigan.core.errors import UnsupportedError
from multigan.core.generators import Encoding
from multigan.core.types import Spec
from multigan.plugins.audio.endless import REACH, STEP, Endless
from multigan.plugins.audio.mel_samples import scaled_mel_of
from multigan.plugins.audio.traits import FRAME_SECONDS, QUIET_DB, beginnings, levels_of
from multigan.plugins.audio.whole_sounds import deliver, gain_of, read_whole, refuse_channels, through
from multigan.plugins.fitted import Poured

__all__ = ["resound", "resounded"]

PART = 256
"""Codes at a time, of rows of codes."""
FADE_SECONDS = 0.005
TOGETHER = 16
"""Hits at a time."""
WINDOW, FAINT = 512, 1e-2


def resound(net: Encoding, path: Path, into: Path | None, spec: Spec, label: Any, *, strength: float = 1.0) -> Poured:
    """A sound as an autoencoder gives it back: as long, at its rate, with its channels.

    The gain by which it was brought to the peak of trained sounds is undone; what the net itself loses of level is not.

    Args:
        net: the autoencoder.
        path: the sound.
        into: name of the output without its ending; None = it is given back as an array.
        spec: of the net's samples.
        label: of provenance, fields by name.
        strength: 1 = what comes back, 0 = the sound itself; between them waves are mixed.

    Raises:
        DataError: the file is no sound, or has a number of channels that the net's do not divide.
        UnsupportedError: samples are no waves.

    Source: Caillon & Esling 2021 (RAVE), section 5.3: an autoencoder of one set of sounds, applied to another set.
    """
    if scaled_mel_of(spec) is not None:
        raise UnsupportedError("an autoencoder of mel spectra on files", "one of waves", "leave data.form away")
    own, channels, rate = read_whole(path), spec.shape[0], int(spec.meta["sample_rate_hz"])
    refuse_channels(path, own, channels)
    made = through(own, rate, channels, lambda x: resounded(net, x, spec))
    mixed = np.float32(strength) * made + np.float32(1 - strength) * own.sound
    return deliver(path, into, mixed if strength else own.sound, own.rate, label, own.notes)


@torch.inference_mode()
def resounded(net: Encoding, x: Tensor, spec: Spec) -> Tensor:
    """Waves `(n, channels, samples)` of any length as they come back, as long.

    Rows of codes go through part by part, with all around them that they look at. Sounds of one length go through hit
    by hit: what begins anew begins a sound, and ends where the next one begins. Of several classes it is the one that
    comes nearest, row by row and hit by hit.
    """
    if isinstance(net, Endless):
        return _row(net, x, len(spec.classes) if net.decoder.told is not None else 0)
    return torch.cat([_hits(net, one, spec) for one in x.split(1)])


def _row(net: Endless, x: Tensor, classes: int) -> Tensor:
    """Codes of the means, decoded in parts that overlap by what a sample sees."""
    samples, per = x.shape[-1], STEP * net.decoder.head.picture.hop
    codes = _codes(net, F.pad(x, (0, -samples % per)))

    def decoded(label: Tensor | None) -> Tensor:
        made = list[Tensor]()
        for begin in range(0, codes.shape[-1], PART):
            first, last = max(0, begin - REACH), min(codes.shape[-1], begin + PART + REACH)
            wave = net.decoder.row(codes[..., first:last], label, first)
            made.append(wave[..., (begin - first) * per : (begin - first + PART) * per].cpu())
        return torch.cat(made, -1)[..., :samples]

    return _nearest(x, decoded, classes, codes.device)


def _codes(net: Endless, x: Tensor) -> Tensor:
    """Codes `(n, inputs, codes)` of waves of whole codes, window by window, each with all that a code is made of."""
    per, device, made = STEP * net.decoder.head.picture.hop, next(net.encoder.parameters()).device, list[Tensor]()
    count = x.shape[-1] // per
    for begin in range(0, count, PART):
        first, last = max(0, begin - REACH), min(count, begin + PART + REACH)
        mean, _ = net.encode(x[..., first * per : last * per].to(device))
        made.append(mean.unflatten(1, (-1, last - first))[..., begin - first : begin - first + PART])
    return torch.cat(made, -1)


def _hits(net: Encoding, x: Tensor, spec: Spec) -> Tensor:
    """A wave `(1, channels, samples)`, each hit of which was brought to the peak of trained sounds and back."""
    rate, longest = int(spec.meta["sample_rate_hz"]), spec.shape[-1]
    fade, out = max(1, round(FADE_SECONDS * rate)), torch.zeros_like(x)
    spans = _spans(x[0].mean(0).numpy(), rate, longest)
    player: Any = net  # a module as well
    device = next(player.parameters()).device
    classes = len(spec.classes) if getattr(player.decoder, "embed", None) is not None else 0
    for few in (spans[k : k + TOGETHER] for k in range(0, len(spans), TOGETHER)):
        cuts = [F.pad(_faded(x[0, :, a:b], fade), (0, longest - (b - a))) for a, b in few]
        gains = [gain_of(cut) for cut in cuts]
        given = torch.stack([cut * gain for cut, gain in zip(cuts, gains, strict=True)])
        code, _ = net.encode(given.to(device))
        made = _nearest(given, partial(_decoded, net, code), classes, device)
        for wave, gain, (a, b) in zip(made, gains, few, strict=True):
            out[0, :, a:b] = _faded(wave[:, : b - a], fade) / gain
    return out


def _decoded(net: Encoding, code: Tensor, label: Tensor | None) -> Tensor:
    return net.decode(code, None if label is None else label.expand(len(code))).cpu()


def _spans(mono: NDArray[np.float32], rate: int, longest: int) -> list[tuple[int, int]]:
    """Where hits begin and end, in samples: at every beginning, and where one is too long; silence is none."""
    frame = max(1, round(FRAME_SECONDS * rate))
    level_db = levels_of(mono, frame)
    heard = np.flatnonzero(level_db > QUIET_DB)
    if not len(heard):
        return []
    first = [max(0, int(at) - 1) * frame for at in (heard[0], *beginnings(level_db))]
    starts, spans = sorted(set(first)), list[tuple[int, int]]()
    last = min(len(mono), (int(heard[-1]) + 2) * frame)
    for start, end in zip(starts, [*starts[1:], last], strict=True):
        spans += [(at, min(at + longest, end)) for at in range(start, end, longest)]
    return [(a, b) for a, b in spans if (level_db[a // frame : -(-b // frame)] > QUIET_DB).any()]


def _faded(wave: Tensor, fade: int) -> Tensor:
    """The last samples of a wave `(channels, n)` go to nothing, so that a cut is no click."""
    short = min(fade, wave.shape[-1])
    ramp = torch.ones(wave.shape[-1])
    ramp[wave.shape[-1] - short :] = torch.linspace(1, 0, short)
    return wave * ramp


def _nearest(x: Tensor, decode: Callable[[Tensor | None], Tensor], classes: int, device: torch.device) -> Tensor:
    """Of what each class makes of waves `(n, channels, samples)`, what is nearest in logarithms of amplitudes."""
    if not classes:
        return decode(None)
    made = torch.stack([decode(torch.tensor([label], device=device)) for label in range(classes)])
    wanted = _loudness(x)
    gaps = torch.stack([(_loudness(one) - wanted).abs().flatten(1).mean(1) for one in made])
    return made[gaps.argmin(0), torch.arange(len(x))]


def _loudness(x: Tensor) -> Tensor:
    sizes = torch.stft(x.flatten(0, 1), WINDOW, window=torch.hann_window(WINDOW), return_complex=True).abs()
    logs: Tensor = sizes.clamp_min(FAINT).log().unflatten(0, x.shape[:2])
    return logs
