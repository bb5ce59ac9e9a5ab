"""`multigan evaluate` as a user meets it."""

import json
import signal
import subprocess
import sys
import time

import pytest

from multigan.cli.evaluate import _table
from multigan.evaluation.score import Score


def test_it_prints_a_table_a_verdict_and_writes_the_file(multigan, run):
    done = multigan("evaluate", run, "--samples", 200, "--no-cache")
    assert done.returncode == 0, done.stderr
    for words in ("Fréchet distance", "baseline", "held-out reals", "x that of other reals", "memorising:"):
        assert words in done.stdout
    assert "200 fakes, seed 0" in done.stdout
    again = multigan("evaluate", run, "--samples", 200, "--no-cache", "--json")
    printed = json.loads(again.stdout)
    assert printed == json.loads((run / "evaluation.json").read_text())
    assert printed["counts"]["fake"] == 200


def test_where_distances_use_fewer_fakes_than_were_drawn_it_says_how_many(multigan, run):
    done = multigan("evaluate", run, "--samples", 5000, "--no-cache")
    compared = json.loads((run / "evaluation.json").read_text())["counts"]["compared"]
    assert compared < 5000
    assert f"5,000 fakes (distances: {compared:,} of them), seed 0" in done.stdout


def test_errors_are_one_line_that_says_what_to_type(multigan, run, tmp_path):
    nothing = multigan("evaluate", tmp_path)
    assert nothing.returncode == 2
    assert nothing.stderr.splitlines()[-1].startswith("multigan: ")
    assert "is no run directory" in nothing.stderr
    (tmp_path / "points.csv").write_text("1,2\n3,4\n5,7\n")
    other = multigan("evaluate", run, "--data", tmp_path / "points.csv", "--samples", 200)
    assert other.returncode == 2
    assert "not what the run was trained on" in other.stderr
    gone = multigan("evaluate", run, "--data", tmp_path / "gone.csv", "--samples", 200)
    assert gone.returncode == 2
    assert "looked in" in gone.stderr
    assert "--data PATH" in gone.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_said_and_leaves_the_old_file(multigan, run, number):
    assert multigan("evaluate", run, "--samples", 200, "--no-cache", "--quiet").returncode == 0
    before = (run / "evaluation.json").read_bytes()
    command = [sys.executable, "-m", "multigan", "evaluate", str(run), "--samples", "3000000", "--no-cache"]
    going = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert going.stderr.readline().startswith("reading the run")
    assert going.stderr.readline().startswith("drawing")
    time.sleep(0.2)
    going.send_signal(number)
    _, said = going.communicate(timeout=60)
    assert "interrupted: nothing was written" in said
    assert "Traceback" not in said
    assert going.returncode == 128 + number.value
    assert (run / "evaluation.json").read_bytes() == before


def test_what_can_be_refused_is_refused_before_anything_is_said(multigan, run):
    for target, extra, said in (
        (run / "generator", (), "generator is no run directory"),
        (run, ("--extractor", "inceptoin:x"), "did you mean 'inception'"),
        (run, ("--which", "bset"), "did you mean 'best'"),
    ):
        done = multigan("evaluate", target, *extra)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert said in line


def test_the_table_has_units_shares_in_percent_and_no_rests_of_rounding():
    share = Score("judge", "told apart", "similarity", 0.5, "near floor", 3.47e-18, 0.75, floor=0.0, unit="%")
    level = Score("level_db", "mean level", "health", -22.87, "near floor", unit="dB")
    head, _, _, one, _, _, other = _table([share, level])
    assert one.split() == ["told", "apart,", "%", "50", "0", "to", "75", "0", "-"]
    assert other.split() == ["mean", "level,", "dB", "-22.87", "-", "-"]
    assert head.split() == ["fakes", "interval", "reals", "baseline"]
