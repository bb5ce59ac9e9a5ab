import pytest

from multigan.core.errors import RunError
from multigan.publish.caution import objections, refuse_unless
from multigan.publish.facts import Facts
from multigan.run.flags import MEMORISING, UNTOLD


def judged(**more):
    return Facts(evaluation={"generator": {"weights_sha256": "abc"}, "warnings": [], "flags": {}, **more})


def test_what_was_judged_and_found_clean_passes():
    assert objections(judged(), "abc") == []
    assert objections(judged(warnings=["few samples: wide interval"]), "abc") == []
    refuse_unless(False, [])


def test_what_was_not_judged_is_held_back():
    (line,) = objections(Facts(), "abc")
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
