"""What exactly a mel spectrum is: programs that differ in one number do not understand each other's spectra."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from multigan.core.errors import RecipeError
from multigan.core.types import Spec

__all__ = ["KEY", "Log", "MelDefinition", "Pad", "Scale", "defined", "mel_of"]

KEY = "mel"
"""Under which a spec's `meta` holds the definition."""
WINDOW_SECONDS = 0.04
BANDS = ((12_000, 40), (32_000, 80))
MOST_BANDS = 128

Scale = Literal["slaney", "htk"]
Log = Literal["ln", "log10", "db", "none"]
Pad = Literal["same", "centre"]


@dataclass(frozen=True)
class MelDefinition:
    """How a wave becomes bands over frames.

    Attributes:
        sample_rate_hz: of the wave.
        n_mels: bands.
        n_fft: samples of a transform.
        window: samples of the Hann window in its middle.
        hop: samples from frame to frame.
        fmin: Hz of the lowest band's lower edge.
        fmax: Hz of the highest band's upper edge.
        scale: mel scale, `"slaney"` or `"htk"`.
        norm: whether each band has the area of 1 (Slaney's), else the height.
        power: 1 = amplitudes, 2 = powers are summed up in bands.
        log: `"ln"`, `"log10"`, `"db"` (of amplitudes: 20 log10; of powers: 10 log10) or `"none"`.
        floor: what is fainter counts as much as this, before the logarithm.
        pad: `"same"`: the wave is mirrored by `(n_fft - hop) / 2`, and there is a frame for every hop; `"centre"`: by
            `n_fft / 2`, and frame k is centred on sample `k hop`.
        top: where nets see spectra in D's space, the amplitude that is 1 there; elsewhere without effect.

    Source: `"same"`, amplitudes, natural logarithms and the floor 1e-5 are those of HiFi-GAN's code (Kong et al. 2020);
        `"centre"` is librosa's and torchaudio's.
    """

    sample_rate_hz: Annotated[int, Field(ge=1, le=768_000)]
    n_mels: Annotated[int, Field(ge=1, le=2**12)]
    n_fft: Annotated[int, Field(ge=4, le=2**16)]
    window: Annotated[int, Field(ge=4, le=2**16)]
    hop: Annotated[int, Field(ge=1, le=2**16)]
    fmin: Annotated[float, Field(ge=0)]
    fmax: Annotated[float, Field(gt=0)]
    scale: Scale
    norm: bool
    power: Annotated[float, Field(ge=1, le=2, multiple_of=1)]
    log: Log
    floor: Annotated[float, Field(gt=0, le=1)]
    pad: Pad
    top: Annotated[float, Field(gt=0, le=1e9)] = 1.0

    def frames(self, samples: int) -> int:
        """Of a wave."""
        return samples // self.hop + int(self.pad == "centre")

    def samples(self, frames: int) -> int:
        """Of a wave with whole hops that has so many frames."""
        return (frames - int(self.pad == "centre")) * self.hop

    @property
    def mirrored(self) -> int:
        """Samples that are mirrored at each end of a wave."""
        return self.n_fft // 2 if self.pad == "centre" else (self.n_fft - self.hop) // 2

    @property
    def first(self) -> int:
        """Sample on which the first frame is centred."""
        return self.n_fft // 2 - self.mirrored

    def plain(self) -> dict[str, Any]:
        """As JSON values, for a spec's `meta`."""
        return asdict(self)


def mel_of(spec: Spec) -> MelDefinition | None:
    """The definition by which inputs like `spec` were made; None where they are no mel spectra."""
    found = spec.meta.get(KEY)
    return MelDefinition(**found) if isinstance(found, Mapping) else None


def defined(rate: int, samples: int, given: Mapping[str, Any]) -> MelDefinition:
    """A definition, of which numbers that are 0 follow the rate: windows of about 40 ms, hops of a quarter.

    Args:
        rate: of the waves.
        samples: of each.
        given: the other attributes.

    Raises:
        RecipeError: numbers that do not go together, or waves that are no whole hops.
    """
    n_fft = given["n_fft"] or 2 ** round(math.log2(WINDOW_SECONDS * rate))
    hop, window = given["hop"] or n_fft // 4, given["window"] or n_fft
    bands = given["n_mels"] or next((count for below, count in BANDS if rate < below), MOST_BANDS)
    fmax = given["fmax"] or rate / 2
    chosen = {"n_fft": n_fft, "hop": hop, "window": window, "n_mels": bands, "fmax": float(fmax)}
    mel = MelDefinition(sample_rate_hz=rate, **{**given, **chosen})
    _check(mel, samples)
    return mel


def _check(mel: MelDefinition, samples: int) -> None:
    wrong = {
        "hop": (mel.hop % 2 != mel.n_fft % 2 or 2 * mel.hop > mel.window, "even, and half of the window at most"),
        "window": (mel.window > mel.n_fft, f"n_fft = {mel.n_fft} at most"),
        "n_mels": (mel.n_mels > mel.n_fft // 2, f"{mel.n_fft // 2} at most, half of n_fft"),
        "fmax": (mel.fmax > mel.sample_rate_hz / 2, f"half of the rate at most, {mel.sample_rate_hz / 2:g}"),
        "fmin": (mel.fmin >= mel.fmax, f"below fmax = {mel.fmax:g}"),
    }
    for key, (is_wrong, expected) in wrong.items():
        if is_wrong:
            raise RecipeError(f"mel with {key} = {getattr(mel, key):g}", expected, f"correct {key}", key=[key])
    if samples % mel.hop or samples < 2 * mel.n_fft:
        nearest = max(-(-2 * mel.n_fft // mel.hop), round(samples / mel.hop)) * mel.hop
        given, wanted = f"sounds of {samples:,} samples", f"whole hops of {mel.hop}, {2 * mel.n_fft:,} samples or more"
        raise RecipeError(given, wanted, f"type --set data.samples={nearest}", key=["hop"])
