"""Every benchmark runs at its smallest and writes what its table says."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
TIMED = ["compiled", "data_loading", "dcgan64", "engine_overhead", "precision", "scaling", "text_step", "wavegan_step"]
TIMED += ["wgan_gp"]


@pytest.fixture(scope="module")
def timing():
    spec = importlib.util.spec_from_file_location("timing", ROOT / "benchmarks" / "timing.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


@pytest.mark.slow
@pytest.mark.parametrize("name", TIMED)
def test_it_runs(name, tmp_path):
    if name == "wgan_gp":
        pytest.importorskip("torchgan.losses", reason="torchgan is what this benchmark compares with")
    out = tmp_path / "rows.json"
    command = [sys.executable, f"benchmarks/{name}.py", "--tiny", "--device", "cpu", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text())
    assert written["facts"]["benchmark"] == name
    assert {"device", "threads", "torch", "rounds"} <= set(written["facts"])
    for label, row in written["rows"].items():
        assert label in done.stdout
        assert len(row["ms"]) == written["facts"]["rounds"]
        assert row["quartiles_ms"][0] <= row["median_ms"] <= row["quartiles_ms"][1]


def test_competitors_take_turns(timing):
    calls = []
    args = SimpleNamespace(device="cpu", rounds=3, iterations=2)
    rows = timing.contest({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, args)
    warm_up = ["a"] * 3 + ["b"] * 3
    assert calls == [*warm_up, *"bbaaaabbbbaa"]
    assert [len(row["ms"]) for row in rows.values()] == [3, 3]


def test_a_ratio_is_that_of_the_same_round(timing):
    rows = {"slow": {"ms": [2.0, 20.0, 3.0]}, "fast": {"ms": [1.0, 10.0, 1.0]}}
    assert timing.ratio(rows, "slow", "fast") == (2.0, 2.0, 2.5)


def test_quartiles_of_known_numbers(timing):
    assert timing.median_and_quartiles([1.0, 2.0, 3.0, 4.0, 5.0]) == (3.0, 2.0, 4.0)
    assert timing.median_and_quartiles([7.0]) == (7.0, 7.0, 7.0)


@pytest.mark.slow
def test_memory_of_scores_is_measured_apart(tmp_path):
    out = tmp_path / "rows.json"
    command = [sys.executable, "benchmarks/metrics_memory.py", "inputs", "vendi", "--rows", "500", "--width", "8"]
    subprocess.run([*command, "--json", str(out)], cwd=ROOT, env=environment(), capture_output=True, check=True)
    rows = json.loads(out.read_text())
    assert [row["score"] for row in rows] == ["inputs", "vendi"]
    assert 1 < rows[1]["value"] <= 8
    assert all(row["peak_bytes"] > 2**27 for row in rows)


@pytest.mark.slow
def test_scores_differ_from_their_references_by_less_than_a_millionth():
    command = [sys.executable, "benchmarks/metrics_reference.py"]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    differences = [float(line.split("|")[4]) for line in done.stdout.splitlines()[2:]]
    assert len(differences) == 12
    assert max(differences) < 1e-6
