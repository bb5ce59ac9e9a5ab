"""What stands beside a folder of sounds: an index, and a map for samplers."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multigan.core import strict_json
from multigan.files.keeping import may_replace
from multigan.provenance import labels as provenance

__all__ = ["INDEX", "MAP", "finish_lines", "write_index", "write_sfz"]

INDEX, MAP = "index.json", "map"
LOWEST_KEY, KEYS = 36, 128  # C2, where samplers put the kick; MIDI has 128 keys
_NAME = re.compile(r"(?:(?P<kind>.+)-)?-?\d+-(?P<number>\d+)$")  # as `Generator.save` makes them
Sound = tuple[NDArray[np.float32], int]


def write_index(
    sounds: Sequence[Sound],
    paths: Sequence[Path],
    subtype: str,
    label: Mapping[str, str],
    done: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """List the sounds of a folder with their lengths and levels; entries of files that are still there are kept.

    Args:
        sounds: as they were written.
        paths: their files, all in one folder.
        subtype: sample format of libsndfile.
        label: provenance of all of them.
        done: what was done to each of them, as `finish.done_to` says it.
    """
    path = paths[0].parent / INDEX
    new = {file.name: _entry(sound, file, subtype, label) for sound, file in zip(sounds, paths, strict=True)}
    for file, facts in zip(paths, done, strict=False):
        new[file.name] |= facts
    old = {entry["file"]: entry for entry in _entries(path) if (path.parent / entry["file"]).is_file()}
    content = {"label": dict(label), "sounds": [entry for _, entry in sorted({**old, **new}.items())]}
    with may_replace() if _is_ours(path) else nullcontext():
        provenance.write_json(path, content)
    return path


def finish_lines(files: Sequence[Path]) -> list[str]:
    """What the index says was done to the ends and levels of these files, one line for people; none where nothing was.

    Args:
        files: of one folder, with its index.
    """
    names = {file.name for file in files}
    found = [entry for entry in _entries(files[0].parent / INDEX) if entry["file"] in names]
    trimmed = [entry for entry in found if entry.get("trim_db")]
    if not any(float(entry["cut_seconds"]) for entry in trimmed):
        trimmed = []  # all of them sound to their end
    said = list[str]()
    if trimmed:
        left = sorted(float(entry["seconds"]) for entry in trimmed)
        whole = max(float(entry["seconds"]) + float(entry["cut_seconds"]) for entry in trimmed)
        lasting = f"{left[0]:.3g} to {left[-1]:.3g} s" if left[0] < left[-1] else f"{left[0]:.3g} s"
        at = f"{trimmed[0]['trim_db']:g} dB of their loudest sample"
        said.append(f"ends that stay below {at} are cut off: {lasting} are left of {whole:.3g} s")
    if any(entry.get("gain_db") for entry in found):
        said.append(f"levelled to {max(entry['peak_dbfs'] for entry in found if entry.get('gain_db')):g} dBFS")
    return [f"{'; '.join(said)} (--raw: as they were made)"] if said else []


def write_sfz(paths: Sequence[Path], label: Mapping[str, str]) -> list[Path]:
    """Write SFZ maps: one sound a key as one-shots, upwards from C2, or from the lowest key where there are too many.

    Args:
        paths: the sounds, in one folder; after 128 another map begins.
        label: provenance, as a comment and in a JSON file beside each map.
    """
    maps = []
    for start in range(0, len(paths), KEYS):
        part = paths[start : start + KEYS]
        lowest = LOWEST_KEY if len(part) <= KEYS - LOWEST_KEY else 0
        lines = [f"// synthetic: {strict_json.dumps(dict(label), ensure_ascii=False)}", "<group> loop_mode=one_shot"]
        lines += [f"<region> key={lowest + number} sample={file.name}" for number, file in enumerate(part)]
        path = paths[0].parent / f"{MAP}{f'-{start // KEYS + 1}' if len(paths) > KEYS else ''}.sfz"
        provenance.write_text(path, "\n".join(lines) + "\n", label)
        maps.append(path)
    return maps


def _entry(sound: Sound, path: Path, subtype: str, label: Mapping[str, str]) -> dict[str, Any]:
    wave, rate = sound
    peak = float(np.abs(wave).max())
    named = _NAME.match(path.stem)
    return {
        "file": path.name,
        "class": named["kind"] if named else None,
        "seed": label.get("seed"),
        "number": int(named["number"]) if named else None,
        "seconds": round(len(wave) / rate, 6),
        "sample_rate_hz": rate,
        "channels": 1 if wave.ndim == 1 else wave.shape[1],
        "format": subtype,
        "peak_dbfs": round(20 * float(np.log10(peak)), 2) if peak > 0 else None,
        "weights_sha256": label.get("weights_sha256"),
    }


def _is_ours(path: Path) -> bool:
    """Whether it is an index that goes on: every entry in it is kept as long as its file is there."""
    try:
        return {"label", "sounds"} == set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def _entries(path: Path) -> list[dict[str, Any]]:
    """What an earlier call listed; a file that is none of ours is written anew."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["sounds"]
        return [entry for entry in found if isinstance(entry["file"], str)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
