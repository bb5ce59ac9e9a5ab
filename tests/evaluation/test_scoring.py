import json
import random

import pytest

import multigan
from multigan.core.draw import Draw
from multigan.core.errors import DataError, MultiGANError, RunError, UnknownNameError
from multigan.evaluation.scoring import numbers, score_files
from multigan.plugins.text.oracle import Oracle

WORDS = ["red", "green", "blue", "old", "new", "big", "small", "house", "tree", "road", "boat"]


def write(path, n, seed):
    rng = random.Random(seed)
    path.write_text("".join(" ".join(rng.choices(WORDS, k=rng.randrange(3, 7))) + "\n" for _ in range(n)))
    return path


@pytest.fixture
def files(tmp_path):
    return [write(tmp_path / f"{name}.txt", n, k) for k, (name, n) in enumerate({"s": 40, "r": 80, "t": 90}.items())]


@pytest.fixture(scope="module")
def oracle_run(tmp_path_factory):
    """A run on a tiny oracle."""
    sets = ["data.n=200", "data.vocab=20", "data.length=6", "G.hidden=8", "D.filters=4", "train.samples=64"]
    sets += ['phases=[{name="pretrain", turns=["mle"], samples=64}]', "train.sheets=0", "data.hidden=8"]
    run = tmp_path_factory.mktemp("runs") / "oracle"
    return multigan.train("text/oracle-small", run=run, overrides=sets, quiet=True).folder


def test_everything_is_counted(files):
    found = score_files(*files)
    assert found["counts"] == {"samples": 40, "compared": 40, "references": 40, "train": 90}
    assert len(found["scores"]) == 18
    assert json.loads(json.dumps(found)) == found


def test_an_empty_line_is_an_empty_sample_but_not_at_the_end(files):
    files[0].write_text(files[0].read_text().replace("\n", "\n\n", 1) + "\n\n")
    assert score_files(*files[:2])["counts"]["samples"] == 41


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_other_kinds_of_files_are_read(files, suffix):
    lines = files[0].read_text().splitlines()
    other = files[0].with_suffix(suffix)
    rows = [json.dumps({"text": line}) for line in lines] if suffix == ".jsonl" else ["text", *lines]
    other.write_text("\n".join(rows) + "\n")
    assert score_files(other, files[1])["scores"] == score_files(*files[:2])["scores"]


def test_ids_are_judged_by_the_oracle(oracle_run, tmp_path):
    oracle = Oracle(**multigan.load(oracle_run).spec.meta["oracle"])
    for name, purpose in {"ids.txt": "a", "real.txt": "b"}.items():
        rows = oracle.sample(400, Draw(3).generator(purpose)).tolist()
        (tmp_path / name).write_text("".join(" ".join(map(str, row)) + "\n" for row in rows))
    row = score_files(tmp_path / "ids.txt", tmp_path / "real.txt", oracle=oracle_run)["scores"][0]
    assert row["key"] == "nll_oracle"
    assert row["value"] == pytest.approx(row["floor"], abs=0.09)  # four standard errors of both
    assert row["low"] < row["value"] < row["high"]
    sharp = oracle.sample(400, Draw(3).generator("a"), temperature=0.5).tolist()
    (tmp_path / "ids.txt").write_text("".join(" ".join(map(str, row)) + "\n" for row in sharp))
    row = score_files(tmp_path / "ids.txt", tmp_path / "real.txt", oracle=oracle_run)["scores"][0]
    assert row["high"] < row["floor"] - 0.2


@pytest.mark.parametrize("line", ["1 2 3", "1 2 3 4 5 20", "1 2 3 4 5 x", "1 2 3 4 5 -1"])
def test_what_is_no_text_of_the_oracle_is_named(oracle_run, tmp_path, line):
    file = tmp_path / "ids.txt"
    file.write_text("1 2 3 4 5 6\n" * 9 + line + "\n")
    reference = tmp_path / "real.txt"
    reference.write_text("1 2 3 4 5 6\n" * 20)
    with pytest.raises(DataError, match=r"ids.txt:10 is no text of the oracle.*expected 6 ids from 0 to 19"):
        score_files(file, reference, oracle=oracle_run)


def test_bad_input_is_said(files, tmp_path):
    with pytest.raises(UnknownNameError, match="there is no level 'words'; did you mean 'word'"):
        score_files(*files, level="words")
    with pytest.raises(DataError, match=r"there is no file .*; did you mean 's.txt'"):
        score_files(tmp_path / "ss.txt", files[1])
    with pytest.raises(DataError, match="3 samples; expected at least 8"):
        score_files(write(tmp_path / "few.txt", 3, 9), files[1])
    with pytest.raises(DataError, match="9 references; expected at least 16"):
        score_files(files[0], write(tmp_path / "few.txt", 9, 9))


def test_a_run_that_knew_no_oracle_cannot_judge(files, tmp_path):
    sets = ["train.samples=200", "train.batch=100", "train.sheets=0"]
    ring = multigan.train("points/ring", run=tmp_path / "ring", overrides=sets, quiet=True)
    with pytest.raises(RunError, match="was not trained on the oracle"):
        score_files(*files, oracle=ring.folder)


def test_temperatures():
    assert numbers("1, .5,1.5") == [0.5, 1.0, 1.5]
    for bad in ("1", "a,b", "0,1", "-1,1", "1,inf", "nan,1"):
        with pytest.raises(MultiGANError, match="two or more numbers above 0"):
            numbers(bad)
