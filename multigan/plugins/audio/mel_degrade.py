"""The degradation that leaves the loudness of mel bands over time: what a vocoder is given."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Modality, Spec
from multigan.plugins.audio.background import sound_rate
from multigan.plugins.audio.mel_analysis import MelAnalysis
from multigan.plugins.audio.mel_definition import KEY, Log, Pad, Scale, defined

__all__ = ["MelView", "build_mel"]

Samples = Annotated[int, Field(ge=0, le=2**16)]
Bands = Annotated[int, Field(ge=0, le=2**12)]
Hertz = Annotated[float, Field(ge=0, le=384_000)]
Floor = Annotated[float, Field(gt=0, le=1)]
Power = Annotated[float, Field(ge=1, le=2, multiple_of=1)]


class MelView:
    """Sounds as mel spectra; it draws nothing.

    Args:
        given: the definition, of which numbers that are 0 follow the rate.
        rate: of the sounds.
    """

    draws = False

    def __init__(self, given: dict[str, Any], rate: int) -> None:
        self.given, self.rate = given, rate
        self._made: MelAnalysis | None = None

    def spec(self, spec: Spec) -> Spec:
        """What a mel spectrum of sounds like `spec` is: `(channels · bands, frames)`, the definition in its meta."""
        channels, samples = spec.shape
        mel = defined(self.rate, samples, self.given)
        shape = (channels * mel.n_mels, mel.frames(samples))
        return replace(spec, shape=shape, classes=(), meta={"sample_rate_hz": self.rate, KEY: mel.plain()})

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """Waves `(batch, channels, samples)` to mel spectra `(batch, channels · bands, frames)`."""
        if self._made is None:
            self._made = MelAnalysis(defined(self.rate, x.shape[-1], self.given))
        made: Tensor = self._made.to(x.device)(x)
        return made


def build_mel(  # noqa: PLR0913  (each is part of the definition)
    modality: Modality,
    spec: Spec,
    *,
    n_mels: Bands = 0,
    n_fft: Samples = 0,
    window: Samples = 0,
    hop: Samples = 0,
    fmin: Hertz = 0.0,
    fmax: Hertz = 0.0,
    scale: Scale = "slaney",
    norm: bool = True,
    power: Power = 1.0,
    log: Log = "ln",
    floor: Floor = 1e-5,
    pad: Pad = "centre",
) -> MelView:
    """Mel spectra of sounds; 0 = as the rate suggests: at 8,000 Hz 40 bands, windows of 256 and hops of 64 samples.

    See `multigan.plugins.audio.mel_definition.MelDefinition` for what each number means.
    """
    given: dict[str, Any] = {"n_mels": n_mels, "n_fft": n_fft, "window": window, "hop": hop, "fmin": fmin, "fmax": fmax}
    given |= {"scale": scale, "norm": norm, "power": power, "log": log, "floor": floor, "pad": pad}
    return MelView(given, sound_rate(spec, "mel"))
