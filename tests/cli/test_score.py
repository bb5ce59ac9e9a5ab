import json
import random

import pytest
from typer.testing import CliRunner

from multigan.cli.app import app
from multigan.cli.score import _curve
from multigan.core.errors import DataError, RunError

WORDS = ["red", "green", "blue", "old", "new", "big", "small", "house", "tree", "road", "boat"]


@pytest.fixture
def files(tmp_path):
    rng, paths = random.Random(0), []
    for name, n in {"samples": 40, "real": 80, "train": 90}.items():
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text("".join(" ".join(rng.choices(WORDS, k=5)) + "\n" for _ in range(n)))
    return paths


def test_a_table_with_counts_and_floor(multigan, files):
    samples, real, train = files
    done = multigan("score", samples, "--reference", real, "--train", train)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"{samples}: 40 of 40 samples against 40 references"
    assert "self excluded" in lines[1]
    assert {"NLL of samples", "BLEU-4", "self-BLEU-4", "unique", "novel"} <= {line.split("  ")[0] for line in lines}


def test_json_in_place_of_the_table(files):
    done = CliRunner().invoke(app, ["score", str(files[0]), "--reference", str(files[1]), "--json"])
    found = json.loads(done.stdout)
    assert found["train"] is None
    assert len(found["scores"]) == 15


def test_the_curve_as_a_table():
    point = {"reverse_nll": 5.0, "lm_nll": 4.0, "self_bleu_5": 0.2, "bleu_5": 0.25}
    found = {"real": point, "temperatures": [0.5, 1.0], "n_fake": 9, "n_real": 8, "seeds": [0, 1], "verdict": ["so"]}
    lines = _curve({**found, "systems": {"GAN": [point, point], "MLE start": [point, point]}})
    assert lines[0] == "9 samples, 8 held-out lines, 2 seeds a point"
    assert lines[2].split() == ["system", "temperature", "reverse_nll", "lm_nll", "self_bleu_5", "bleu_5"]
    assert [line.split("  ")[0] for line in lines[3:8]] == ["GAN", "GAN", "MLE start", "MLE start", "real"]
    assert lines[-1] == "so"


def test_bad_files_are_one_line(multigan, files):
    done = multigan("score", "nothing.txt", "--reference", files[1])
    assert done.returncode == 2
    assert done.stderr.startswith("multigan: there is no file 'nothing.txt'")
    for given in ((files[0].parent, files[1]), (files[0], files[0].parent)):
        done = multigan("score", given[0], "--reference", given[1])
        assert done.returncode == 2
        assert done.stderr.startswith(f"multigan: {files[0].parent} is a folder: score reads texts; expected a file of")
        assert "multigan evaluate RUN" in done.stderr


def test_what_is_no_text_is_an_error(files):
    files[0].write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="is not UTF-8"):
        CliRunner().invoke(app, ["score", str(files[0]), "--reference", str(files[1])], catch_exceptions=False)


def test_the_curve_of_what_has_none(tmp_path):
    with pytest.raises(RunError, match="no run directory"):
        CliRunner().invoke(app, ["temperature", str(tmp_path)], catch_exceptions=False)
