import pytest

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.text.form import Layout, parse_layout, plan_form
from multigan.plugins.text.vocabulary import Vocabulary


def spec_of(texts, kind, length):
    vocabulary = Vocabulary.learn(texts, kind, 500, 1)
    return Spec("text", (length, len(vocabulary)), (), {"vocabulary": vocabulary.to_meta(), "end": 0}, 1)


WORDS = spec_of(["the sea sings\nand gulls remember", "green oak\nwhispering nightingale"], "word", 12)
LETTERS = spec_of(["abc de\nfgh"], "character", 12)


@pytest.mark.parametrize(
    ("typed", "layout"),
    [
        ("5x4", Layout((5, 5, 5, 5))),
        ("7 X 2:words", Layout((7, 7), "words")),
        ("5/7/5:syllables", Layout((5, 7, 5), "syllables")),
        ("9", Layout((9,))),
    ],
)
def test_forms_are_read(typed, layout):
    assert parse_layout(typed) == layout


@pytest.mark.parametrize("typed", ["", "x4", "5x", "0x4", "5x0", "5/0/5", "five", "5x4:wrods", "-5x4", "5.5x2"])
def test_what_is_no_form_is_refused_in_words(typed):
    with pytest.raises(DataError, match="form"):
        parse_layout(typed)


@pytest.mark.parametrize(
    ("spec", "wish", "said"),
    [
        (WORDS, {"form": "7x2"}, "takes 15 tokens"),
        (WORDS, {"form": "1x2", "acrostic": "tq"}, "begins with 'q'"),
        (WORDS, {"form": "1x2", "acrostic": "tan"}, "3 letters in 'tan' for the 2 lines"),
        (WORDS, {"form": "1x1:syllables", "acrostic": "w"}, "no line that begins with 'w' has 1 syllables"),
        (WORDS, {"form": "2x2", "first": "the sea sings"}, "has 3 words"),
        (WORDS, {"first": "the see"}, "did you mean sea"),
        (WORDS, {"first": "the sea", "acrostic": "ga"}, "does not begin with 'g'"),
        (LETTERS, {"form": "2x2:words"}, "character by character"),
        (LETTERS, {"form": "5x4"}, "takes 23 tokens"),
        (spec_of(["abc"], "character", 9), {"form": "2x2"}, "never saw a line's end"),
        (spec_of(["abc abc"] * 3, "bpe", 9), {"form": "2x2"}, "byte pairs"),
        (
            Spec("text", (4, 9), (), {"vocabulary": {"kind": "number", "size": 9}, "end": None}, 1),
            {"form": "1x1"},
            "numb",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_drawn(spec, wish, said):
    with pytest.raises(DataError, match=said):
        plan_form(spec, **wish)


def test_a_plan_says_what_is_asked():
    plan = plan_form(WORDS, form="5/7:syllables", first="the sea remember")
    assert plan.said == {"form": "5/7 syllables", "first": "the sea remember"}
    assert (plan.shortest(0), plan.shortest(1)) == (3, 3)
    assert plan_form(WORDS, acrostic="Ta").lines == (None, None)
