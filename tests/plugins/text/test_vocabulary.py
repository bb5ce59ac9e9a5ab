import json

import pytest

from multigan.plugins.text.vocabulary import END, UNKNOWN, Vocabulary, never_drawn, split

LINES = ["the cat sat", "the dog sat on the mat", "a cat"] * 3


@pytest.mark.parametrize("kind", ["character", "word", "piece", "bpe"])
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


@pytest.mark.parametrize("kind", ["character", "word", "piece", "bpe"])
def test_line_breaks_come_back(kind):
    texts = ["the cat\nsat", "a\n\nb", "the\ncat"] * 3
    learnt = Vocabulary.learn(texts, kind, 200, 1)
    assert [learnt.decode(learnt.encode(text)) for text in texts] == texts
    assert UNKNOWN not in [k for text in texts for k in learnt.encode(text)]


def test_a_break_is_a_word_of_its_own():
    assert split("slowly\nriver  bird", "word") == ["slowly", "\n", "river", "bird"]
    assert "\n" in Vocabulary.learn(["slowly\nriver"], "word", 9, 1).entries


@pytest.mark.parametrize("kind", ["character", "word", "piece", "bpe"])
def test_special_tokens_that_stand_in_texts_are_text(kind):
    texts = ["cat [END] [UNK] x[END] <unk> </s> [PAD] <end> [[END]]"] * 5
    learnt = Vocabulary.learn(texts, kind, 200, 1)
    ids = learnt.encode(texts[0])
    assert not {END, UNKNOWN} & set(ids)
    assert learnt.decode([*ids, END]) == texts[0]


def test_in_a_vocabulary_of_before_special_tokens_are_text_too():
    old = Vocabulary.learn(LINES, "bpe", 200, 1)  # no line holds "[END]", so it is the name of the end
    assert old.entries[END] == "[END]"
    assert END not in old.encode("the cat [END] sat")


def test_what_is_lost_is_never_drawn():
    learnt = Vocabulary.learn(["a �", "b caf�"], "word", 9, 1)
    lost = never_drawn({"vocabulary": learnt.to_meta()})
    assert {learnt.entries[k] for k in lost} == {"�", "caf�"}
    assert UNKNOWN in lost
    assert never_drawn({"vocabulary": {"kind": "number", "size": 5}}) == never_drawn({}) == ()
    bpe = Vocabulary.learn(LINES, "bpe", 200, 1)
    assert never_drawn({"vocabulary": bpe.to_meta()}) == (UNKNOWN,)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("No, I don't...", [" No", ",", " I", " don't", "..."]),
        ("he said: 'go'", [" he", " said", ":", " '", "go", "'"]),
        ("one\ntwo", [" one", "\n", " two"]),
        ("half -- same-sex (so!)", [" half", " --", " same", "-", "sex", " (", "so", "!", ")"]),
        ("\u00bfQu\u00e9? \u00abOui\u00bb", [" \u00bf", "Qu\u00e9", "?", " \u00ab", "Oui", "\u00bb"]),
        ("\u0939\u093f\u0928\u094d\u0926\u0940 \u0964", [" \u0939\u093f\u0928\u094d\u0926\u0940", " \u0964"]),
    ],
)
def test_pieces_are_words_and_marks_and_know_the_space_before_them(text, pieces):
    assert split(text, "piece") == pieces
    learnt = Vocabulary.learn([text], "piece", 99, 1)
    assert learnt.decode([*learnt.encode(text), END]) == text


def test_pieces_take_any_white_space_for_a_space():
    assert split("a\tb\u00a0: c\u3000d\x0ce", "piece") == [" a", " b", " :", " c", " d", " e"]


def test_a_word_is_one_piece_whatever_mark_stands_at_it():
    learnt = Vocabulary.learn(["the cat. the cat, the cat!"], "piece", 99, 1)
    assert learnt.entries[2:4] == (" cat", " the")
    assert learnt.decode(learnt.encode("the dog.")) == "the \ufffd."
    assert never_drawn({"vocabulary": learnt.to_meta()}) == (UNKNOWN,)


@pytest.mark.parametrize("kind", ["word", "piece", "bpe"])
@pytest.mark.parametrize("junk", ["x" * 5000, "!" * 5000, "abc" * 2000])
def test_what_is_too_long_for_a_word_is_learnt_as_none(kind, junk):
    words = Vocabulary.learn(["the cat sat", junk, "the cat ran"] * 2, kind, 40, 1)
    assert max(map(len, words.entries)) < 10
    assert words.decode(words.encode("the cat ran")) == "the cat ran"


def test_byte_pairs_of_scripts_without_spaces_are_learnt_from_long_lines_too():
    words = Vocabulary.learn(["天地玄黄" * 200] * 2, "bpe", 40, 1)
    assert words.entries[-1].strip("▁") in "天地玄黄" * 200
    assert len(words.entries[-1]) > 4


@pytest.mark.parametrize("kind", ["word", "piece", "bpe"])
def test_words_that_hold_what_is_unknown_are_named(kind):
    known = Vocabulary.learn(["are you there", "Anna is here"] * 20, kind, 60, 1)
    assert known.strange("ARE you Xq here Xq") == ["ARE", "Xq"]
    assert known.strange("are you there") == []
    assert known.spelt(["ARE", "Xq"]) == {"ARE": "are"}


def test_a_word_in_other_letters_is_that_which_was_read():
    months = ["3 March 1999", "4 April 2001", "march on", "a chart", "mr harm"] + ["12 March 1987"] * 30
    known = Vocabulary.learn(months, "bpe", 60, 1)
    assert not known.strange("march")
    assert known.spelt(["MARCH"]) == {"MARCH": "March"}


def test_characters_that_are_unknown_are_named():
    known = Vocabulary.learn(["are you there"], "character", 60, 1)
    assert known.strange("ARE z") == ["A", "R", "E", "z"]
    assert known.spelt(["A", "z"]) == {"A": "a"}


@pytest.mark.parametrize(
    ("entries", "small"),
    [(["a", "b1"], True), (["a", "B"], False), (["1", "東"], False), (["é", "?"], True), ([], False)],
)
def test_letters_are_small_where_none_is_a_capital(entries, small):
    assert Vocabulary("character", ["", "�", *entries]).small is small
