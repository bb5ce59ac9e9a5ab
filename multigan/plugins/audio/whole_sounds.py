"""Sounds that go through a net as a whole: read at once, and written as they were."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soundfile
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from multigan.core.errors import DataError
from multigan.files.findings import shown
from multigan.files.keeping import write_whole
from multigan.plugins.audio.convert import PEAK, SILENCE
from multigan.plugins.audio.pouring import Form, finished, form_of, not_written, open_as, remarks, with_label
from multigan.plugins.audio.scan import Block, Most, hear
from multigan.plugins.fitted import Poured

__all__ = ["Whole", "at_rate", "deliver", "gain_of", "read_whole", "refuse_channels", "through"]

MOST = Most(3 * 3600, 2**28)

Wave = NDArray[np.float32]


class Whole(NamedTuple):
    """A sound as its file has it.

    Attributes:
        sound: `(channels, samples)`.
        rate: in Hz.
        notes: what is to be said of the file, as that it was cut off.
    """

    sound: Wave
    rate: int
    notes: list[str]


def read_whole(path: Path) -> Whole:
    """A sound, its rate, and what is to be said of its file.

    Raises:
        DataError: it is no sound, or longer than three hours.
    """
    kept = _Kept()
    heard = hear(path, kept, most=MOST)
    if heard.fault:
        raise DataError(f"{shown(path)} is no sound that can be used ({shown(heard.fault)})", "a whole sound", "")
    return Whole(np.concatenate(kept.blocks).T, heard.rate, remarks(path, heard))


def deliver(path: Path, into: Path | None, sound: Wave, rate: int, label: Any, notes: Sequence[str] = ()) -> Poured:
    """What was made of a file, written in the file's own form, or given back as an array.

    Args:
        path: the file that it was made of.
        into: name of the output without its ending; None = it is given back.
        sound: `(channels, samples)`; what lies above full scale is clipped, and said.
        rate: in Hz.
        label: of provenance, fields by name.
        notes: what is to be said beside.
    """
    clipped, flat = int((np.abs(sound) > 1).sum()), np.clip(sound, -1, 1).T  # (n, channels)
    said = [*notes, *([f"{shown(path)}: {clipped:,} samples above full scale were clipped"] if clipped else [])]
    if into is None:
        return Poured([], (flat[:, 0] if flat.shape[1] == 1 else flat, rate), said)
    form = form_of(path)
    target = into.with_name(into.name + form.suffix)
    write_whole(target, lambda temporary: _write(temporary, target, form, flat, rate, label))
    return Poured(with_label(target, label), None, said)


def at_rate(sound: Wave, rate: int, wanted: int) -> Wave:
    """Sounds `(channels, samples)` at another rate."""
    found: Wave = sound if rate == wanted else soxr.resample(sound.T, rate, wanted).T
    return found


def gain_of(x: Tensor) -> float:
    """What sounds are multiplied by before they go through a net, so that their peak is that of trained ones."""
    peak = float(x.abs().max()) if x.numel() else 0.0
    return PEAK / peak if peak > SILENCE else 1.0


def refuse_channels(path: Path, own: Whole, channels: int) -> None:
    """A net takes so many channels at once, and files a multiple of them.

    Raises:
        DataError: the file has others.
    """
    if len(own.sound) % channels:
        given = f"{shown(path)} has {len(own.sound)} channels"
        raise DataError(given, f"{channels}, as the generator was trained with", "mix it down")


def through(own: Whole, rate: int, channels: int, make: Callable[[Tensor], Tensor]) -> Wave:
    """What is made of a sound, `(channels, samples)`, as long as it and at its rate.

    Args:
        own: the sound.
        rate: that it is made at, in Hz.
        channels: that are made at once.
        make: waves `(n, channels, samples)`, of the peak that trained sounds have, to waves as long.
    """
    sound = at_rate(own.sound, own.rate, rate)
    x = torch.from_numpy(np.ascontiguousarray(sound)).view(-1, channels, sound.shape[-1])
    gain = gain_of(x)
    array: Wave = (make(x * gain) / gain).flatten(0, 1).numpy()
    array, length = at_rate(array, rate, own.rate), own.sound.shape[-1]
    return np.pad(array, ((0, 0), (0, max(0, length - array.shape[-1]))))[:, :length]


def _write(temporary: Path, target: Path, form: Form, sound: Wave, rate: int, label: Mapping[str, str]) -> None:
    try:
        with open_as(form, temporary, rate, sound.shape[1], label) as opened:
            opened.write(sound)
    except (soundfile.LibsndfileError, RuntimeError, OSError) as error:
        raise not_written(target, error) from error
    finished(form, temporary, target, label)


class _Kept:
    """A listener that keeps all that it hears."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def begin(self, rate: int, channels: int) -> None:
        self.blocks.append(np.zeros((0, channels), np.float32))

    def add(self, block: Block) -> None:
        self.blocks.append(np.array(block, dtype=np.float32))

    def end(self) -> None:
        pass
