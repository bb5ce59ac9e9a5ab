"""How sounds lie by the ones that they should be: distortion, spectra, and what listeners would say of speech."""

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import soxr
import torch
from torch import Tensor

from multigan.core.types import Spec
from multigan.metrics.rows import About
from multigan.plugins.audio import narrow
from multigan.plugins.audio.causal import Frames, window_of
from multigan.plugins.audio.mel_definition import mel_of
from multigan.plugins.audio.mel_samples import scaled_mel_of
from multigan.plugins.audio.sdr import si_sdr
from multigan.plugins.audio.vocoding import RIVAL, as_sound, contending, spectral_distance
from multigan.plugins.audio.wiener import wiener
from multigan.plugins.paired import PairScore

__all__ = ["cells", "contenders", "pair_scores", "rival"]

HEARD = 64
"""Pairs that PESQ and STOI are taken of, the first ones: PESQ takes 30 ms of each."""
FAINT = 1e-6
SPEECH_HZ = (8_000, 16_000)
"""At which PESQ is defined: narrow-band and wide-band."""
INSTALL = "PESQ and STOI: pip install 'multigan[speech]'"
LEAST_SECONDS = 0.5
EDGES_DB = (-60.0, 2.5, 7.5, 12.5, 60.0)


def pair_scores(spec: Spec) -> list[PairScore]:
    """SI-SDR and distances of spectra; PESQ and STOI where they are installed and sounds are long enough.

    None of samples that are mel spectra.
    """
    if scaled_mel_of(spec) is not None:
        return []  # distances of what D sees are L1, which all have
    rate = int(spec.meta["sample_rate_hz"])
    has = find_spec("pesq") is not None and find_spec("pystoi") is not None
    note = "scale-invariant signal-to-distortion ratio of each; the mean" + ("" if has else f". {INSTALL}")
    found = [PairScore(About("si_sdr", "SI-SDR in dB", "similarity", "higher", note), _distortion, _mean)]
    about = About("log_spectral", "log-spectral distance in dB", "quality", "lower", "root mean square over bins")
    found.append(PairScore(about, partial(_log_spectral, sample_rate_hz=rate), _mean))
    about = About("spectral_distance", "spectral distance", "quality", "lower", "of amplitudes at three windows")
    found.append(PairScore(about, spectral_distance, _mean))
    if has and rate >= SPEECH_HZ[0] and spec.shape[-1] >= LEAST_SECONDS * rate:
        band = "wide-band" if rate >= SPEECH_HZ[1] else "narrow-band"
        about = About("pesq", f"PESQ, {band}", "quality", "higher", f"of speech; the first {HEARD} pairs at most")
        found.append(PairScore(about, partial(_each, score=_pesq, sample_rate_hz=rate), _mean))
        about = About("stoi", "STOI", "quality", "higher", f"how much of speech is understood; the first {HEARD} pairs")
        found.append(PairScore(about, partial(_each, score=_stoi, sample_rate_hz=rate), _mean))
    return found


def rival(source: Tensor, source_spec: Spec, spec: Spec) -> tuple[str, Tensor] | None:
    """The input as it is, where it has the target's shape; of mel spectra Griffin-Lim."""
    sound = as_sound(source, source_spec)
    if sound is not None:
        return f"Griffin-Lim, {RIVAL} iterations", sound
    name = "sinc interpolation" if narrow.KEY in source_spec.meta else "the input as it is"
    return (name, source) if source_spec.shape == spec.shape else None


def contenders(source: Tensor, source_spec: Spec, spec: Spec) -> Mapping[str, Tensor]:
    """A Wiener filter, where inputs have the target's shape; of mel spectra Griffin-Lim with more iterations."""
    if scaled_mel_of(spec) is not None:
        return {}
    if mel_of(source_spec) is not None:
        return contending(source, source_spec)
    if source_spec.shape != spec.shape or narrow.KEY in source_spec.meta:
        return {}
    return {"Wiener filter": wiener(source, int(spec.meta["sample_rate_hz"]))}


def cells(source: Tensor, real: Tensor, spec: Spec) -> Mapping[str, Tensor]:
    """Pairs by how far their input is from its target, bool `(n,)` each: by SI-SDR, in steps of 5 dB."""
    if source.shape != real.shape or scaled_mel_of(spec) is not None:
        return {}
    found, ratio = dict[str, Tensor](), si_sdr(real, source)
    for low, high in pairwise(EDGES_DB):
        inside = (ratio >= low) & (ratio < high)
        if low == EDGES_DB[0]:
            name = f"inputs below {high:g} dB"
        elif high == EDGES_DB[-1]:
            name = f"inputs from {low:g} dB"
        else:
            name = f"inputs of {low:g} to {high:g} dB"
        if inside.any():
            found[name] = inside
    return found


def _mean(rows: Tensor) -> float:
    """Of what is defined."""
    return float(rows.double().nanmean())


def _distortion(real: Tensor, fake: Tensor) -> Tensor:
    return si_sdr(real, fake)[:, None]


def _log_spectral(real: Tensor, fake: Tensor, sample_rate_hz: int) -> Tensor:
    frames = Frames(window_of(sample_rate_hz)).to(real.device)
    sides = list[Tensor]()
    for x in (real, fake):
        rl, im = frames.spectra(frames.cut(x.flatten(0, 1))).chunk(2, -1)
        sides.append(10 * (rl.square() + im.square() + FAINT).log10())
    distance = (sides[0] - sides[1]).square().mean(-1).sqrt().mean(-1)
    return distance.view(len(real), -1).mean(1, keepdim=True)


def _each(
    real: Tensor, fake: Tensor, score: Callable[[np.ndarray, np.ndarray, int], float], sample_rate_hz: int
) -> Tensor:
    """A score of mono sounds one by one, `(batch, 1)`; NaN where it is not defined, and of those after the first."""
    target = SPEECH_HZ[sample_rate_hz >= SPEECH_HZ[1]]
    rows = torch.full((len(real), 1), float("nan"), dtype=torch.float64)
    for k in range(min(HEARD, len(real))):
        pair = [x[k].mean(0).double().cpu().numpy() for x in (real, fake)]
        if sample_rate_hz != target:
            pair = [soxr.resample(x, sample_rate_hz, target) for x in pair]
        rows[k] = score(pair[0], pair[1], target)
    return rows


def _pesq(real: np.ndarray, fake: np.ndarray, rate: int) -> float:
    from pesq import PesqError, pesq

    try:
        return float(pesq(rate, real, fake, "wb" if rate == SPEECH_HZ[1] else "nb"))
    except PesqError:  # no utterance in it
        return float("nan")


def _stoi(real: np.ndarray, fake: np.ndarray, rate: int) -> float:
    from pystoi import stoi

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        value = float(stoi(real, fake, rate))
    return float("nan") if said else value  # it warns where too little of it is no pause
