"""Sound files of any length through a causal net, block by block, into files of the same kind."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from torch import nn

from multigan.core import strict_json
from multigan.core.errors import DataError, WriteError
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.files.keeping import write_whole
from multigan.plugins.audio.scan import Block, Heard, Most, hear
from multigan.plugins.audio.stream import Causal, Queue, Stream, causal_of
from multigan.plugins.fitted import Poured
from multigan.provenance import labels as provenance

__all__ = ["Form", "form_of", "pour", "pour_suffix", "remarks", "stream"]

BLOCK = 64
"""Frames at a time: half a second at 8,000 Hz. More would be no faster."""
LARGEST_WAV = 2**32 - 2**22
"""Bytes of a WAV, with room for its label."""
ANY_LENGTH = Most(10**9, 2**60)
ABOVE_SHARE = 0.01
"""From this share of the energy on, what is left out is said."""
SUFFIXES = {"WAV": ".wav", "WAVEX": ".wav", "RF64": ".wav"}

Wave = NDArray[np.float32]


class Form:
    """How a file is written.

    Args:
        format: of libsndfile.
        subtype: how it writes a sample.
        suffix: of the file's name.
    """

    def __init__(self, format: str = "WAV", subtype: str = "PCM_24", suffix: str = ".wav") -> None:
        self.format, self.subtype, self.suffix = format, subtype, suffix


def form_of(path: Path) -> Form:
    """As the file is; WAV with 24 bits where it cannot be written so."""
    try:
        info = soundfile.info(os.fsencode(path))
    except (soundfile.LibsndfileError, RuntimeError, TypeError):
        return Form()
    if not soundfile.check_format(info.format, info.subtype):
        return Form()
    if SUFFIXES.get(info.format):
        size = info.frames * info.channels * 4
        return Form("RF64" if info.format == "RF64" or size > LARGEST_WAV else "WAV", info.subtype)
    return Form(info.format, info.subtype, path.suffix)


def not_written(target: Path, error: BaseException) -> WriteError:
    """Of a sound that could not be written: soundfile does not tell a full disk from a folder that is shut."""
    return WriteError(f"cannot write {target}: {error}", "a writable folder with space on its disk", "choose another")


def open_as(form: Form, temporary: Path, rate: int, channels: int, label: Mapping[str, str]) -> soundfile.SoundFile:
    """A file of that form to write to; its label stands in a comment, but that of a WAV, which `finished` puts in."""
    opened = soundfile.SoundFile(os.fsencode(temporary), "w", rate, channels, format=form.format, subtype=form.subtype)
    if form.format != "WAV":
        opened.comment = strict_json.dumps(dict(label), ensure_ascii=False)
    return opened


def finished(form: Form, temporary: Path, target: Path, label: Mapping[str, str]) -> None:
    """Label what was written and closed, where it is a WAV."""
    if form.format == "WAV":
        provenance.seal_wav(temporary, label, target)


def with_label(target: Path, label: Mapping[str, str]) -> list[Path]:
    """The file, and a file beside it where its form keeps no label."""
    return [target] if provenance.label_of_sound(target) else [target, provenance.write_label_beside(target, label)]


def pour_suffix(path: Path) -> str:
    """What the name of a file's output ends with."""
    return form_of(path).suffix


def stream(net: nn.Module, spec: Spec, sample_rate_hz: int, channels: int, block: int) -> Stream:
    """See `Stream`."""
    return Stream(causal_of(net), sample_rate_hz or int(spec.meta["sample_rate_hz"]), channels, block)


def pour(net: nn.Module, path: Path, into: Path | None, spec: Spec, label: Any, *, strength: float = 1.0) -> Poured:
    """What the net makes of a sound, as long, at the same rate, with as many channels and bits.

    What is held of it does not grow with the file, unless it is wanted as an array.

    Args:
        net: a causal net.
        path: the sound.
        into: name of the output without its ending; None = it is given back as an array.
        spec: of an input of the net.
        label: of provenance, fields by name.
        strength: 1 = what the net makes, 0 = the sound itself, between them a mixture.

    Raises:
        DataError: the file is no sound, or broken.
        UnsupportedError: the net is not causal.
    """
    causal = causal_of(net)
    if into is None:
        parts = list[Wave]()
        heard = _Poured(causal, strength, parts.append)
        notes = _hear(path, heard)
        whole = np.concatenate(parts) if parts else np.zeros((0, heard.channels), np.float32)
        array = np.clip(whole[:, 0] if heard.channels == 1 else whole, -1, 1)
        return Poured([], (array, heard.rate), [*notes, *heard.notes(path)])
    form = form_of(path)
    target = into.with_name(into.name + form.suffix)
    notes = list[str]()
    write_whole(target, lambda temporary: notes.extend(_write(causal, path, temporary, target, form, label, strength)))
    return Poured(with_label(target, label), None, notes)


