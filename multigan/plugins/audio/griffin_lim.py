"""A wave for sizes of bins: phases that go with them are looked for, as vocoders did before they learnt."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.plugins.audio.mel_analysis import MelAnalysis

__all__ = ["MOMENTUM", "griffin_lim", "heard", "through"]

MOMENTUM = 0.99


def heard(analysis: MelAnalysis, spectra: Tensor, iterations: int) -> Tensor:
    """The waves of mel spectra `(batch, channels · bands, frames)` by Griffin-Lim: `(batch, channels, samples)`."""
    waves = griffin_lim(analysis, analysis.sizes(spectra), iterations)
    return waves.view(spectra.shape[0], -1, waves.shape[-1])


@torch.no_grad()
def griffin_lim(analysis: MelAnalysis, sizes: Tensor, iterations: int) -> Tensor:
    """Waves `(n, samples)` for amplitudes `(n, bins, frames)`.

    The first and the last frame are repeated, so that the wave ends where the frames end. All phases begin at zero: one
    spectrum is one sound, whatever lies beside it; from 16 iterations on, voices were as good as from drawn phases.

    Args:
        analysis: knows the frames.
        sizes: of bins.
        iterations: of the search.

    Source: Griffin & Lim 1984; with momentum .99: Perraudin, Balazs & Søndergaard 2013, as in torchaudio.
    """
    from torchaudio.functional import griffinlim

    mel = analysis.mel
    padded = torch.cat([sizes[..., :1], sizes, sizes[..., -1:]], -1)
    whole: Tensor = griffinlim(
        padded, analysis.window, mel.n_fft, mel.hop, mel.window, 1.0, iterations, MOMENTUM, None, False
    )
    begin = mel.hop - mel.first  # the first frame of all is centred a hop before the one that was given
    return whole[..., begin : begin + mel.samples(sizes.shape[-1])]


def through(analysis: MelAnalysis, sizes: Tensor, wave: Tensor) -> Tensor:
    """Sizes `(n, bins, frames)` with the phases of waves, which are constants: both waves `(n, samples)`."""
    mel = analysis.mel
    padded = torch.cat([sizes[..., :1], sizes, sizes[..., -1:]], -1)
    before = mel.hop - mel.first
    after = (padded.shape[-1] - 1) * mel.hop - before - wave.shape[-1]
    frame: dict[str, Any] = {"hop_length": mel.hop, "win_length": mel.window, "window": analysis.window}
    with torch.no_grad():
        spectra = torch.stft(F.pad(wave, (before, after)), mel.n_fft, **frame, return_complex=True)
        turn = spectra / spectra.abs().clamp_min(1e-12)
    whole: Tensor = torch.istft(padded * turn, mel.n_fft, **frame)
    return whole[..., before : before + wave.shape[-1]]
