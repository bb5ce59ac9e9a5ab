"""Noises that are made: all numbers come from a draw, so that a resumed run hears the same."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from multigan.core.draw import Draw

__all__ = ["NOISES", "Noise", "babble", "in_band"]

Noise = Callable[[Draw, int, int, int], Tensor]
"""`noise(draw, batch, samples, sample_rate_hz)` -> `(batch, samples)` of any level."""
LOWEST_HZ = 20.0
HARMONICS = 24
CURVES = 6
SPEAKERS = 6


def white(draw: Draw, batch: int, samples: int, sample_rate_hz: int) -> Tensor:
    """Equal power at all frequencies."""
    return draw.normal("white", (batch, samples))


def pink(draw: Draw, batch: int, samples: int, sample_rate_hz: int) -> Tensor:
    """Power falls as 1/f: 3 dB an octave."""
    return _falling(white(draw, batch, samples, sample_rate_hz), sample_rate_hz, 1.0)


def brown(draw: Draw, batch: int, samples: int, sample_rate_hz: int) -> Tensor:
    """Power falls as 1/f²: 6 dB an octave."""
    return _falling(white(draw, batch, samples, sample_rate_hz), sample_rate_hz, 2.0)


def hum(draw: Draw, batch: int, samples: int, sample_rate_hz: int) -> Tensor:
    """Mains at 50 or 60 Hz, 1 % about it, with harmonics that grow fainter."""
    mains = torch.where(draw.uniform("mains", (batch,)) < 0.5, 50.0, 60.0)
    hertz = mains * (0.99 + 0.02 * draw.uniform("detuned", (batch,)))
    number = torch.arange(1, HARMONICS + 1)
    loud = (0.1 + 0.9 * draw.uniform("loud", (batch, HARMONICS))) / number ** draw.uniform("fall", (batch, 1)).mul(1.5)
    loud = loud * (hertz[:, None] * number < sample_rate_hz / 2)
    start = 2 * math.pi * draw.uniform("phase", (batch, HARMONICS))
    time = torch.arange(samples) / sample_rate_hz
    total = torch.zeros(batch, samples)
    for k in range(HARMONICS):  # one after the other: all at once take 24 times the memory
        total += loud[:, k, None] * (2 * math.pi * hertz[:, None] * (k + 1) * time + start[:, k, None]).sin()
    return total


def clicks(draw: Draw, batch: int, samples: int, sample_rate_hz: int) -> Tensor:
    """Short bursts, 3 to 30 a second, that die away within milliseconds."""
    often = 3 + 27 * draw.uniform("often", (batch, 1))
    struck = draw.uniform("struck", (batch, samples)) < often / sample_rate_hz
    # A click at least: what has no power cannot be brought to a level.
    struck[torch.arange(batch), draw.integers("first", 0, samples, (batch,))] = True
    blows = struck * (0.2 + 0.8 * draw.uniform("blow", (batch, samples)))
    span = max(2, sample_rate_hz // 50)
    decay = sample_rate_hz * (0.0005 + 0.0035 * draw.uniform("decay", (batch, 1)))
    burst = (-torch.arange(span) / decay).exp() * draw.normal("burst", (batch, span))
    return _convolved(blows, burst)


def shaped(draw: Draw, batch: int, samples: int, sample_rate_hz: int) -> Tensor:
    """Noise of any colour that swells and fades: drawn curves of some 15 dB over octaves, and a beat of 0.5 to 12 Hz.

    Most machines, rooms and weathers are somewhere among these: who was trained with them meets fewer surprises.
    """
    hertz = torch.fft.rfftfreq(samples, 1 / sample_rate_hz).clamp_min(LOWEST_HZ)
    place = (hertz / LOWEST_HZ).log2() / math.log2(sample_rate_hz / 2 / LOWEST_HZ)  # 0 to 1, even over octaves
    size, turn = draw.normal("curve", (batch, CURVES)), 2 * math.pi * draw.uniform("turn", (batch, CURVES))
    gain_db = torch.zeros(batch, len(hertz))
    for k in range(CURVES):
        gain_db += 12 * size[:, k, None] / (k + 1) ** 0.5 * (math.pi * (k + 1) * place + turn[:, k, None]).cos()
    noise = torch.fft.irfft(torch.fft.rfft(white(draw, batch, samples, sample_rate_hz)) * 10 ** (gain_db / 20), samples)
    beat, depth = 0.5 * 24 ** draw.uniform("beat", (batch, 1)), draw.uniform("depth", (batch, 1))
    angle = 2 * math.pi * (beat * torch.arange(samples) / sample_rate_hz + draw.uniform("begin", (batch, 1)))
    made: Tensor = noise * (1 - depth * (0.5 + 0.5 * angle.sin()))
    return made


def babble(x: Tensor, draw: Draw) -> Tensor:
    """Six voices at once: other sounds of the batch, shifted in time, one of them backwards; `(batch, samples)`.

    Args:
        x: the sounds `(batch, samples)`. A batch of one is its own crowd, backwards.
        draw: of the voices.
    """
    batch, samples = x.shape
    other = draw.integers("other", 1, max(2, batch), (batch, SPEAKERS)) + torch.arange(batch)[:, None]
    shift = draw.integers("shift", 0, samples, (batch, SPEAKERS))
    loud = 0.5 + 0.5 * draw.uniform("loud", (batch, SPEAKERS))
    rows, here, crowd = other.remainder(batch), x.cpu(), torch.zeros(batch, samples)
    for k in range(SPEAKERS):
        at = (torch.arange(samples) + shift[:, k, None]).remainder(samples)
        voice = here[rows[:, k, None], at]
        crowd += loud[:, k, None] * (voice.flip(-1) if k == 0 or batch == 1 else voice)
    return crowd


def in_band(x: Tensor, gain: Callable[[Tensor], Tensor], sample_rate_hz: int) -> Tensor:
    """x `(batch, ..., samples)` with every frequency multiplied by `gain(hertz)`, by a transform twice as long."""
    samples = x.shape[-1]
    spectrum = torch.fft.rfft(x, 2 * samples)
    hertz = torch.fft.rfftfreq(2 * samples, 1 / sample_rate_hz, device=x.device)
    made: Tensor = torch.fft.irfft(spectrum * gain(hertz), 2 * samples)[..., :samples]
    return made


def _falling(x: Tensor, sample_rate_hz: int, power: float) -> Tensor:
    samples = x.shape[-1]
    hertz = torch.fft.rfftfreq(samples, 1 / sample_rate_hz).clamp_min(LOWEST_HZ)
    made: Tensor = torch.fft.irfft(torch.fft.rfft(x) * hertz ** (-power / 2), samples)
    return made


def _convolved(x: Tensor, response: Tensor) -> Tensor:
    """x `(batch, samples)` through its row's response `(batch, span)`, same length."""
    samples = x.shape[-1]
    size = samples + response.shape[-1] - 1
    spectrum = torch.fft.rfft(x, size) * torch.fft.rfft(response, size)
    made: Tensor = torch.fft.irfft(spectrum, size)[..., :samples]
    return made


NOISES: dict[str, Noise] = {
    "white": white,
    "pink": pink,
    "brown": brown,
    "hum": hum,
    "clicks": clicks,
    "shaped": shaped,
}
"""By the names that recipes know."""
