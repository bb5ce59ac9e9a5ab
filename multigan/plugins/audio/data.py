"""Sounds from anywhere to slices of one length, with a report of what was done to them."""

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, did_you_mean
from multigan.core.shell import typed
from multigan.core.types import Data, Spec
from multigan.files.findings import listed, shown
from multigan.files.listing import absent, beside, class_folders, sort_out
from multigan.files.walk import class_name, normal, report_left_out, walk
from multigan.plugins.audio.convert import How, Levels, bring
from multigan.plugins.audio.drums import KINDS, synthesise_drums
from multigan.plugins.audio.durations import lasting
from multigan.plugins.audio.loops import synthesise_loops
from multigan.plugins.audio.notes import PITCHES, synthesise_notes
from multigan.plugins.audio.options import LEAST_SAMPLES, MOST_CHANNELS, RATES, SLICES, Options
from multigan.plugins.audio.picking import pick
from multigan.plugins.audio.scan import HIGHEST_HZ, LOWEST_HZ, RELATIVES, SUFFIXES, Heard
from multigan.plugins.audio.slicing import plan_slices
from multigan.plugins.audio.traits import Ear, Traits
from multigan.plugins.audio.voices import synthesise_high_voices, synthesise_low_voices, synthesise_voices
from multigan.provenance.synthetic import other_lines, own_lines

__all__ = ["Options", "Sounds", "all_silent", "crowded", "how", "is_long", "labels_of", "load", "start_of"]

FADE_SECONDS = 0.02
"""Over which a hit that outlasts its slice fades out: one that is cut ends with a click, which G would learn."""
MEMORY_SHARE = 0.5
"""Of this machine's memory: more must not be taken by the sounds of one set."""


