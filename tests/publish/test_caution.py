from dataclasses import replace
from pathlib import Path

import pytest

from multigan.core.errors import RunError
from multigan.publish.caution import objections, refuse_unless, remedy
from multigan.publish.facts import RunFiles


def judged(**more):
    return RunFiles(evaluation={"generator": {"weights_sha256": "abc"}, "warnings": [], **more})


def test_what_was_judged_and_found_clean_passes():
    assert objections(judged(), "abc") == []
    assert objections(judged(warnings=["few samples: wide interval"]), "abc") == []
    refuse_unless(False, [])


def test_what_was_not_judged_is_held_back():
    (line,) = objections(RunFiles(), "abc")
    assert "no evaluation" in line


@pytest.mark.parametrize("line", ["Memorisation: C_T = -4.1", "memorising: the fakes are copies of training items"])
def test_a_sign_of_memorisation_is_held_back(line):
    (found,) = objections(judged(warnings=["another thing", line]), "abc")
    assert line in found
    with pytest.raises(RunError, match="--anyway"):
        refuse_unless(False, [found])
    refuse_unless(True, [found])


def test_an_evaluation_of_other_weights_does_not_count():
    (found,) = objections(judged(), "xyz")
    assert "other weights" in found


def test_what_could_not_be_told_is_no_clean_bill():
    (found,) = objections(judged(verdict=["memorising: cannot be told, 0 items are held out"]), "abc")
    assert "cannot be told" in found
    marked = {"told": False, "why_not": "the data was changed", "memorising": False}
    (found,) = objections(judged(copying=marked, verdict=["in other words"]), "abc")
    assert found == "evaluation: memorising: cannot be told, the data was changed"
    assert objections(judged(copying={"told": True}), "abc") == []
    looked = judged(verdict=["memorising: no sign of it"], warnings=["copies are looked for among some only"])
    assert objections(looked, "abc") == []


def test_what_cannot_be_evaluated_is_not_told_to_be_evaluated():
    few = RunFiles(folder=Path("my run"), items=62)
    assert "62 items cannot be evaluated, which needs 64 or more" in objections(few, "abc")[0]
    assert "evaluate" not in remedy(few, "abc", "best").replace("evaluated", "")
    assert "--anyway: the card then says that it was not evaluated" in remedy(few, "abc", "best")
    assert "publish the run that it comes from" in remedy(RunFiles(), "abc", "")


def test_the_command_names_the_run_and_its_generator():
    enough = RunFiles(folder=Path("my run"), items=64)
    assert remedy(enough, "abc", "best").startswith("run multigan evaluate 'my run' and read its verdict")
    other = replace(enough, evaluation=judged().evaluation)
    assert remedy(other, "xyz", "last").startswith("run multigan evaluate 'my run' --which last and")
    assert remedy(other, "abc", "last").startswith("read the evaluation's verdict")