def _write(
    net: Causal, path: Path, temporary: Path, target: Path, form: Form, label: Mapping[str, str], strength: float
) -> list[str]:
    opened: list[soundfile.SoundFile] = []

    def begin(rate: int, channels: int) -> None:
        opened.append(open_as(form, temporary, rate, channels, label))

    failed: list[Exception] = []

    def put(part: Wave) -> None:
        try:
            opened[0].write(part)
        except Exception as error:  # the sound that is read is not to blame
            failed.append(error)
            raise

    heard = _Poured(net, strength, put, begin)
    try:
        notes = _hear(path, heard)
    except DataError:
        if failed:
            raise not_written(target, failed[0]) from failed[0]
        raise
    finally:
        for one in opened:
            one.close()
    finished(form, temporary, target, label)
    return [*notes, *heard.notes(path)]


def remarks(path: Path, heard: Heard) -> list[str]:
    """What a look at a file leaves to be said, as that it is shorter than its header says."""
    return [f"{shown(path)}: {shown(heard.remark)}"] if heard.remark else []


def _hear(path: Path, listener: "_Poured") -> list[str]:
    found = hear(path, listener, most=ANY_LENGTH)
    if found.fault:
        raise DataError(f"{shown(path)} is no sound that can be used ({shown(found.fault)})", "a whole sound", "")
    return remarks(path, found)


class _Poured:
    """A listener that passes on what the net makes of what it hears.

    Args:
        net: the net.
        strength: of what it makes, beside the sound itself.
        sink: takes every block `(n, channels)`.
        opening: called once with rate and channels, before the first.
    """

    def __init__(
        self,
        net: Causal,
        strength: float,
        sink: Callable[[Wave], object],
        opening: Callable[[int, int], object] = lambda rate, channels: None,
    ) -> None:
        self.net, self.strength, self.sink, self.opening = net, strength, sink, opening
        self.rate = self.channels = self.samples = self.clipped = 0
        self.power = 0.0
        self._stream: Any = None

    def begin(self, rate: int, channels: int) -> None:
        """See `scan.Listener`."""
        self.rate, self.channels = rate, channels
        self._stream, self._waiting = Stream(self.net, rate, channels, BLOCK), Queue(channels)
        self.opening(rate, channels)

    def add(self, block: Block) -> None:
        """See `scan.Listener`."""
        self.samples += len(block)
        self.power += float(np.square(block, dtype=np.float64).sum())
        if self.strength < 1:
            self._waiting.add(np.array(block, dtype=np.float32))
        self._pass_on(self._stream.push(block))

    def end(self) -> None:
        """See `scan.Listener`."""
        self._pass_on(self._stream.flush())

    def notes(self, path: Path) -> list[str]:
        """What is to be said of the file."""
        said, low = [], self.net.sample_rate_hz
        kept = self._stream.low_power * self.rate / low if self.power else 0.0
        lost = 1 - kept / self.power if self.power else 0.0
        if self.rate > low and lost > ABOVE_SHARE and self.strength:
            said.append(
                f"{shown(path)}: what lies above {low // 2:,} Hz, {lost:.0%} of the energy, is left out: "
                f"the generator knows sounds at {low:,} Hz"
            )
        if self.clipped:
            said.append(f"{shown(path)}: {self.clipped:,} samples above full scale were clipped")
        return said

    def _pass_on(self, made: Wave) -> None:
        if self.strength < 1:
            own = self._waiting.take(len(made))
            made = np.float32(self.strength) * made + np.float32(1 - self.strength) * own
        self.clipped += int((np.abs(made) > 1).sum())
        self.sink(made)