class Sounds:
    """Whole files in memory, sliced when they are taken.

    An item is a place in a file: short files are one item, long ones have one item for each slice that fits, and the
    slice starts anywhere in the file with equal chance, so that every second of it is heard equally often.

    Args:
        waves: int16 `(channels, any length)` each.
        samples: length of a slice.
        anywhere: whether slices start anywhere (`long`) or at a file's own place (`oneshot`).
        starts: that place in each file, in samples; none = the beginning.
        again: whether short files are repeated in place of silence.
        fade: samples over which a file that is longer than its slice fades out, `oneshot`; 0 = it is cut.
    """

    resident = True

    def __init__(
        self,
        waves: Sequence[NDArray[np.int16]],
        samples: int,
        *,
        anywhere: bool,
        starts: Sequence[int] = (),
        again: bool = False,
        fade: int = 0,
    ) -> None:
        self.waves, self.samples, self.anywhere, self.again = list(waves), samples, anywhere, again
        self.falling = np.cos(np.linspace(0, np.pi / 2, min(fade, samples))) ** 2
        self.starts = list(starts) or [0] * len(self.waves)
        slices = [max(1, wave.shape[1] // samples) if anywhere else 1 for wave in self.waves]
        self.owner = np.repeat(np.arange(len(self.waves)), slices)
        self.groups = torch.from_numpy(self.owner)

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """int16 `(batch, channels, samples)`; the ends of short files are silence, or the file again."""
        starts = draw.uniform("start", (len(indices),)).double().numpy()
        out = np.zeros((len(indices), self.waves[0].shape[0], self.samples), np.int16)
        for row, (index, share) in enumerate(zip(indices.tolist(), starts, strict=True)):
            wave = self.waves[self.owner[index]]
            room = wave.shape[1] - self.samples
            first = self.starts[self.owner[index]]
            if self.anywhere:
                first = int(share * (room + 1)) if room > 0 else 0
            piece = wave[:, first : first + self.samples]
            if self.again and piece.shape[1]:
                piece = np.tile(piece, -(-self.samples // piece.shape[1]))[:, : self.samples]
            out[row, :, : piece.shape[1]] = piece
            if len(self.falling) and wave.shape[1] > first + self.samples:
                out[row, :, -len(self.falling) :] = out[row, :, -len(self.falling) :] * self.falling
        return torch.from_numpy(out)


def load(source: str, options: Options) -> Data:
    """Read sounds; see `AudioModality.load`."""
    _check(options)
    if source in RECORDED:
        return _recorded(source, options)
    if source in MADE:
        return _made(source, options)
    path = Path(source).expanduser()
    if not path.exists():
        hint = did_you_mean(path.name, [*beside(path), *MADE, *RECORDED])
        raise DataError(absent(path), f"a folder, a file, {', '.join([*MADE, *RECORDED])}", hint)
    return _folder(path, options)


def how(options: Options, rate: int) -> How:
    """What sounds are brought to, at a rate in Hz."""
    return How(rate, options.channels, options.normalise, options.samples)


def crowded(path: Path, values: int, rate: int) -> DataError | None:
    """What is wrong where int16 values are too many for this machine's memory, or None.

    Args:
        path: where they come from.
        values: samples times channels of the whole set.
        rate: in Hz.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if 2 * values <= memory * MEMORY_SHARE:
        return None
    return DataError(
        f"{shown(path)} holds at least {2 * values / 2**30:,.1f} GiB of sound at {rate:,} Hz",
        f"at most half of this machine's memory of {memory / 2**30:,.1f} GiB",
        f"train at a lower rate, --set data.sample_rate_hz={max(LOWEST_HZ, rate // 4)}, or on fewer files",
    )


def all_silent(path: Path, levels: Sequence[Levels]) -> DataError | None:
    """What is wrong where nothing is learnt, however long it takes, as all sounds are silent throughout, or None.

    Args:
        path: where they come from.
        levels: of every sound that can be read.
    """
    why = [one.silence(anywhere=True) for one in levels]
    if not all(why):
        return None
    return DataError(
        f"all of {counted(len(levels), 'sound')} in {shown(path)} are silent ({', '.join(dict.fromkeys(why))})",
        "sounds that can be heard",
        f"check the folder: multigan doctor {typed(path)}",
    )


def _check(options: Options) -> None:
    if options.samples and options.samples < LEAST_SAMPLES:
        given, fix = f"data.samples = {options.samples}", "type --set data.samples=16384"
        raise DataError(given, SLICES, fix, key=["samples"])
    if options.rate and not LOWEST_HZ <= options.rate <= HIGHEST_HZ:
        given, fix = f"data.sample_rate_hz = {options.rate}", "type --set data.sample_rate_hz=16000"
        raise DataError(given, RATES, fix, key=["sample_rate_hz"])
    if not 1 <= options.channels <= MOST_CHANNELS:
        expected, fix = f"1 to {MOST_CHANNELS}", "type --set data.channels=1"
        raise DataError(f"data.channels = {options.channels}", expected, fix, key=["channels"])


class _Made(NamedTuple):
    """Sounds that are synthesised: how, of which classes, how many of each, at which rate and length."""

    make: Callable[[int, int, int], tuple[NDArray[np.int16], NDArray[np.int64]]]
    classes: tuple[str, ...]
    each: int
    rate: int
    samples: int
    word: str


once = lru_cache(maxsize=2)
"""Made once a process: training, resuming and evaluating read the same set. What it gives must not be changed."""

MADE: dict[str, _Made] = {
    "drums": _Made(once(synthesise_drums), tuple(KINDS), 250, 16_000, 8_192, "hit"),
    "notes": _Made(once(synthesise_notes), PITCHES, 24, 8_000, 8_192, "note"),
}


def _made(name: str, options: Options) -> Data:
    made = MADE[name]
    rate, samples = options.rate or made.rate, options.samples or made.samples
    waves, labels = made.make(made.each, samples, rate)
    source = Sounds([np.repeat(wave[None], options.channels, 0) for wave in waves], samples, anywhere=False)
    spec = Spec("audio", (options.channels, samples), made.classes, {"sample_rate_hz": rate})
    report = f"{name}: {counted(len(waves), f'synthesised {made.word}')} of {lasting(samples / rate)} at {rate:,} Hz"
    return Data(source, spec, torch.from_numpy(labels.copy()), (report,))


class _Recorded(NamedTuple):
    """Long sounds that are synthesised: how, how many, how long, at which rate."""

    make: Callable[[int, int, int], Sequence[NDArray[np.int16]] | NDArray[np.int16]]
    number: int
    seconds: int
    rate: int
    samples: int
    word: str


RECORDED: dict[str, _Recorded] = {
    "voices": _Recorded(once(synthesise_voices), 200, 3, 8_000, 8_000, "speaker"),
    "low-voices": _Recorded(once(synthesise_low_voices), 100, 3, 8_000, 8_192, "utterance"),
    "high-voices": _Recorded(once(synthesise_high_voices), 100, 3, 8_000, 8_192, "utterance"),
    "loops": _Recorded(once(synthesise_loops), 60, 12, 8_000, 16_384, "loop"),
}


def _recorded(name: str, options: Options) -> Data:
    made = RECORDED[name]
    rate, samples = options.rate or made.rate, options.samples or made.samples
    waves = made.make(made.number, made.seconds * rate, rate)
    whole = [np.repeat(wave[None], options.channels, 0) for wave in waves]
    source = Sounds(whole, samples, anywhere=is_long([wave.shape[1] for wave in whole], options))
    spec = Spec("audio", (options.channels, samples), (), {"sample_rate_hz": rate})
    report = f"{name}: {counted(len(waves), f'synthesised {made.word}')} of {made.seconds} s each at {rate:,} Hz"
    return Data(source, spec, None, (report,))


class _Sound(NamedTuple):
    heard: Heard
    wave: NDArray[np.int16]
    levels: Levels
    start: int = 0
    end: int = 0
    """Sample after which it is silence, 40 dB below its loudest."""

    @property
    def rate(self) -> int:
        return self.heard.rate

    @property
    def fault(self) -> str:
        return self.heard.fault


def _folder(path: Path, options: Options) -> Data:
    found = walk(path)
    files, rest = sort_out(found, SUFFIXES)
    plan = plan_slices(files, options)
    settled, (options, said) = plan.settled(options), plan
    picked = pick(files, options.rate, lambda rate: _reading(path, options, rate))
    rate, good = picked.rate, [sound for sound in picked.seen if not sound.fault]
    bad = [f"{shown(sound.heard.path, path)} ({shown(sound.fault)})" for sound in picked.seen if sound.fault]
    if not good:
        faults = ", ".join(listed(bad, len(bad))) or f"{counted(len(rest), 'file')}, no sound"
        raise DataError(
            f"no readable sound in {shown(path)} ({faults})", "WAV, FLAC, OGG or MP3 files", "check the folder"
        )
    heard = [sound.heard for sound in good]
    if (error := all_silent(path, [sound.levels for sound in good])) is not None:
        raise error
    anywhere = is_long([round(one.samples * rate / one.rate) for one in heard], options)
    begun, again = [sound.start for sound in good], options.ends == "again"
    fade = 0 if anywhere or again or options.begin == "file" else round(FADE_SECONDS * rate)
    waves = [sound.wave for sound in good]
    source = Sounds(waves, options.samples, anywhere=anywhere, starts=begun, again=again, fade=fade)
    labels, classes = labels_of(path, [one.path for one in heard], options.label_pattern)
    spec = Spec("audio", (options.channels, options.samples), classes, {"sample_rate_hz": rate})
    first, *rest_of = _counts(path, good, source, spec)
    spared = anywhere or options.begin == "onset"
    report = [first, *([said] if said else []), *rest_of, *_named(path, good, anywhere=spared)]
    report += [f"{len(bad):,} unreadable: {', '.join(listed(bad, len(bad)))}"] if bad else []
    report += other_lines(path, rest, SUFFIXES, RELATIVES, "sounds")
    report += own_lines([shown(file, path) for file in picked.own], kept=picked.only_own)
    if not options.label_pattern:
        slips = class_folders(path, [one.path for one in heard], "sounds", picked.left)
        report += [f"{slip.what} ({', '.join(slip.evidence)})" for slip in slips]
    report += report_left_out(found)
    if (seconds := sum(one.seconds for one in heard)) < 30:
        report.append(f"only {seconds:.0f} s of sound: the generator will mostly learn it by heart")
    labels = None if labels is None else labels[torch.from_numpy(source.owner)]
    read = tuple(one.path for one in heard)
    return Data(source, spec, labels, tuple(report), read, path, settled=settled)


def _reading(path: Path, options: Options, rate: int) -> Callable[[Path], _Sound]:
    """What reads one file of a set at a rate, and stops where the set outgrows the memory."""
    taken = [0]

    def reserve(count: int) -> None:
        taken[0] += count
        if (error := crowded(path, taken[0] // 2, rate)) is not None:
            raise error

    def read(file: Path) -> _Sound:
        ear = Ear()
        heard, wave, levels = bring(file, how(options, rate), reserve=reserve, also=ear)
        if heard.fault or (traits := ear.traits) is None:
            return _Sound(heard, wave, levels)
        return _Sound(heard, wave, levels, start_of(traits, options, rate), round(traits.end * rate))

    return read


def start_of(traits: Traits | None, options: Options, rate: int) -> int:
    """Sample at a rate in Hz at which the slice of a one-shot begins."""
    return 0 if traits is None or options.begin == "file" else round(traits.start * rate)


def is_long(lengths: Sequence[int], options: Options) -> bool:
    """Whether slices start anywhere in files of these lengths (in samples at the common rate)."""
    return options.kind == "long" or (options.kind == "auto" and bool(np.median(lengths) > 2 * options.samples))


def labels_of(path: Path, files: Sequence[Path], pattern: str) -> tuple[Tensor | None, tuple[str, ...]]:
    """Classes from a pattern on file names, or from the first level of sub-folders where every file is in one.

    Names count in Unicode's normal form NFC: those that look the same are one class, whichever system wrote them.
    """
    if pattern:
        names = [_matched(normal(file.name), normal(pattern)) for file in files]
    else:
        parts = [file.relative_to(path).parts if path.is_dir() else ("",) for file in files]
        if any(len(part) < 2 for part in parts):
            return None, ()
        names = [class_name(part[0]) for part in parts]
        if len(set(names)) < 2:
            return None, ()
    classes = tuple(sorted(set(names)))
    return torch.tensor([classes.index(name) for name in names]), classes


def _matched(name: str, pattern: str) -> str:
    try:
        found = re.search(pattern, name)
        label = found.group("label") if found else None
    except (re.error, IndexError) as error:
        raise DataError(
            f"data.label_pattern = '{pattern}' is no pattern with a group 'label' ({error})",
            "for example (?P<label>[0-9])_",
            "correct data.label_pattern",
            key=["label_pattern"],
        ) from error
    if label is None:
        given = f"data.label_pattern = '{pattern}' does not match {name}"
        raise DataError(given, "a label in every name", "widen it", key=["label_pattern"])
    return label


def _counts(path: Path, good: Sequence[_Sound], source: Sounds, spec: Spec) -> list[str]:
    """What there is, and what was done to it."""
    heard = [sound.heard for sound in good]
    rate, (channels, samples) = int(spec.meta["sample_rate_hz"]), spec.shape
    lengths = [
        wave.shape[1] - (0 if source.anywhere else start)
        for wave, start in zip(source.waves, source.starts, strict=True)
    ]
    counts = {
        f"resampled to {rate:,} Hz": sum(one.rate != rate for one in heard),
        f"brought to {counted(channels, 'channel')}": sum(one.channels != channels for one in heard),
        "shorter than a slice, " + ("repeated" if source.again else "padded at the end"): sum(
            length < samples for length in lengths
        ),
        "longer than a slice, " + ("sliced anywhere" if source.anywhere else _cut(good, samples)): sum(
            length > samples for length in lengths
        ),
    }
    seconds = sum(one.seconds for one in heard)
    first = f"{shown(path)}: {counted(len(heard), 'sound')}, {seconds:,.0f} s, "
    first += f"as slices of {lasting(samples / rate)} at {rate:,} Hz"
    return [first, *(f"{count:,} {what}" for what, count in counts.items() if count)]


def _cut(good: Sequence[_Sound], samples: int) -> str:
    """What becomes of those that are longer than a slice: most of what is cut off is silence, as a rule."""
    longer = [sound for sound in good if sound.wave.shape[1] - sound.start > samples]
    sounding = sum(sound.end - sound.start > samples for sound in longer)
    silent = len(longer) - sounding
    return f"cut after it: {sounding:,} while they sound, {silent:,} in silence (40 dB below their loudest)"


def _named(path: Path, good: Sequence[_Sound], *, anywhere: bool) -> list[str]:
    """Files that are used and yet have something about them, by name."""
    silent, beyond, remarked = [], [], []
    for sound in good:
        name = shown(sound.heard.path, path)
        if why := sound.levels.silence(anywhere=anywhere):
            silent.append(f"{name} ({why})")
        if sound.levels.beyond > 1:
            beyond.append(name)
        if sound.heard.remark:
            remarked.append(f"{name} ({sound.heard.remark})")
    told = {
        "silent": silent,
        "beyond full scale, clipped there (--set data.normalise=peak brings them below it)": beyond,
        "of another length than the file says": remarked,
    }
    return [f"{len(names):,} {what}: {', '.join(listed(names, len(names)))}" for what, names in told.items() if names]
