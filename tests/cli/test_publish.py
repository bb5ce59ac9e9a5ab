import json

from multigan.generator import load


def test_a_run_that_nobody_judged_is_held_back(multigan, run, tmp_path):
    done = multigan("publish", run, "--folder", tmp_path / "out")
    assert done.returncode == 2
    assert "no evaluation" in done.stderr
    assert "--anyway" in done.stderr
    assert not (tmp_path / "out").exists()


def test_anyway_publishes_with_a_warning_and_a_judged_run_without(multigan, run, tmp_path):
    done = multigan("publish", run, "--folder", tmp_path / "out", "--anyway", "--licence", "mit")
    assert done.returncode == 0, done.stderr
    assert "warning: there is no evaluation" in done.stderr
    assert "license: mit" in (tmp_path / "out" / "README.md").read_text()
    evaluation = {"generator": {"weights_sha256": load(run).config["weights_sha256"]}, "warnings": [], "scores": []}
    (run / "evaluation.json").write_text(json.dumps(evaluation))
    done = multigan("publish", run, "--folder", tmp_path / "judged")
    (run / "evaluation.json").unlink()
    assert (done.returncode, done.stderr) == (0, "")


def test_a_goal_is_needed(multigan, run):
    done = multigan("publish", run)
    assert done.returncode == 2
    assert "--to OWNER/NAME or --folder DIR" in done.stderr
