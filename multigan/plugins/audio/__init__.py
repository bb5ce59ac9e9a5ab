"""Sounds: folders of files at any rate and length, and drums synthesised here.

Real space: float32 `(batch, channels, samples)` in [-1, 1] at `spec.meta["sample_rate_hz"]`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from torch import Tensor, nn

from multigan.modality import Adapter, Trial
from multigan.plugins.audio import augment, data, features, inspect, metrics, render, wavegan
from multigan.types import Augmentation, Data, Objective, Spec

__all__ = ["AudioModality", "modality"]


class AudioModality(Adapter):
    """See `multigan.types.Modality`."""

    name = "audio"
    summary = "sounds: WAV, FLAC, OGG, MP3 at any rate, length and number of channels"
    suffixes = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".opus", ".m4a")
    embedded = ("drums",)
    generators: Mapping[str, Callable[..., nn.Module]] = {"wavegan": wavegan.build_generator}
    discriminators: Mapping[str, Callable[..., nn.Module]] = {"wavegan": wavegan.build_discriminator}
    objectives: Mapping[str, Objective] = {}
    augmentations: Mapping[str, Augmentation] = augment.AUGMENTATIONS
    augmentation_policy = augment.POLICY
    recipe_for_files = "audio/folder"
    real_range = (-1.0, 1.0)
    trial = Trial("drums", {"samples": 1024}, ("G.width=2", "D.width=2"))
    inspect = staticmethod(inspect.inspect)

    def load(
        self,
        source: str,
        *,
        samples: int = 16_384,
        sample_rate_hz: int = 0,
        channels: int = 1,
        kind: Literal["auto", "oneshot", "long"] = "auto",
        normalise: Literal["peak", "none"] = "peak",
        label_pattern: str = "",
    ) -> Data:
        """Read sounds.

        Args:
            source: `drums`, a folder (class sub-folders become labels) or one file.
            samples: length of a slice.
            sample_rate_hz: 0 = the rate that most files have (drums: 16,000).
            channels: files with others are mixed down to their mean, or copied up.
            kind: `oneshot` starts slices at the file's beginning, `long` anywhere in it; "auto" looks at the lengths.
            normalise: bring every file's peak to .95, or leave levels alone.
            label_pattern: regular expression on file names whose group `label` is the class.
        """
        return data.load(source, data.Options(samples, sample_rate_hz, channels, kind, normalise, label_pattern))

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """int16 `(batch, channels, samples)` -> float32 in [-1, 1]."""
        return raw.float() / 32767

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """Pairs (float32 array `(samples,)` or `(samples, channels)`, sample_rate_hz)."""
        return render.to_arrays(fake, int(spec.meta["sample_rate_hz"]))

    def save(self, samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
        """One WAV each, 16 bit."""
        return render.save(samples, folder, names, label)

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """A contact sheet PNG of waveforms and log-mel spectra, and one WAV of all sounds in a row."""
        return render.sheet(samples, path, label)

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Log-mel statistics `(batch, 256)`."""
        return features.mel_statistics(real, int(spec.meta["sample_rate_hz"]))

    def metrics(self, real: Tensor, fake: Tensor, spec: Spec) -> dict[str, float]:
        """Silence, clipping, DC, level, brightness, up-sampling tones and spread."""
        return metrics.scores(real, fake, int(spec.meta["sample_rate_hz"]))


modality = AudioModality()
