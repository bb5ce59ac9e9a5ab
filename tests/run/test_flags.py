import json

import pytest

from multigan.publish.caution import objections
from multigan.publish.facts import read_facts
from multigan.run.flags import COLLAPSED, MEMORISING, STILL_FAR, UNTOLD, flags_of, health_in, remarks_of

OLD = {
    "generator": {"which": "best", "weights_sha256": "abc"},
    "warnings": ["40 items are held out, too few for 64 features: scores compare with 200 trained items"],
    "verdict": [
        "diversity: Vendi 3 of real 4: as diverse as reals",
        "memorising: no sign of it",
    ],
}
ALARM = "memorising: the fakes are copies of training items, or nearly; do not publish the generator"


def test_flags_are_read_as_they_are_and_sentences_beside_them_are_not():
    assert flags_of({**OLD, "flags": {}, "warnings": [ALARM]}) == {}
    assert flags_of({**OLD, "flags": {MEMORISING: "words"}}) == {MEMORISING: "words"}


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({}, {}),
        ({"warnings": ["copies are looked for among 5 of 9 trained items only"]}, {}),
        ({"warnings": ["another thing", ALARM]}, {MEMORISING: ALARM}),
        ({"warnings": ["Memorisation: C_T = -4.1"]}, {MEMORISING: "Memorisation: C_T = -4.1"}),
        (
            {"verdict": ["memorising: cannot be told, 0 items are held out"]},
            {UNTOLD: "memorising: cannot be told, 0 items are held out"},
        ),
    ],
)
def test_an_old_file_without_flags_still_says_them(changes, flags, tmp_path):
    (tmp_path / "recipe.toml").write_text("")
    (tmp_path / "evaluation.json").write_text(json.dumps({**OLD, **changes}))
    facts = read_facts(tmp_path)
    assert flags_of(facts.evaluation) == flags
    assert objections(facts, "abc") == [f"evaluation: {words}" for words in flags.values()]


def test_remarks_are_of_quality_and_never_of_copies():
    flags = {MEMORISING: "copies", STILL_FAR: "still far: a judge", COLLAPSED: "collapsed: alike"}
    assert remarks_of({**OLD, "flags": flags}) == ["still far: a judge", "collapsed: alike"]
    assert remarks_of(OLD) == []


def test_the_word_of_an_evaluation_is_read_or_there_is_none():
    assert health_in({"health": {"name": "healthy", "why": ["one", 2]}}) == ("healthy", ["one", "2"])
    assert health_in({"health": {"name": "healthy", "why": "torn"}}) == ("healthy", [])
    for damaged in ({}, {"health": []}, {"health": {"name": 3}}):
        assert health_in(damaged) == ("", [])
