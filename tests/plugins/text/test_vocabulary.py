import json

import pytest

from multigan.plugins.text.vocabulary import END, UNKNOWN, Vocabulary

LINES = ["the cat sat", "the dog sat on the mat", "a cat"] * 3


@pytest.mark.parametrize("kind", ["character", "word", "bpe"])
def test_texts_come_back_also_after_json(kind):
    learnt = Vocabulary.learn(LINES, kind, 200, 1)
    again = Vocabulary.from_meta({"vocabulary": json.loads(json.dumps(learnt.to_meta()))})
    for line in LINES:
        ids = learnt.encode(line)
        assert END not in ids
        assert UNKNOWN not in ids
        assert again.decode([*ids, END, 3]) == line


def test_the_most_frequent_stay_and_others_are_unknown():
    vocabulary = Vocabulary.learn(LINES, "word", 4, 1)
    assert len(vocabulary) == 4
    assert vocabulary.entries[2] == "the"
    assert vocabulary.encode("the zebra")[1] == UNKNOWN
    assert vocabulary.decode([2, UNKNOWN]) == "the �"


def test_rare_tokens_are_cut():
    assert "z" not in Vocabulary.learn([*LINES, "z"], "word", 100, 2).entries


def test_ties_do_not_depend_on_the_order_of_lines():
    assert Vocabulary.learn(["b a"], "word", 9, 1).entries == Vocabulary.learn(["a b"], "word", 9, 1).entries


def test_numbers_have_no_end():
    assert Vocabulary.numbers(5).decode([3, 0, 1]) == "3 0 1"
