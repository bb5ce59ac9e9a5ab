import json
import shutil

import pytest

from multigan.generator.generator import load


@pytest.fixture
def fresh(run, tmp_path):
    """A copy of the run without an evaluation."""
    folder = shutil.copytree(run, tmp_path / "fresh")
    (folder / "evaluation.json").unlink(missing_ok=True)
    return folder


def test_a_run_that_nobody_judged_is_held_back(multigan, fresh, tmp_path):
    done = multigan("publish", fresh, "--folder", tmp_path / "out")
    assert done.returncode == 2
    assert "no evaluation" in done.stderr
    assert "--anyway" in done.stderr
    assert not (tmp_path / "out").exists()


def test_anyway_publishes_with_a_warning_and_a_judged_run_without(multigan, fresh, tmp_path, told_best):
    done = multigan("publish", fresh, "--folder", tmp_path / "out", "--anyway", "--licence", "mit")
    assert done.returncode == 0, done.stderr
    assert "warning: there is no evaluation" in done.stderr
    assert "license: mit" in (tmp_path / "out" / "README.md").read_text()
    evaluation = {"generator": {"weights_sha256": load(fresh).config["weights_sha256"]}, "warnings": [], "scores": []}
    (fresh / "evaluation.json").write_text(json.dumps(evaluation))
    done = multigan("publish", fresh, "--folder", tmp_path / "judged")
    assert (done.returncode, done.stderr) == (0, told_best(fresh))


def test_a_goal_is_needed(multigan, run):
    done = multigan("publish", run)
    assert done.returncode == 2
    assert "--to OWNER/NAME or --folder DIR" in done.stderr


def test_a_card_that_was_edited_is_kept_until_overwrite_is_typed(multigan, run, tmp_path):
    card = tmp_path / "out" / "README.md"
    assert multigan("publish", run, "--folder", tmp_path / "out", "--anyway").returncode == 0
    written = card.read_text()
    card.write_text(written + "\nWhat I know of it.\n")
    again = multigan("publish", run, "--folder", tmp_path / "out", "--anyway")
    assert again.returncode == 2
    assert "type --overwrite to replace it" in again.stderr
    assert card.read_text().endswith("What I know of it.\n")
    assert multigan("publish", run, "--folder", tmp_path / "out", "--anyway", "--overwrite").returncode == 0
    assert card.read_text() == written
