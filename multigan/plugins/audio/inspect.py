"""Sounds before training: broken files, silence, clipping, offsets, odd rates and lengths, twins."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from multigan.findings import Finding, Survey, Tick, finding, shown
from multigan.folders import broken_links, class_folders, imbalance, other_files, sort_out
from multigan.plugins.audio import data
from multigan.plugins.audio.features import log_mel
from multigan.plugins.audio.scan import SUFFIXES, Heard, hear, is_silent
from multigan.twins import digest, duplicates, same, similar, spread
from multigan.types import Spec

__all__ = ["Listened", "inspect", "listen"]

RELATIVES = (".aac", ".wma", ".mid", ".midi", ".amr", ".ra", ".caf", ".au", ".webm", ".mp4", ".ac3")
PRINT_RATE = 16_000
PRINT_SECONDS = 10
PRINT_SIDE = 16
DEPTH_DB = 45.0
NEAR_DB = 1.0
"""Root mean square difference in dB of log-mel prints below which two sounds of one length are twins."""
CLIPPED_SHARE = 0.01
CLIPPED_RUN = 3
OFFSET = 0.02
SHORT_SECONDS = 0.01


class Listened(NamedTuple):
    """What one look at a file keeps of it.

    Attributes:
        path: the file.
        fault: why it cannot be used, or "".
        rate: in Hz.
        channels: as recorded.
        samples: length at its own rate.
        digest: 16 bytes that stand for its content.
        silent: nothing above -80 dB.
        clipped: share of samples in runs of at least three that stay at the peak.
        offset: mean of all samples; full scale is 1.
        print: float32 `(16 · 16 + 1,)`: log-mel in dB, and the length.
    """

    path: Path
    fault: str = ""
    rate: int = 0
    channels: int = 0
    samples: int = 0
    digest: bytes = b""
    silent: bool = False
    clipped: float = 0.0
    offset: float = 0.0
    print: NDArray[np.float32] = np.zeros(0, np.float32)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.samples / self.rate if self.rate else 0.0


def inspect(path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
    """Listen to every sound once; one file at a time is in memory for each decoder.

    Args:
        path: a folder or a sound.
        options: as for `AudioModality.load`.
        tick: called after each file.
    """
    sounds, others = sort_out(path, SUFFIXES)
    with ThreadPoolExecutor(data.DECODERS) as pool:
        heard = []
        for number, one in enumerate(pool.map(listen, sounds), 1):
            heard.append(one)
            tick(number, len(sounds))
    return _survey(path, heard, others, data.Options(**options))


def listen(file: Path) -> Listened:
    """Decode one file as training does, and keep little of it."""
    try:
        heard = hear(file)
        if heard.fault:
            return Listened(file, heard.fault)
        samples, channels = heard.wave.shape
        return Listened(
            file,
            "",
            heard.rate,
            channels,
            samples,
            digest(file),
            bool(is_silent([heard])),
            _clipped(heard.wave),
            float(np.abs(heard.wave.mean(0)).max()),
            _print(heard),
        )
    # Decoders raise errors of their own kinds; the file is named, the inspection goes on.
    except Exception as error:
        return Listened(file, f"cannot be read ({type(error).__name__}: {error})")


def _clipped(wave: NDArray[np.float32]) -> float:
    """Share of samples in runs of at least three at the same extreme value, which must be near the peak."""
    peak = float(np.abs(wave).max())
    if peak == 0:
        return 0.0
    flat = np.abs(wave) >= peak * (1 - 1e-4)
    runs = flat[2:] & flat[1:-1] & flat[:-2]
    inside = np.zeros_like(flat)
    for shift in range(CLIPPED_RUN):
        inside[shift : len(runs) + shift] |= runs
    return float(inside.mean(0).max())


def _print(heard: Heard) -> NDArray[np.float32]:
    """Log-mel bands over time, whatever the rate, level or length; the first ten seconds."""
    short = heard._replace(wave=heard.wave[: PRINT_SECONDS * heard.rate])
    wave = torch.from_numpy(short.brought_to(PRINT_RATE, 1, "peak")).float() / 32767
    mel = log_mel(wave[None], PRINT_RATE)
    # What is far below the loudest part is noise that every coder makes anew.
    heard_mel = mel.clamp_min(float(mel.max()) - DEPTH_DB)
    small = F.adaptive_avg_pool2d(heard_mel, PRINT_SIDE).reshape(-1).numpy()
    seconds = len(heard.wave) / heard.rate
    # 5 % of length weigh as much as all bands apart by the threshold.
    length = np.log(max(seconds, 1e-3)) / np.log(1.05) * NEAR_DB * PRINT_SIDE
    return np.append(small, length).astype(np.float32)


def _survey(path: Path, heard: Sequence[Listened], others: Sequence[Path], options: data.Options) -> Survey:
    good = [one for one in heard if not one.fault]
    found = [*_faults(path, heard), *broken_links(path), *other_files(path, others, SUFFIXES, RELATIVES, "sounds")]
    if not good:
        return Survey({"sounds": f"0 of {len(heard):,} can be read"}, found, 0)
    rate = options.sample_rate_hz or Counter(one.rate for one in good).most_common(1)[0][0]
    lengths = [round(one.seconds * rate) for one in good]
    anywhere = data.is_long(lengths, options)
    standing_in = [Heard(one.path, np.zeros((0, 1), np.float32), one.rate) for one in good]
    labels, classes = data.labels_of(path, standing_in, options.label_pattern)
    per_class = {} if labels is None else dict(zip(classes, np.bincount(labels.numpy()).tolist(), strict=True))
    found += class_folders(path, [one.path for one in good], "sounds") if not options.label_pattern else []
    found += [*imbalance(per_class, "sounds"), *_levels(path, good), *_formats(path, good, rate, options.channels)]
    found += [*_lengths(path, good, lengths, options, anywhere=anywhere)]
    found += _twins(path, good, labels is not None and not options.label_pattern)
    items = sum(max(1, n // options.samples) for n in lengths) if anywhere else len(good)
    spec = Spec("audio", (options.channels, options.samples), classes, {"sample_rate_hz": rate})
    return Survey(_counts(good, spec, anywhere=anywhere), found, items, spec)


def _counts(good: Sequence[Listened], spec: Spec, *, anywhere: bool) -> dict[str, str]:
    seconds = [one.seconds for one in good]
    rate, samples = int(spec.meta["sample_rate_hz"]), spec.shape[1]
    where = "anywhere in a file" if anywhere else "from the beginning"
    return {
        "sounds": f"{len(good):,}",
        "length": f"{sum(seconds):,.0f} s; each {min(seconds):.2f} to {max(seconds):.2f} s, median "
        f"{np.median(seconds):.2f} s",
        "rates": ", ".join(f"{n:,} at {r:,} Hz" for r, n in Counter(one.rate for one in good).most_common(4)),
        "channels": ", ".join(f"{n:,} with {c}" for c, n in Counter(one.channels for one in good).most_common(4)),
        "classes": f"{len(spec.classes):,}" if spec.classes else "none",
        "trained as": f"slices of {samples / rate:.2f} s ({samples:,} samples) at {rate:,} Hz, {where}",
    }


def _faults(path: Path, heard: Sequence[Listened]) -> list[Finding]:
    return finding(
        "fault",
        "unreadable",
        "{n} file{s} cannot be read and will be left out",
        (f"{shown(one.path, path)}: {shown(one.fault)}" for one in heard if one.fault),
        "fetch or export them again, or remove them",
    )


def _levels(path: Path, good: Sequence[Listened]) -> list[Finding]:
    loud = [one for one in good if not one.silent]
    found = finding(
        "warning",
        "silent",
        "{n} file{s} with nothing above -80 dB",
        (shown(one.path, path) for one in good if one.silent),
        "remove them: the generator learns silence too",
    )
    found += finding(
        "warning",
        "clipped",
        "{n} clipped sound{s}",
        (f"{shown(o.path, path)}: {o.clipped:.1%} of it flat at the peak" for o in loud if o.clipped > CLIPPED_SHARE),
        "record or export them at a lower level",
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
    mixed = [one for one in good if one.channels != channels]
    found = finding(
        "note",
        "mixed-rates",
        f"{sum(rates.values()):,} of {len(good):,} sounds are resampled to {rate:,} Hz",
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
        (f"{shown(one.path, path)}: {one.channels}" for one in mixed),
        "nothing, or keep both sides: --set data.channels=2" if channels == 1 else "nothing",
    )


def _lengths(
    path: Path, good: Sequence[Listened], lengths: Sequence[int], options: data.Options, *, anywhere: bool
) -> list[Finding]:
    found = finding(
        "warning",
        "too-short",
        f"{{n}} sound{{s}} shorter than {SHORT_SECONDS * 1000:.0f} ms",
        (f"{shown(one.path, path)}: {one.samples:,} samples" for one in good if one.seconds < SHORT_SECONDS),
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
    class_of = (lambda file: file.relative_to(path).parts[0]) if labelled else None
    found = duplicates(path, files, exact, "sounds", class_of=class_of)
    again = {k for group in exact for k in group[1:]}
    left = [k for k, one in enumerate(good) if k not in again and not one.silent]
    left = [left[k] for k in spread(len(left))]
    if not left:
        return found
    near = similar(np.stack([good[k].print for k in left]), NEAR_DB)
    return found + duplicates(path, files, [[left[k] for k in group] for group in near], "sounds", near=True)
