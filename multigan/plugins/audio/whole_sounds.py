"""Sounds that go through a net as a whole: read at once, and written as they were."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from multigan.core import strict_json
from multigan.core.errors import DataError
from multigan.files.findings import shown
from multigan.files.keeping import write_whole
from multigan.plugins.audio.pouring import Form, form_of
from multigan.plugins.audio.scan import Block, Most, hear
from multigan.plugins.fitted import Poured
from multigan.provenance import labels as provenance

__all__ = ["deliver", "read_whole"]

MOST = Most(3 * 3600, 2**28)

Wave = NDArray[np.float32]


def read_whole(path: Path) -> tuple[Wave, int]:
    """A sound `(channels, samples)` and its rate in Hz.

    Raises:
        DataError: it is no sound, or longer than three hours.
    """
    kept = _Kept()
    heard = hear(path, kept, most=MOST)
    if heard.fault:
        raise DataError(f"{shown(path)} is no sound that can be used ({shown(heard.fault)})", "a whole sound", "")
    return np.concatenate(kept.blocks).T, heard.rate


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
    files = [target]
    if not provenance.label_of_sound(target):
        files.append(provenance.write_label_beside(target, label))
    return Poured(files, None, said)


def _write(temporary: Path, target: Path, form: Form, sound: Wave, rate: int, label: Mapping[str, str]) -> None:
    how = {"format": form.format, "subtype": form.subtype}
    with soundfile.SoundFile(temporary, "w", rate, sound.shape[1], **how) as opened:
        if form.format != "WAV":
            opened.comment = strict_json.dumps(dict(label), ensure_ascii=False)
        opened.write(sound)
    if form.format == "WAV":
        provenance.seal_wav(temporary, label, target)


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
