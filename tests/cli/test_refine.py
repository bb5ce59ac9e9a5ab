"""`refine`, and what it changes in `generate` and `evaluate`, as typed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time


def test_refine_generate_evaluate(multigan, short_ring, tmp_path):
    run = tmp_path / "ring"
    shutil.copytree(short_ring, run)
    done = multigan("refine", run, "--samples", 20_000)
    assert done.returncode == 0, done.stderr
    assert "judge by" in done.stdout
    assert f"multigan generate {run} --refined" in done.stdout
    drawn = [multigan("generate", run, "--refined", "--n", 40, "--out", tmp_path / name) for name in ("a", "b")]
    assert "acceptance" in drawn[0].stderr
    assert "effective sample size" in drawn[0].stderr
    one, two = (next((tmp_path / name).glob("*.csv")).read_bytes() for name in ("a", "b"))
    assert one == two
    judged = multigan("evaluate", run, "--refined", "--samples", 300)
    assert judged.returncode == 0, judged.stderr
    assert "that no part of the refinement saw" in " ".join(judged.stdout.split())
    found = json.loads((run / "refined" / "evaluation.json").read_text())
    assert {"frechet", "precision"} <= {score["key"] for score in found["refined"]["plain"]}
    assert found["counts"]["compared"] == 200
    assert not (run / "evaluation.json").exists()
    assert "Reliability" in (run / "report.html").read_text()


def test_what_cannot_be_is_refused_with_exit_code_2(multigan, short_ring, tmp_path):
    for arguments, words in (
        (("generate", short_ring, "--refined"), "multigan refine"),
        (("generate", short_ring, "--acceptance", ".1"), "--refined"),
        (("refine", short_ring, "--start", "frsh"), "did you mean 'fresh'"),
        (("refine", tmp_path), "no run directory"),
    ):
        done = multigan(*arguments)
        assert done.returncode == 2
        assert words in done.stderr


def test_a_stopped_refine_leaves_nothing(short_ring, tmp_path):
    run = tmp_path / "ring"
    shutil.copytree(short_ring, run, ignore=shutil.ignore_patterns(".run-lock"))  # of whoever is in the run just now
    before = sorted(path.name for path in run.iterdir())
    command = [sys.executable, "-m", "multigan", "refine", str(run), "--samples", "100000000"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ) as going:
        for line in going.stderr:
            if "learns" in line:
                break
        time.sleep(0.5)
        going.send_signal(signal.SIGTERM)
        said = going.stderr.read()
        assert going.wait(60) == 128 + signal.SIGTERM
    assert "nothing was written" in said
    assert sorted(path.name for path in run.iterdir()) == before
