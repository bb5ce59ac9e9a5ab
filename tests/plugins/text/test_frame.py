from collections import Counter

import pytest

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.text.frame import make_frame, pick, tokenized


@pytest.fixture
def frame(grammar):
    texts = [tokenized(grammar(n, seed), "word") for n, seed in ((90, 1), (120, 2), (300, 3))]
    return make_frame(*texts)


def test_all_compared_sets_have_the_same_number(frame):
    assert frame.n == len(frame.real) == len(frame.trivial) == len(frame.shuffled) == 60
    assert len(frame.references) == 60


def test_the_halves_share_no_line_number(grammar):
    held_out = [[f"line{k}"] for k in range(41)]
    frame = make_frame(held_out, held_out, None)
    halves = {line[0] for line in frame.real}, {line[0] for line in frame.references}
    assert not halves[0] & halves[1]
    assert (len(frame.real), len(frame.references)) == (21, 20)


def test_the_order_of_a_file_does_not_choose_the_lines(grammar):
    numbers = [[k] for k in range(100)]
    chosen = [text[0] for text in pick(numbers, 10, Draw(0), "x")]
    assert max(chosen) > 20
    assert chosen == [text[0] for text in pick(numbers, 10, Draw(0), "x")]


def test_shuffled_samples_have_the_same_tokens_and_lengths(frame):
    count = [Counter(token for text in texts for token in text) for texts in (frame.samples, frame.shuffled)]
    assert count[0] == count[1]
    assert [len(text) for text in frame.samples] == [len(text) for text in frame.shuffled]
    assert frame.samples != frame.shuffled


def test_the_trivial_texts_speak_the_language(frame):
    words = {token for text in frame.references + frame.train for token in text}
    assert {token for text in frame.trivial for token in text} <= words


@pytest.mark.parametrize(("samples", "held_out", "given"), [(7, 100, "7 samples"), (10, 15, "15 references")])
def test_too_few_lines_are_an_error(samples, held_out, given):
    with pytest.raises(DataError, match=given):
        make_frame([["a"]] * samples, [["a"]] * held_out, None)


def test_levels():
    assert tokenized(["ab c"], "word") == [["ab", "c"]]
    assert tokenized(["ab c"], "char") == [["a", "b", " ", "c"]]
