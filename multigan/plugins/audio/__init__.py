"""Sounds: folders of files at any rate and length, and drums and notes synthesised here.

Real space: float32 `(batch, channels, samples)` in [-1, 1] at `spec.meta["sample_rate_hz"]`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from torch import Tensor, nn

from multigan.core.types import Augmentation, Data, Objective, Spec
from multigan.plugins.adapter import Adapter, Trial
from multigan.plugins.audio import (
    augment,
    bank,
    clarity,
    data,
    endless,
    evaluation,
    features,
    film,
    flat_tops,
    fourier,
    hifigan,
    inspect,
    items,
    judged,
    jury,
    lasting,
    mask_gru,
    mel,
    mel_critic,
    mel_samples,
    meta,
    options,
    periods,
    pouring,
    refiner,
    render,
    resolutions,
    resound,
    rhythm,
    scales,
    spectrogram,
    timbre,
    vocoder,
    vocoding,
    wavegan,
    widener,
    witnessed,
)
from multigan.plugins.audio.finish import Finish, done_to, finish

__all__ = ["AudioModality", "modality"]


class AudioModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "audio"
    summary = "sounds: WAV, FLAC, OGG, MP3 at any rate, length and number of channels"
    input_pipeline_tag = "audio-to-audio"
    pipeline_tag = "text-to-audio"  # the hub's nearest: it has no task for sound without a prompt
    suffixes = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".opus", ".m4a")
    embedded = ("drums", "high-voices", "loops", "low-voices", "notes", "voices")
    embedded_inputs: Mapping[str, str] = {"high-voices": "low-voices"}
    recipe_for_sets = "audio/timbre"
    generators: Mapping[str, Callable[..., nn.Module]] = {
        "wavegan": wavegan.build_generator,
        "spectrogram": spectrogram.build_generator,
        "fourier": fourier.build_generator,
        "endless": endless.build_endless,
    }
    translators: Mapping[str, Callable[..., nn.Module]] = {
        "mask-gru": mask_gru.build_mask_gru,
        "vocoder": vocoder.build_vocoder,
        "hifigan": hifigan.build_hifigan,
        "refiner": refiner.build_refiner,
        "widener": widener.build_widener,
        "timbre": timbre.build_timbre,
    }
    discriminators: Mapping[str, Callable[..., nn.Module]] = {
        "wavegan": wavegan.build_discriminator,
        "spectrogram": spectrogram.build_discriminator,
        "multi-period": periods.build_periods,
        "multi-scale": scales.build_scales,
        "stft": resolutions.build_spectra,
        "jury": jury.build_jury,
        "mel-patch": mel_critic.build_mel_critic,
    }
    output_name = "waves"
    output_meaning = "waves (channels, samples) in [-1, 1] at meta.sample_rate_hz"
    objectives: Mapping[str, Objective] = {}
    augmentations: Mapping[str, Augmentation] = augment.AUGMENTATIONS
    augmentation_policy = augment.POLICY
    inversion: Mapping[str, float] = {"multi-scale": 1.0, "mel": 0.3}
    recipe_for_files = "audio/folder"
    real_range = (-1.0, 1.0)
    trial = Trial("drums", {"samples": 1024}, ("G.width=2", "D.width=2"))
    untouched: Mapping[str, Any] = {"raw": True}
    check_spec = staticmethod(meta.check_spec)
    inspect = staticmethod(inspect.inspect)
    film = staticmethod(film.film)
    fit = staticmethod(items.fit)
    gauge = staticmethod(flat_tops.make_gauge)
    finished = staticmethod(bank.finish_lines)
    opens = staticmethod(resound.opens)
    pour = staticmethod(resound.pour)
    save_lasting = staticmethod(lasting.save_lasting)
    pour_suffix = staticmethod(pouring.pour_suffix)
    stream = staticmethod(pouring.stream)
    against_targets = staticmethod(clarity.pair_scores)
    rival = staticmethod(clarity.rival)
    contenders = staticmethod(clarity.contenders)
    cells = staticmethod(clarity.cells)
    read = staticmethod(items.read)
    read_hole = staticmethod(items.read_hole)

    def load(  # noqa: PLR0913  (each is an option of the recipe)
        self,
        source: str,
        *,
        samples: options.Samples = 16_384,
        sample_rate_hz: options.Rate = 0,
        channels: options.Channels = 1,
        kind: options.Kind = "auto",
        normalise: Literal["peak", "none"] = "peak",
        label_pattern: str = "",
        begin: options.Begin = "file",
        form: mel_samples.Form = "waves",
        ends: options.Ends = "silence",
    ) -> Data:
        """Read sounds.

        Args:
            source: `drums`, `loops`, `notes`, `voices`, a folder (class sub-folders become labels) or one file.
            samples: length of a slice; 0 = most one-shots fit, silence trimmed, up to 16,384.
            sample_rate_hz: 0 = as most files have (drums: 16,000, notes: 8,000); "auto" = what their tones need, up
                to 16,000.
            channels: files with others are mixed down to their mean, or copied up.
            kind: `oneshot` starts one slice where `begin` says, `long` anywhere in the file; "auto" looks at the
                lengths, and, where slices begin at onsets, at these too.
            normalise: bring every file's peak to .95, or leave levels alone.
            label_pattern: regular expression on file names whose group `label` is the class.
            begin: slices of one-shots start at the beginning of the `file`, or at its first `onset`.
            ends: what follows a file that is shorter than a slice: `silence`, or the sound `again` and again.
            form: what nets see of sounds: `waves`, or how loud `mel` bands are; phases are found when they are heard.
        """
        chosen = options.Options(samples, sample_rate_hz, channels, kind, normalise, label_pattern, begin, ends)
        found = data.load(source, chosen)
        return mel_samples.as_mel(found) if form == "mel" else found

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """int16 `(batch, channels, samples)` -> float32 in [-1, 1], waves or mel spectra as the spec says."""
        mel = mel_samples.scaled_mel_of(spec)
        return raw.float() / 32767 if mel is None else mel_samples.from_sound(raw.float() / 32767, mel)

    def to_output(self, fake: Tensor, spec: Spec) -> Tensor:
        """Waves, clipped to [-1, 1]."""
        return fake.clamp(-1, 1)

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """Pairs (float32 array `(samples,)` or `(samples, channels)`, sample_rate_hz); mel spectra by Griffin-Lim."""
        fake = mel_samples.waves(fake, spec, mel_samples.LISTENED)
        fake = fake if (sound := vocoding.as_sound(fake, spec)) is None else sound
        return render.to_arrays(fake, int(spec.meta["sample_rate_hz"]))

    def save(  # noqa: PLR0913  (each is an option of the command line)
        self,
        samples: Sequence[Any],
        folder: Path,
        names: Sequence[str],
        label: Mapping[str, str],
        *,
        bits: Literal[16, 24, "float"] = 16,
        rate: Annotated[int, Field(ge=1000, le=768_000)] | None = None,
        dc: bool = True,
        trim_db: Annotated[float, Field(le=0)] = -60.0,
        fade_in_ms: Annotated[float, Field(ge=0)] = 0.2,
        fade_out_ms: Annotated[float, Field(ge=0)] = 2.0,
        peak_db: Annotated[float, Field(le=0)] = -1.0,
        raw: bool = False,
        sfz: bool = False,
        contact_sheet: bool = False,
        visible_label: bool = False,
    ) -> list[Path]:
        """One WAV each, finished for samplers, and `index.json`.

        Args:
            samples: as `render` gives them.
            folder: where to.
            names: of the files, without suffix.
            label: provenance.
            bits: 16, 24 or float.
            rate: resample to this rate (soxr), in Hz; none = as the generator makes it.
            dc: remove what is below 10 Hz.
            trim_db: cut the tail after the last sample above this level, relative to the peak; 0 = keep it.
            fade_in_ms: linear fade at the start, in milliseconds.
            fade_out_ms: at the end.
            peak_db: level of the loudest sample, in dBFS; sounds below -60 dBFS are left alone.
            raw: only `bits` and `rate`; nothing else is touched.
            sfz: also write a map with one sound a key.
            contact_sheet: also write a picture of all waves and spectra.
            visible_label: four beeps before each sound, "AI" in Morse code.
        """
        how = Finish(dc, rate or 0, trim_db, fade_in_ms, fade_out_ms, peak_db)
        if raw:
            how = Finish(False, rate or 0, 0.0, 0.0, 0.0, None)
        subtype = lasting.SUBTYPES[bits]
        sounds = [finish(wave, own, how) for wave, own in samples]
        done = [done_to(before, after, how) for before, after in zip(samples, sounds, strict=True)]
        if visible_label:
            sounds = [(rhythm.with_rhythm(wave, own), own) for wave, own in sounds]
        paths = render.save(sounds, folder, names, label, subtype)
        bank.write_index(sounds, paths, subtype, label, done)
        if sfz:
            bank.write_sfz(paths, label)
        if contact_sheet:
            render.picture(sounds, folder / "contact-sheet.png", label, names)
        return paths

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """A contact sheet PNG of waveforms and log-mel spectra, and one WAV of all sounds in a row."""
        return render.sheet(samples, path, label)

    def picture(self, real: Tensor, spec: Spec) -> Tensor:
        """What a classifier looks at: the log-mel spectrum `(batch, 1, 64, frames)`, -80 dB = -1 and 0 dB = 1."""
        real = mel_samples.waves(real, spec)
        return features.log_mel(real, int(spec.meta["sample_rate_hz"]))[:, None] / 40 + 1

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Log-mel statistics `(batch, 256)`."""
        real = mel_samples.waves(real, spec)
        return features.mel_statistics(real, int(spec.meta["sample_rate_hz"]))

    def shown_to_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
        """Log-mel spectra of waves in 16 bits; what is too faint to be heard is all one."""
        rate = int(spec.meta["sample_rate_hz"])
        return lambda x: judged.as_heard(mel_samples.waves(x, spec), rate)

    def numbers_for_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
        """What bands are like over time; `known` is not read."""
        rate = int(spec.meta["sample_rate_hz"])
        return lambda x: witnessed.as_told(mel_samples.waves(x, spec), rate)

    def closeness(self, real: Tensor, fake: Tensor, spec: Spec) -> tuple[str, Tensor]:
        """Log-mel distance in dB, `(batch,)`: two batches in D's space."""
        real, fake = (mel_samples.waves(x, spec) for x in (real, fake))
        return "log_mel_distance_db", mel.log_mel_distance(real, fake, int(spec.meta["sample_rate_hz"]))

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> list[Mapping[str, Any]]:
        """Silence, clipping, DC, level, tones, pitch and onsets of sounds; rows as in `multigan.evaluation.score`."""
        return evaluation.own_rows(samples, real)


modality = AudioModality()
