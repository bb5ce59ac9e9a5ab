import json
import re

import numpy as np

from multigan.plugins.audio.bank import finish_lines, write_index, write_sfz
from multigan.provenance import labels as provenance

LABEL = provenance.label("g", "ab", "drums", 3)


def sounds(folder, names):
    paths = [folder / f"{name}.wav" for name in names]
    for path in paths:
        path.write_bytes(b"x")
    return [(np.full((80 * (k + 1), 2), 0.5, np.float32), 8000) for k in range(len(names))], paths


def test_the_index_tells_class_seed_length_and_level(tmp_path):
    path = write_index(*sounds(tmp_path, ["hi-hat-3-00000", "3-00001", "odd"]), "PCM_24", LABEL)
    assert provenance.read(path) == LABEL
    found = {entry["file"]: entry for entry in json.loads(path.read_text())["sounds"]}
    hat = found["hi-hat-3-00000.wav"]
    assert (hat["class"], hat["seed"], hat["number"]) == ("hi-hat", "3", 0)
    assert (hat["seconds"], hat["sample_rate_hz"], hat["channels"], hat["format"]) == (0.01, 8000, 2, "PCM_24")
    assert hat["peak_dbfs"] == -6.02
    assert (found["3-00001.wav"]["class"], found["3-00001.wav"]["number"]) == (None, 1)
    assert (found["odd.wav"]["class"], found["odd.wav"]["number"]) == (None, None)


def test_earlier_entries_stay_while_their_files_do(tmp_path):
    write_index(*sounds(tmp_path, ["3-00000", "3-00001"]), "PCM_16", LABEL)
    (tmp_path / "3-00000.wav").unlink()
    path = write_index(*sounds(tmp_path, ["4-00000"]), "PCM_16", LABEL)
    assert [entry["file"] for entry in json.loads(path.read_text())["sounds"]] == ["3-00001.wav", "4-00000.wav"]
    path.write_text('{"sounds": 7}')
    write_index(*sounds(tmp_path, ["4-00000"]), "PCM_16", LABEL)
    assert len(json.loads(path.read_text())["sounds"]) == 1


def keys(path):
    return [int(key) for key in re.findall(r"key=(\d+) sample=\S", path.read_text())]


def test_a_map_has_one_sound_a_key(tmp_path):
    _, paths = sounds(tmp_path, [f"3-{k:05}" for k in range(300)])
    (one,) = write_sfz(paths[:92], LABEL)
    assert one.name == "map.sfz"
    assert keys(one) == list(range(36, 128))
    assert "loop_mode=one_shot" in one.read_text()
    assert provenance.read(one) == LABEL
    (full,) = write_sfz(paths[:93], LABEL)
    assert keys(full) == list(range(93))
    maps = write_sfz(paths, LABEL)
    assert [path.name for path in maps] == ["map-1.sfz", "map-2.sfz", "map-3.sfz"]
    assert [len(keys(path)) for path in maps] == [128, 128, 44]
    assert "3-00299.wav" in maps[2].read_text()
    (spaced,) = write_sfz([tmp_path / "floor tom-3-00000.wav"], LABEL)
    assert spaced.read_text().endswith("sample=floor tom-3-00000.wav\n")  # last on its line: names may have spaces


def test_what_was_done_to_ends_and_levels_is_one_line(tmp_path):
    made, paths = sounds(tmp_path, ["3-00000", "3-00001"])
    done = [{"trim_db": -60.0, "cut_seconds": 0.03, "gain_db": 4.0}, {"trim_db": -60.0, "cut_seconds": 0.02}]
    write_index(made, paths, "PCM_16", LABEL, done)
    assert finish_lines(paths) == [
        "ends that stay below -60 dB of their loudest sample are cut off: 0.01 to 0.02 s are left of 0.04 s;"
        " levelled to -6.02 dBFS (--raw: as they were made)"
    ]
    write_index(made, paths, "PCM_16", LABEL, [{"trim_db": -60.0, "cut_seconds": 0.0, "gain_db": 4.0}, {}])
    assert finish_lines(paths) == ["levelled to -6.02 dBFS (--raw: as they were made)"]  # nothing was cut off
    write_index(made, paths, "PCM_16", LABEL)
    assert finish_lines(paths) == []
