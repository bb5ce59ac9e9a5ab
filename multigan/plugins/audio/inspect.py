"""Sounds before training: broken files, silence, clipping, offsets, odd rates and lengths, twins."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from multigan.core.counted import counted
from multigan.core.types import Spec
from multigan.files.findings import Finding, Survey, Tick, finding, shown
from multigan.files.listing import class_folders, imbalance, sort_out
from multigan.files.twins import digest, duplicates, same, similar, spread
from multigan.files.walk import class_name, left_out_findings, walk
from multigan.plugins.audio import data
from multigan.plugins.audio.convert import Conversion, How, Levels
from multigan.plugins.audio.durations import lasting
from multigan.plugins.audio.features import log_mel
from multigan.plugins.audio.picking import Picked, pick
from multigan.plugins.audio.scan import RELATIVES, SUFFIXES, Block, Heard, hear
from multigan.plugins.audio.slicing import plan_slices
from multigan.plugins.audio.traits import Ear, Traits
from multigan.provenance.synthetic import other_findings, own_findings

__all__ = ["Listened", "inspect", "listen"]

PRINT_RATE = 16_000
PRINT_SECONDS = 10
PRINT_SIDE = 16
DEPTH_DB = 45.0
NEAR_DB = 1.0
"""Root mean square difference in dB of log-mel prints below which two sounds of one length are twins."""
CLIPPED_SHARE = 0.01
CLIPPED_RUN = 3
NEAR_PEAK = 1e-4
OFFSET = 0.02
SHORT_SECONDS = 0.01


class Listened(NamedTuple):
    """What one look at a file keeps of it.

    Attributes:
        heard: the file, its rate, channels and length, and what is wrong with it.
        levels: what is left of it in training.
        digest: 16 bytes that stand for its content.
        clipped: share of samples in runs of at least three that stay at the peak, in the worst channel.
        offset: mean of all samples, in the worst channel; full scale is 1.
        print: float32 `(16 · 16 + 1,)`: log-mel in dB, and the length.
        traits: where it begins and ends; None of silence.
    """

    heard: Heard
    levels: Levels = Levels()
    digest: bytes = b""
    clipped: float = 0.0
    offset: float = 0.0
    print: NDArray[np.float32] = np.zeros(0, np.float32)
    traits: Traits | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return self.heard.path

    @property
    def rate(self) -> int:
        """As recorded, in Hz."""
        return self.heard.rate

    @property
    def fault(self) -> str:
        """Why it cannot be used, or ""."""
        return self.heard.fault

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.heard.seconds


def inspect(path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
    """Listen to every sound as training does; one block of a file at a time is in memory for each decoder.

    Args:
        path: a folder or a sound.
        options: as for `AudioModality.load`.
        tick: called after each file.
    """
    chosen = data.Options(**{name: value for name, value in options.items() if name in data.Options._fields})
    found = walk(path)
    sounds, others = sort_out(found, SUFFIXES)
    chosen, said = plan_slices(sounds, chosen)

    def listening(rate: int) -> Callable[[Path], Listened]:
        return lambda file: listen(file, data.how(chosen, rate))

    picked = pick(sounds, chosen.rate, listening, tick)
    left = [*left_out_findings(found), *other_findings(path, others, SUFFIXES, RELATIVES, "sounds")]
    left += own_findings([shown(file, path) for file in picked.own], "sound", kept=picked.only_own)
    return _survey(path, picked, left, chosen, said)


def listen(file: Path, how: How) -> Listened:
    """Decode one file as training does, and keep little of it."""
    conversion = Conversion(how, sink=lambda block: None)
    shape, ear = _Shape(), Ear()
    heard = hear(file, conversion, shape, ear)
    if heard.fault:
        return Listened(heard)
    try:
        content = digest(file)
    except OSError as error:
        return Listened(heard._replace(fault=f"cannot be read ({type(error).__name__})"))
    known = _print(shape.start, heard.seconds)
    return Listened(heard, conversion.levels, content, shape.clipped, shape.offset, known, ear.traits)


class _Shape:
    """A listener that counts what is clipped, and keeps the mean and the first seconds."""

    def __init__(self) -> None:
        self.start = Conversion(How(PRINT_RATE, 1))
        self._left, self._samples, self._peak = 0, 0, 0.0

    def begin(self, rate: int, channels: int) -> None:
        self.start.begin(rate, channels)
        self._left = PRINT_SECONDS * rate
        self._sum, self._flat = np.zeros(channels), np.zeros(channels, np.int64)

    def add(self, block: Block) -> None:
        if self._left > 0:
            self.start.add(block[: self._left])
            self._left -= len(block)
        self._samples += len(block)
        self._sum += block.sum(0, dtype=np.float64)
        peak = float(np.abs(block).max())
        if peak * (1 - NEAR_PEAK) > self._peak:
            self._flat[:] = 0  # what was flat before is below the peak
        self._peak = max(self._peak, peak)
        self._flat += _flat(block, self._peak)

    def end(self) -> None:
        self.start.end()

    @property
    def clipped(self) -> float:
        return float(self._flat.max()) / self._samples

    @property
    def offset(self) -> float:
        return float(np.abs(self._sum).max()) / self._samples


def _flat(block: Block, peak: float) -> NDArray[np.int64]:
    """Samples of each channel in runs of at least three at the same extreme value, which must be near the peak."""
    if peak == 0:
        return np.zeros(block.shape[1], np.int64)
    flat = np.abs(block) >= peak * (1 - NEAR_PEAK)
    runs = flat[2:] & flat[1:-1] & flat[:-2]
    inside = np.zeros_like(flat)
    for shift in range(CLIPPED_RUN):
        inside[shift : len(runs) + shift] |= runs
    count: NDArray[np.int64] = inside.sum(0)
    return count


def _print(start: Conversion, seconds: float) -> NDArray[np.float32]:
    """Log-mel bands over time, whatever the rate, level or length; the first ten seconds."""
    (wave,) = np.concatenate([*(start.parts or []), np.zeros((0, 1), np.float32)]).T * start.gain
    if not len(wave):
        wave = np.zeros(1, np.float32)
    mel = log_mel(torch.from_numpy(np.ascontiguousarray(wave, np.float32))[None, None], PRINT_RATE)
    # What is far below the loudest part is noise that every coder makes anew.
    heard_mel = mel.clamp_min(float(mel.max()) - DEPTH_DB)
    small = F.adaptive_avg_pool2d(heard_mel, PRINT_SIDE).reshape(-1).numpy()
    # 5 % of length weigh as much as all bands apart by the threshold.
    length = np.log(max(seconds, 1e-3)) / np.log(1.05) * NEAR_DB * PRINT_SIDE
    return np.append(small, length).astype(np.float32)


def _survey(path: Path, picked: Picked[Listened], found: Sequence[Finding], options: data.Options, said: str) -> Survey:
    rate, good = picked.rate, [one for one in picked.seen if not one.fault]
    found = [*_faults(path, picked.seen), *found]
    if not good:
        return Survey({"sounds": f"0 of {len(picked.seen):,} can be read"}, found, 0)
    lengths = [round(one.heard.samples * rate / one.rate) for one in good]
    if (error := data.crowded(path, sum(lengths) * options.channels, rate)) is not None:
        found.append(Finding("fault", "too-much", error.given, (), len(good), f"{error.expected}: {error.fix}"))
    anywhere = data.is_long(lengths, options)
    starts = [0 if anywhere else data.start_of(one.traits, options, rate) for one in good]
    labels, classes = data.labels_of(path, [one.path for one in good], options.label_pattern)
    per_class = {} if labels is None else dict(zip(classes, np.bincount(labels.numpy()).tolist(), strict=True))
    if not options.label_pattern:
        found += class_folders(path, [one.path for one in good], "sounds", picked.left)
    found += [*imbalance(per_class, "sounds"), *_levels(path, good, anywhere=anywhere or options.begin == "onset")]
    found += [*_formats(path, good, rate, options.channels)]
    left = [length - start for length, start in zip(lengths, starts, strict=True)]
    found += [*_lengths(path, good, left, options, anywhere=anywhere)]
    found += _twins(path, good, labels is not None and not options.label_pattern)
    items = [max(1, n // options.samples) if anywhere else 1 for n in lengths]
    spec = Spec("audio", (options.channels, options.samples), classes, {"sample_rate_hz": rate})
    of_class = [] if labels is None else np.bincount(labels.numpy(), items).astype(int).tolist()
    in_class = dict(zip(classes, of_class, strict=True))
    counts = _counts(good, spec, "anywhere" if anywhere else options.begin)
    return Survey({**counts, **({"chosen": said} if said else {})}, found, sum(items), spec, in_class)


def _counts(good: Sequence[Listened], spec: Spec, begin: str) -> dict[str, str]:
    seconds = [one.seconds for one in good]
    rate, samples = int(spec.meta["sample_rate_hz"]), spec.shape[1]
    where = {"anywhere": "anywhere in a file", "file": "from the beginning", "onset": "from the onset"}[begin]
    return {
        "sounds": f"{len(good):,}",
        "length": f"{sum(seconds):,.0f} s; each {min(seconds):.2f} to {max(seconds):.2f} s, median "
        f"{np.median(seconds):.2f} s",
        "rates": ", ".join(f"{n:,} at {r:,} Hz" for r, n in Counter(one.rate for one in good).most_common(4)),
        "channels": ", ".join(f"{n:,} with {c}" for c, n in Counter(one.heard.channels for one in good).most_common(4)),
        "classes": f"{len(spec.classes):,}" if spec.classes else "none",
        "trained as": f"slices of {lasting(samples / rate)} ({samples:,} samples) at {rate:,} Hz, {where}",
    }


def _faults(path: Path, heard: Sequence[Listened]) -> list[Finding]:
    found = finding(
        "fault",
        "unreadable",
        "{n} file{s} cannot be read and will be left out",
        (f"{shown(one.path, path)}: {shown(one.fault)}" for one in heard if one.fault),
        "fetch or export them again, or remove them",
    )
    return found + finding(
        "warning",
        "cut-off",
        "{n} file{s} of another length than the file says",
        (f"{shown(one.path, path)}: {one.heard.remark}" for one in heard if one.heard.remark),
        "fetch or export them again, where an end is missing",
    )


def _levels(path: Path, good: Sequence[Listened], *, anywhere: bool) -> list[Finding]:
    silence = [one.levels.silence(anywhere=anywhere) for one in good]
    loud = [one for one, why in zip(good, silence, strict=True) if not why]
    error = data.all_silent(path, [one.levels for one in good])
    nothing = "fetch or export them again: training refuses sounds of which none can be heard"
    found = finding(
        "fault" if error is not None else "warning",
        "silent",
        "{n} file{s} in which nothing can be heard in what is trained on" + (": all of them" if error else ""),
        (f"{shown(one.path, path)}: {why}" for one, why in zip(good, silence, strict=True) if why),
        nothing if error is not None else "remove them: the generator learns silence too",
    )
    found += finding(
        "warning",
        "clipped",
        "{n} clipped sound{s}",
        (f"{shown(o.path, path)}: {o.clipped:.1%} of it flat at the peak" for o in loud if o.clipped > CLIPPED_SHARE),
        "record or export them at a lower level",
    )
    found += finding(
        "warning",
        "beyond-full-scale",
        "{n} sound{s} beyond full scale, clipped there",
        (f"{shown(o.path, path)}: peak {o.levels.beyond:.3g}" for o in loud if o.levels.beyond > 1),
        "bring them below it: --set data.normalise=peak",
    )
    return found + finding(
        "warning",
        "dc-offset",
        f"{{n}} sound{{s}} with a mean of more than {OFFSET:.0%} of full scale",
        (f"{shown(o.path, path)}: {o.offset:.3f}" for o in loud if o.offset > OFFSET and not o.clipped > CLIPPED_SHARE),
        "remove the offset: sox IN OUT highpass 20",
    )


def _formats(path: Path, good: Sequence[Listened], rate: int, channels: int) -> list[Finding]:
    rates = Counter(one.rate for one in good if one.rate != rate)
    low = [one for one in good if one.rate < 0.75 * rate]
    mixed = [one for one in good if one.heard.channels != channels]
    found = finding(
        "note",
        "mixed-rates",
        f"{sum(rates.values()):,} of {counted(len(good), 'sound')} "
        f"{'is' if rates.total() == 1 else 'are'} resampled to {rate:,} Hz",
        (f"{n:,} at {r:,} Hz" for r, n in rates.most_common()),
        "nothing, or choose a rate: --set data.sample_rate_hz=N",
    )
    found += finding(
        "warning",
        "low-rate",
        f"{{n}} sound{{s}} of a much lower rate than {rate:,} Hz: they lack the high tones of the others",
        (f"{shown(one.path, path)}: {one.rate:,} Hz" for one in low),
        "remove them, or train all at the lower rate: --set data.sample_rate_hz=N",
    )
    how = "mixed down to one channel" if channels == 1 else f"brought to {channels} channels"
    return found + finding(
        "note",
        "channels",
        f"{{n}} sound{{s}} {how}",
        (f"{shown(one.path, path)}: {one.heard.channels}" for one in mixed),
        "nothing, or keep both sides: --set data.channels=2" if channels == 1 else "nothing",
    )


def _lengths(
    path: Path, good: Sequence[Listened], lengths: Sequence[int], options: data.Options, *, anywhere: bool
) -> list[Finding]:
    found = finding(
        "warning",
        "too-short",
        f"{{n}} sound{{s}} shorter than {SHORT_SECONDS * 1000:.0f} ms",
        (f"{shown(one.path, path)}: {one.heard.samples:,} samples" for one in good if one.seconds < SHORT_SECONDS),
        "remove them",
    )
    common, slices = int(np.percentile(lengths, 95)), options.samples
    if common < slices / 2:
        fitting = max(64, 1 << (common - 1).bit_length())
        what = (
            f"95 % of the sounds fill less than half of a slice ({common:,} of {slices:,} samples): the rest is silence"
        )
        fix = f"train shorter slices: --set data.samples={fitting}"
        found.append(Finding("note", "long-slices", what, (), len(good), fix))
    cut = [(one, n) for one, n in zip(good, lengths, strict=True) if n > slices]
    return found + finding(
        "note",
        "cut",
        "{n} sound{s} longer than a slice" + (", sliced anywhere" if anywhere else ", cut after it"),
        (f"{shown(one.path, path)}: {one.seconds:.2f} s" for one, _ in cut),
        "nothing, or train longer slices: --set data.samples=N",
    )


def _twins(path: Path, good: Sequence[Listened], labelled: bool) -> list[Finding]:
    files = [one.path for one in good]
    exact = same([one.digest for one in good])
    class_of = (lambda file: class_name(file.relative_to(path).parts[0])) if labelled else None
    found = duplicates(path, files, exact, "sounds", class_of=class_of)
    again = {k for group in exact for k in group[1:]}
    left = [k for k, one in enumerate(good) if k not in again and not one.levels.recorded]
    left = [left[k] for k in spread(len(left))]
    if not left:
        return found
    near = similar(np.stack([good[k].print for k in left]), NEAR_DB)
    return found + duplicates(path, files, [[left[k] for k in group] for group in near], "sounds", near=True)
