"""A sound of a file, and a gap in it, in the shape that a generator knows; and the filled gap back in the sound."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.plugins.audio.convert import PEAK, SILENCE, How, bring
from multigan.plugins.audio.scan import Block, Heard, Most, hear
from multigan.plugins.fitted import Fitted

__all__ = ["fit", "read", "read_hole"]

LONGEST_SECONDS = 600
MOST_VALUES = 2**27
TYPED_SECONDS = 0.001
"""Gaps are typed in rounded seconds: so far they may reach beyond an end."""
FINE = {"PCM_24": 24, "PCM_32": 24, "FLOAT": "float", "DOUBLE": "float"}


def read(path: Path, spec: Spec) -> Tensor:
    """The beginning of a sound at the generator's rate, peak .95, padded with silence: `(channels, samples)`.

    Raises:
        DataError: it is no sound.
    """
    return fit(path, spec).real


def fit(path: Path, spec: Spec, *, hole: str = "", at: float | None = None) -> Fitted:
    """A stretch of a sound at the generator's rate, the sound's peak at .95; short sounds are padded with silence.

    Args:
        path: the sound.
        spec: of the generator.
        hole: a gap `START-END` in seconds of the file; "" = none.
        at: second of the file at which the stretch begins; None = at the beginning where the gap lies in the first
            stretch, else with the gap in its middle.

    Returns:
        Filled gaps go back into the file at its own rate, level and number of channels; the rest stays as it was.

    Raises:
        DataError: it is no sound, or has no such gap or place.
    """
    whole = _Whole(path, spec)
    gap = _gap(hole) if hole else None
    first = whole.first(at, gap)
    real = torch.zeros(spec.shape)
    piece = torch.from_numpy(whole.wave[:, first : first + whole.samples])
    real[:, : piece.shape[1]] = piece.float() / 32767
    note = whole.note(first, written=gap is not None)
    if gap is None:
        return Fitted(real, note=note)
    return Fitted(real, whole.hole(gap, first, hole), note, lambda fake: whole.filled(fake, first, gap), whole.saving)


def read_hole(text: str, spec: Spec) -> Tensor:
    """A gap `START-END` in seconds of a sound as long as the generator's: bool like `spec.shape`, True in the gap.

    Raises:
        DataError: it is no such gap, or leaves nothing known or nothing to fill.
    """
    return _hole(_gap(text), 0, spec, text)


@dataclass(frozen=True)
class _Gap:
    start: float
    end: float


class _Whole:
    """A whole sound, brought to the generator's rate, and how it was."""

    def __init__(self, path: Path, spec: Spec) -> None:
        if not path.is_file():
            raise DataError(f"there is no file {shown(path)}", "a WAV, FLAC, OGG or MP3 file", "check the path")
        self.path, self.spec, self.samples = path, spec, spec.shape[1]
        self.rate = int(spec.meta["sample_rate_hz"])
        self.most = Most(LONGEST_SECONDS, MOST_VALUES)
        self.heard, self.wave, self.levels = bring(path, How(self.rate, spec.shape[0], "peak"), self.most)
        if self.heard.fault:
            raise _unusable(self.heard)

    def first(self, at: float | None, gap: _Gap | None) -> int:
        """Sample at which the stretch begins, at the generator's rate."""
        if at is not None and not 0 <= at < self.heard.seconds:
            raise DataError(
                f"second {at:g} of {shown(self.path.name)}",
                f"0 up to its end at {self.heard.seconds:.2f} s",
                "type --at 0",
            )
        if at is not None:
            return round(at * self.rate)
        if gap is None or round(gap.end * self.rate) <= self.samples:
            return 0
        middle = round((gap.start + gap.end) / 2 * self.rate)
        return int(max(0, min(middle - self.samples // 2, self.wave.shape[1] - self.samples)))

    def hole(self, gap: _Gap, first: int, text: str) -> Tensor:
        """The gap in the stretch."""
        end = max(self.heard.seconds, self.samples / self.rate)
        if gap.end > end + TYPED_SECONDS or gap.end - gap.start >= self.samples / self.rate:
            most = f"a gap shorter than {self.samples / self.rate:.3g} s within 0-{end:.4g} s"
            raise DataError(f"the gap {text} s", most, "type --mask 0.10-0.15")
        return _hole(gap, first, self.spec, text)

    def filled(self, fake: Tensor, first: int, gap: _Gap) -> tuple[NDArray[np.float32], int]:
        """The sound as it was in the file, with the gap taken from a stretch that begins at `first`."""
        kept = _Kept()
        heard = hear(self.path, kept, most=self.most)
        if heard.fault:
            raise _unusable(heard)
        sound = np.concatenate(kept.blocks)
        start, end = round(gap.start * heard.rate), round(gap.end * heard.rate)
        sound = np.pad(sound, ((0, max(0, end - len(sound))), (0, 0)))
        patch: Any = fake[0].float().cpu().numpy().T / self.gain
        if heard.channels != patch.shape[1]:
            patch = np.repeat(patch.mean(1, keepdims=True), heard.channels, 1)
        if heard.rate != self.rate:
            patch = soxr.resample(patch, self.rate, heard.rate)
        offset = round(first / self.rate * heard.rate)
        part = patch[start - offset : end - offset]
        sound[start : start + len(part)] = part
        return (sound[:, 0] if sound.shape[1] == 1 else sound), heard.rate

    @property
    def gain(self) -> float:
        """What the file was multiplied by; see `convert.Conversion.gain`."""
        peak = self.levels.peak
        return PEAK / peak if peak > SILENCE else 1.0

    @property
    def saving(self) -> dict[str, Any]:
        """Options of `save` with which a sound keeps the fineness that it had."""
        try:
            subtype = soundfile.info(os.fsencode(self.path)).subtype
        except (soundfile.LibsndfileError, RuntimeError, TypeError):
            subtype = ""
        return {"bits": FINE.get(subtype, 16)}

    def note(self, first: int, *, written: bool) -> str:
        """What was done to the sound, and is where it is written again, in one line, or ""."""
        heard, rate, samples, channels = self.heard, self.rate, self.samples, self.spec.shape[0]
        done = [heard.remark] if heard.remark else []
        if heard.rate != rate:
            done.append(f"resampled from {heard.rate:,} to {rate:,} Hz")
        if heard.channels != channels:
            done.append(f"brought from {heard.channels} to {counted(channels, 'channel')}")
        start, end, length = first / rate, (first + samples) / rate, self.wave.shape[1]
        if first or length > samples:
            done.append(f"{start:.2f} to {min(end, heard.seconds):.2f} s of its {heard.seconds:.2f} s taken")
        if length < first + samples:
            done.append(f"{(first + samples - length) / rate:.2f} s of silence added at its end")
        if written and self.levels.peak > 1:
            done.append("beyond full scale: clipped there")
        if why := self.levels.silence(anywhere=True):
            done.append(f"silent: {why}")
        return f"{shown(self.path.name)}: {'; '.join(done)}" if done else ""


class _Kept:
    """A listener that keeps all that it hears."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def begin(self, rate: int, channels: int) -> None:
        pass

    def add(self, block: Block) -> None:
        self.blocks.append(block)

    def end(self) -> None:
        pass


def _unusable(heard: Heard) -> DataError:
    too_long = "cut it into parts" in heard.fault
    expected = f"a sound of at most {LONGEST_SECONDS} s" if too_long else "a WAV, FLAC, OGG or MP3 file"
    return DataError(f"{shown(heard.path)}: {heard.fault}", expected, "" if too_long else "check the file")


def _gap(text: str) -> _Gap:
    try:
        start, end = (float(part) for part in text.split("-"))
    except ValueError as error:
        raise DataError(f"the mask '{text}'", "START-END in seconds", "type --mask 0.10-0.15") from error
    if not 0 <= start < end < float("inf"):
        raise DataError(f"the gap {text} s", "START-END in seconds, the end after the start", "type --mask 0.10-0.15")
    return _Gap(start, end)


def _hole(gap: _Gap, first: int, spec: Spec, text: str) -> Tensor:
    rate, samples = int(spec.meta["sample_rate_hz"]), spec.shape[1]
    hole = torch.zeros(spec.shape, dtype=torch.bool)
    start, end = round(gap.start * rate) - first, round(gap.end * rate) - first
    if start < 0 or end > samples + TYPED_SECONDS * rate or hole[:, start:end].numel() in (0, hole.numel()):
        raise DataError(
            f"the gap {text} s covers everything or nothing",
            f"a part of {first / rate:.3g}-{(first + samples) / rate:.3g} s",
            "type --mask 0.10-0.15",
        )
    hole[:, start:end] = True
    return hole
