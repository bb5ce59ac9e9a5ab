"""Sounds from anywhere to slices of one length, with a report of what was done to them."""

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from multigan.draw import Draw
from multigan.errors import DataError, did_you_mean
from multigan.folders import beside, sort_out
from multigan.plugins.audio.drums import KINDS, synthesise_drums
from multigan.plugins.audio.scan import SUFFIXES, Heard, hear, is_silent
from multigan.types import Data, Spec

__all__ = ["Options", "Sounds", "is_long", "labels_of", "load"]

DECODERS = 2
DRUMS_EACH = 250


class Options(NamedTuple):
    """See `AudioModality.load`."""

    samples: int = 16_384
    sample_rate_hz: int = 0
    channels: int = 1
    kind: str = "auto"
    normalise: str = "peak"
    label_pattern: str = ""


class Sounds:
    """Whole files in memory, sliced when they are taken.

    An item is a place in a file: short files are one item, long ones have one item for each slice that fits, and the
    slice starts anywhere in the file with equal chance, so that every second of it is heard equally often.

    Args:
        waves: int16 `(channels, any length)` each.
        samples: length of a slice.
        anywhere: whether slices start anywhere (`long`) or at the beginning (`oneshot`).
    """

    resident = True

    def __init__(self, waves: Sequence[NDArray[np.int16]], samples: int, *, anywhere: bool) -> None:
        self.waves, self.samples, self.anywhere = list(waves), samples, anywhere
        slices = [max(1, wave.shape[1] // samples) if anywhere else 1 for wave in self.waves]
        self.owner = np.repeat(np.arange(len(self.waves)), slices)
        self.groups = torch.from_numpy(self.owner)

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """int16 `(batch, channels, samples)`; the ends of short files are silence."""
        starts = draw.uniform("start", (len(indices),)).double().numpy()
        out = np.zeros((len(indices), self.waves[0].shape[0], self.samples), np.int16)
        for row, (index, share) in enumerate(zip(indices.tolist(), starts, strict=True)):
            wave = self.waves[self.owner[index]]
            room = wave.shape[1] - self.samples
            first = int(share * (room + 1)) if self.anywhere and room > 0 else 0
            piece = wave[:, first : first + self.samples]
            out[row, :, : piece.shape[1]] = piece
        return torch.from_numpy(out)


def load(source: str, options: Options) -> Data:
    """Read sounds; see `AudioModality.load`."""
    if options.samples < 64:
        raise DataError(f"data.samples = {options.samples}", "at least 64", "type --set data.samples=16384")
    if source == "drums":
        return _drums(options)
    path = Path(source).expanduser()
    if not path.exists():
        hint = did_you_mean(path.name, [*beside(path), "drums"])
        raise DataError(f"there is no '{source}'", "a folder, a file or drums", hint)
    return _folder(path, options)


def _drums(options: Options) -> Data:
    rate = options.sample_rate_hz or 16_000
    waves, labels = synthesise_drums(DRUMS_EACH, options.samples, rate)
    source = Sounds([np.repeat(wave[None], options.channels, 0) for wave in waves], options.samples, anywhere=False)
    spec = Spec("audio", (options.channels, options.samples), tuple(KINDS), {"sample_rate_hz": rate})
    report = f"drums: {len(waves):,} synthesised hits of {options.samples / rate:.2f} s at {rate:,} Hz"
    return Data(source, spec, torch.from_numpy(labels), (report,))


def _folder(path: Path, options: Options) -> Data:
    sounds, rest = sort_out(path, SUFFIXES)
    others = Counter(file.suffix.lower() or "no ending" for file in rest)
    with ThreadPoolExecutor(DECODERS) as pool:
        heard = list(pool.map(hear, sounds))
    good = [file for file in heard if not file.fault]
    if not good:
        faults = "; ".join(f"{h.path.name}: {h.fault}" for h in heard[:3]) or f"{len(rest)} files, no sound"
        raise DataError(f"no readable sound in {path} ({faults})", "WAV, FLAC, OGG or MP3 files", "check the folder")
    rate = options.sample_rate_hz or Counter(file.rate for file in good).most_common(1)[0][0]
    lengths = [round(len(file.wave) * rate / file.rate) for file in good]
    anywhere = is_long(lengths, options)
    with ThreadPoolExecutor(DECODERS) as pool:
        waves = list(pool.map(lambda file: file.brought_to(rate, options.channels, options.normalise), good))
    source = Sounds(waves, options.samples, anywhere=anywhere)
    labels, classes = labels_of(path, good, options.label_pattern)
    spec = Spec("audio", (options.channels, options.samples), classes, {"sample_rate_hz": rate})
    report = _report(path, heard, others, source, spec)
    return Data(source, spec, None if labels is None else labels[torch.from_numpy(source.owner)], report)


def is_long(lengths: Sequence[int], options: Options) -> bool:
    """Whether slices start anywhere in files of these lengths (in samples at the common rate)."""
    return options.kind == "long" or (options.kind == "auto" and bool(np.median(lengths) > 2 * options.samples))


def labels_of(path: Path, good: Sequence[Heard], pattern: str) -> tuple[Tensor | None, tuple[str, ...]]:
    """Classes from a pattern on file names, or from the first level of sub-folders where every file is in one."""
    if pattern:
        names = [_matched(file.path.name, pattern) for file in good]
    else:
        parts = [file.path.relative_to(path).parts if path.is_dir() else ("",) for file in good]
        if any(len(part) < 2 for part in parts) or len({part[0] for part in parts}) < 2:
            return None, ()
        names = [part[0] for part in parts]
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
        ) from error
    if label is None:
        raise DataError(f"data.label_pattern = '{pattern}' does not match {name}", "a label in every name", "widen it")
    return label


def _report(path: Path, heard: Sequence[Heard], others: Counter[str], source: Sounds, spec: Spec) -> tuple[str, ...]:
    good, bad = [file for file in heard if not file.fault], [file for file in heard if file.fault]
    rate, (channels, samples) = int(spec.meta["sample_rate_hz"]), spec.shape
    counts = {
        f"resampled to {rate:,} Hz": sum(file.rate != rate for file in good),
        f"brought to {channels} channel{'s' if channels > 1 else ''}": sum(f.wave.shape[1] != channels for f in good),
        "shorter than a slice, padded at the end": sum(wave.shape[1] < samples for wave in source.waves),
        "longer than a slice, " + ("sliced anywhere" if source.anywhere else "cut after it"): sum(
            wave.shape[1] > samples for wave in source.waves
        ),
        "silent": len(is_silent(good)),
    }
    seconds = sum(len(file.wave) / file.rate for file in good)
    lines = [f"{path}: {len(good):,} sounds, {seconds:,.0f} s, as slices of {samples / rate:.2f} s at {rate:,} Hz"]
    lines += [f"{count:,} {what}" for what, count in counts.items() if count]
    lines += [f"{len(bad):,} unreadable: " + ", ".join(f"{h.path.name} ({h.fault})" for h in bad[:5])] if bad else []
    lines += [f"{sum(others.values()):,} other files left out: {', '.join(sorted(others))}"] if others else []
    if seconds < 30:
        lines.append(f"only {seconds:.0f} s of sound: the generator will mostly learn it by heart")
    return tuple(lines)
