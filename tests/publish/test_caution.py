from dataclasses import replace
from pathlib import Path

import pytest

from multigan.core.errors import RunError
from multigan.publish.caution import objections, refuse_unless, remedy
from multigan.publish.facts import RunFiles
from multigan.run.flags import MEMORISING, UNTOLD


def judged(**more):
    return RunFiles(evaluation={"generator": {"weights_sha256": "abc"}, "warnings": [], "flags": {}, **more})


def test_what_was_judged_and_found_clean_passes():
    assert objections(judged(), "abc") == []
    assert objections(judged(warnings=["few samples: wide interval"]), "abc") == []
    refuse_unless(False, [])


def test_what_was_not_judged_is_held_back():
    (line,) = objections(RunFiles(), "abc")
    assert "no evaluation" in line


@pytest.mark.parametrize("key", [MEMORISING, UNTOLD])
def test_a_flag_holds_back_whatever_its_words(key):
    (found,) = objections(judged(flags={key: "in other words", "of a later version": "x"}), "abc")
    assert found == "evaluation: in other words"
    with pytest.raises(RunError, match="--anyway"):
        refuse_unless(False, [found])
    refuse_unless(True, [found])


def test_an_evaluation_of_other_weights_does_not_count():
    (found,) = objections(judged(), "xyz")
    assert "other weights" in found


def test_an_evaluation_beside_other_data_does_not_count():
    facts = replace(judged(data_changed=True, data_other=True), folder=Path("my run"), items=640)
    (found,) = objections(facts, "abc")
    assert found == "the evaluation is beside other data than the run was trained on"
    assert remedy(facts, "abc", "best").startswith(
        "run multigan evaluate 'my run' beside the data that it was trained on"
    )
    assert objections(judged(data_changed=True, data_other=False), "abc") == []


def test_what_cannot_be_evaluated_is_not_told_to_be_evaluated():
    few = RunFiles(folder=Path("my run"), items=62)
    assert "62 items cannot be evaluated, which needs 64 or more" in objections(few, "abc")[0]
    assert "evaluate" not in remedy(few, "abc", "best").replace("evaluated", "")
    assert "--anyway: the card then says that it was not evaluated" in remedy(few, "abc", "best")
    assert "publish the run that it comes from" in remedy(RunFiles(), "abc", "")


def test_two_sets_without_pairs_are_not_told_to_be_evaluated():
    apart = RunFiles(folder=Path("my run"), items=640, apart=True)
    assert "no output has a target" in objections(apart, "abc")[0]
    assert remedy(apart, "abc", "best").startswith("look at multigan report 'my run', then say --anyway")


def test_the_command_names_the_run_and_its_generator():
    enough = RunFiles(folder=Path("my run"), items=64)
    assert remedy(enough, "abc", "best").startswith("run multigan evaluate 'my run' and read its verdict")
    other = replace(enough, evaluation=judged().evaluation)
    assert remedy(other, "xyz", "last").startswith("run multigan evaluate 'my run' --which last and")
    assert remedy(other, "abc", "last").startswith("read the evaluation's verdict")
