import json

import pytest

from multigan.cli.generate import parse_flags
from multigan.core.errors import UnknownNameError


def test_generate_repeats_itself_and_labels_its_files(multigan, run, tmp_path):
    for out in ("a", "b"):
        done = multigan("generate", run, "-n", 5, "--seed", 3, "--out", tmp_path / out)
        assert done.returncode == 0
    (a,), (b,) = (sorted((tmp_path / out).glob("*.csv")) for out in ("a", "b"))
    assert a.read_text() == b.read_text()
    label = json.loads(multigan("provenance", a).stdout)
    assert label["seed"] == "3"
    assert label["generator"] == "ring"
    assert multigan("generate", run, "--sheet", "--out", tmp_path / "sheet").returncode == 0
    assert list((tmp_path / "sheet").glob("*.png"))


CONDITIONAL = {
    "image/digits": (["G.width=4", "D.width=4", "G.conditioning=batch"], "7", "*.png"),
    "audio/drums": (["G.width=2", "D.width=2", "data.samples=1024"], "snare", "*.wav"),
}


@pytest.mark.parametrize("name", ["image/digits", pytest.param("audio/drums", marks=pytest.mark.slow)])
def test_a_class_can_be_asked_for(multigan, tmp_path, name):
    sets, label, files = CONDITIONAL[name]
    small = ["train.samples=32", "train.batch=16", "train.sheets=1", "game.conditional=true", *sets]
    options = [word for one in small for word in ("--set", one)]
    assert multigan("train", name, "--out", tmp_path / "run", *options).returncode == 0
    done = multigan("generate", tmp_path / "run", "-n", 2, "--label", label, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob(files))) == 2
    wrong = multigan("generate", tmp_path / "run", "--label", "elephant", "--out", tmp_path / "no")
    assert wrong.returncode != 0
    assert "there is no class 'elephant'" in wrong.stderr


def test_flags_become_options():
    words = ["--bits", "float", "--no-dc", "--sfz", "--fade-in-ms=2.5", "--peak-db", "-3"]
    known = ["bits", "dc", "sfz", "fade_in_ms", "peak_db"]
    assert parse_flags(words, known) == {
        "bits": "float",
        "dc": False,
        "sfz": True,
        "fade_in_ms": 2.5,
        "peak_db": -3,
    }
    for wrong, hint in ({"--bitz": "--bits", "--sede": "--seed", "--no-sede": "--seed", "stray": "choose"}).items():
        with pytest.raises(UnknownNameError, match=hint):
            parse_flags([wrong, "1"], known)


def test_wrong_flags_end_early(multigan, run, tmp_path):
    done = multigan("generate", run, "--out", tmp_path / "no", "--bits", "24")
    assert done.returncode == 2
    assert "--bits is no option here" in done.stderr
    assert not (tmp_path / "no").exists()


def test_a_visible_label_is_asked_for_by_a_flag(multigan, tmp_path):
    small = ["--set", "train.samples=32", "--set", "train.batch=16", "--set", "train.sheets=1", "--set", "G.hidden=8"]
    assert multigan("train", "text/surnames", "--out", tmp_path / "run", *small, "--set", "D.filters=4").returncode == 0
    for flags, suffix in ((["--visible-label"], "*.txt"), (["--visible-label", "--jsonl"], "*.jsonl")):
        done = multigan("generate", tmp_path / "run", "-n", 2, "--out", tmp_path / "out", *flags)
        assert done.returncode == 0, done.stderr
        (path,) = (tmp_path / "out").glob(suffix)
        lines = path.read_text(encoding="utf-8").splitlines()
        assert "AI-generated" in lines[0]
        assert ("AI-generated" in lines[-1]) == (suffix == "*.jsonl")


def test_points_have_no_visible_label(multigan, run, tmp_path):
    done = multigan("generate", run, "--out", tmp_path / "no", "--visible-label")
    assert done.returncode == 2
    assert "--visible-label is no option here" in done.stderr


def test_sounds_go_on_for_as_long_as_is_asked(multigan, tmp_path):
    small = ["G.width=4", "G.code=2", "G.layers=1", "G.rows_width=4", "D.width=2", "data.samples=8192"]
    small += ["train.samples=16", "train.batch=8", "train.vitals=0", "train.sheets=1"]
    options = [word for one in small for word in ("--set", one)]
    assert multigan("train", "audio/loops", "--out", tmp_path / "run", *options).returncode == 0
    for out in ("a", "b"):
        done = multigan("generate", tmp_path / "run", "-n", 1, "--seconds", 4, "--bits", 24, "--out", tmp_path / out)
        assert done.returncode == 0, done.stderr
    (a,), (b,) = (list((tmp_path / out).glob("*.wav")) for out in ("a", "b"))
    assert a.read_bytes() == b.read_bytes()
    wrong = multigan("generate", tmp_path / "run", "--seconds", 4, "--sheet", "--out", tmp_path / "no")
    assert wrong.returncode == 2
    assert "--seconds with --scale" in wrong.stderr
    alone = multigan("generate", tmp_path / "run", "--tempo", 100, "--out", tmp_path / "no")
    assert (alone.returncode, "type --seconds 60 --tempo VALUE" in alone.stderr) == (2, True)


def test_seconds_of_what_has_none_are_refused(multigan, run, tmp_path):
    done = multigan("generate", run, "--seconds", 60, "--out", tmp_path / "no")
    assert done.returncode == 2
    assert "leave --seconds away" in done.stderr
