"""The table of quality: the referee's numbers are right, what is done is not done again, and nothing is picked."""

import csv
import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def modules():
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        names = ("quality", "quality_sets", "quality_sheets", "referee", "strip")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def work_in(modules, folder, **options):
    return modules.quality.Work(SimpleNamespace(out=folder, **options))


def test_the_distance_of_two_gaussians_is_the_formula(modules):
    rng = np.random.default_rng(0)
    one = rng.normal(0.0, 1.0, (200_000, 2))
    other = rng.normal(0.0, 1.0, (200_000, 2)) * [2.0, 3.0] + [1.0, 0.0]
    # |mean|^2 + (1 - 2)^2 + (1 - 3)^2
    assert modules.referee.frechet(one, other) == pytest.approx(6.0, abs=0.1)
    assert modules.referee.frechet(one, one) == pytest.approx(0.0, abs=1e-6)


def test_one_repeated_item_is_precise_and_recalls_little(modules):
    reals = np.random.default_rng(0).normal(size=(300, 4))
    repeated = np.repeat(reals[:1], 300, axis=0) + np.random.default_rng(1).normal(size=(300, 4)) * 1e-6
    assert modules.referee.precision_recall(reals, reals) == (1.0, 1.0)
    precision, recall = modules.referee.precision_recall(reals, repeated)
    assert precision == 1.0
    assert recall < 0.02


def test_the_digits_are_those_that_the_recipe_sees(modules):
    from multigan.plugins.image.data import Options, load

    reals, seen = modules.quality_sets.digits(), load("digits", Options(size=16))
    assert (reals.train == seen.items.items.numpy()).all()
    assert (reals.judged[1] == seen.labels.numpy()).all()


def test_a_set_that_is_not_here_is_skipped_with_a_reason(modules, monkeypatch, tmp_path):
    monkeypatch.setenv("MULTIGAN_DATA", str(tmp_path))
    for name in ("mnist", "cifar", "fsdd", "drums", "coco"):
        with pytest.raises(modules.quality_sets.Absent, match="MULTIGAN_DATA"):
            modules.quality_sets.SETS[name]()


def test_what_is_done_is_not_done_again(modules, tmp_path):
    work = work_in(modules, tmp_path)
    assert not work.done("mnist", "ours", "1", 0)
    work.keep(set="mnist", contender="ours", minutes="1", seed=0, fd=1.25, cpu_s=60.0)
    again = work_in(modules, tmp_path)
    assert again.done("mnist", "ours", "1", 0)
    assert not again.done("mnist", "ours", "1", 1)
    never = SimpleNamespace()
    modules.quality.run_one(again, never, never, ("mnist", "ours", "1", 0))
    assert len(list(csv.DictReader((tmp_path / "results.tsv").read_text().splitlines(), delimiter="\t"))) == 1


def test_a_contender_that_cannot_run_is_said_and_the_others_go_on(modules, tmp_path, capsys):
    work = work_in(modules, tmp_path, python=sys.executable, device="cpu")
    reals = SimpleNamespace(name="mnist", kind="picture")
    modules.quality.run_one(work, reals, None, ("mnist", "dcgan-32", "1", 0))
    assert "mnist dcgan-32 1 0 did not run" in capsys.readouterr().out
    assert not work.done("mnist", "dcgan-32", "1", 0)


def test_the_table_has_the_median_and_the_range(modules):
    shared = dict.fromkeys(modules.quality.COLUMNS, "") | {"set": "mnist", "minutes": "4"}
    rows = [shared | {"contender": "ours", "seed": str(k), "fd": fd} for k, fd in enumerate(("3", "1", "1.5"))]
    rows.append(shared | {"contender": "reals", "minutes": "", "seed": "", "fd": "0.25"})
    lines = modules.quality.table(rows).splitlines()
    assert lines[2].startswith("| mnist |  | reals |  |")
    assert "| mnist | 4 | ours | 3 |  |  | 1.5 (1 to 3) |" in lines[3]


def test_fakes_get_the_form_of_the_reals(modules, tmp_path):
    path = tmp_path / "x.npz"
    colours = SimpleNamespace(kind="picture", reference=np.zeros((1, 3, 8, 8)))
    np.savez(path, x=np.zeros((5, 8, 8), np.uint8))
    assert modules.quality.as_items(colours, path).shape == (5, 3, 8, 8)
    np.savez(path, x=np.zeros((5, 8, 8, 3), np.uint8))
    assert modules.quality.as_items(colours, path).shape == (5, 3, 8, 8)
    sounds = SimpleNamespace(kind="sound", reference=np.zeros((1, 800)), rate_hz=8000)
    np.savez(path, x=np.zeros((5, 1000), np.float32), rate_hz=16000)
    assert modules.quality.as_items(sounds, path).shape == (5, 800)
    np.savez(path, x=np.array(["A dog.", "a cat"]))
    assert modules.quality.as_items(SimpleNamespace(kind="text"), path).tolist() == ["a dog .", "a cat"]


def test_files_for_training_are_the_items(modules, tmp_path):
    items = np.random.default_rng(0).integers(0, 256, (3, 3, 8, 8), dtype=np.uint8)
    reals = modules.quality_sets.RealSet("made", "picture", items, items, (items, np.zeros(3)))
    written = sorted(Path(reals.target(tmp_path)).iterdir())
    assert [path.name for path in written] == ["00000.png", "00001.png", "00002.png"]
    assert (np.asarray(Image.open(written[2])).transpose(2, 0, 1) == items[2]).all()


def test_the_strip_has_the_first_of_seed_0(modules, tmp_path):
    work = work_in(modules, tmp_path)
    work.keep(set="digits", contender="ours", minutes="1", seed=0, cpu_s=61.2, seen=1000)
    fakes = np.zeros((40, 16, 16), np.uint8)
    fakes[0] = 255
    np.savez(work.fakes("digits", "ours", "1", 0), x=fakes)
    drawn = np.asarray(modules.strip.strip(tmp_path, [("digits", "1")]))
    row = drawn[modules.strip.LINE : modules.strip.LINE + 64]
    assert (row[:, :64] == 255).all()
    assert (row[:, 67:131] == 0).all()


def test_the_strip_of_the_docs_is_small(modules):
    assert (ROOT / "docs" / "strip.png").stat().st_size <= modules.strip.LARGEST_BYTES


@pytest.mark.slow
def test_the_table_is_made_from_nothing(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    names = ["--sets", "digits", "--contenders", "ours,dcgan-32", "--out", str(tmp_path)]
    command = [sys.executable, "benchmarks/quality.py", "--check", *names]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [
        row["contender"] for row in csv.DictReader((tmp_path / "results.tsv").read_text().splitlines(), delimiter="\t")
    ]
    assert found == ["reals", "ours", "dcgan-32"]
    assert (tmp_path / "sheets" / "digits-0.1.png").exists()
    assert "| digits | 0.1 | ours |" in (tmp_path / "table.md").read_text()
