import random

import pytest

from multigan.plugins.text.copying import copied_share, distinct, longest_copies, repeated_share, unique_share

TRAIN = [line.split() for line in ["a cat sat on a mat", "the dog ran", "a dog sat"]]


def slow_longest(text, train):
    """By the definition: all runs of the text, looked for in every line."""
    runs = [tuple(text[i:j]) for i in range(len(text)) for j in range(i + 1, len(text) + 1)]
    inside = {tuple(line[i:j]) for line in train for i in range(len(line)) for j in range(i + 1, len(line) + 1)}
    return max((len(run) for run in runs if run in inside), default=0)


def test_the_longest_copies_are_those_of_the_definition():
    rng = random.Random(0)
    train = [[rng.randrange(4) for _ in range(rng.randrange(1, 9))] for _ in range(12)]
    texts = [[rng.randrange(5) for _ in range(rng.randrange(9))] for _ in range(60)]
    assert longest_copies(texts, train) == [slow_longest(text, train) for text in texts]


def test_a_run_over_two_lines_is_no_copy():
    assert longest_copies([["a", "mat", "the", "dog"]], TRAIN) == [2]


def test_planted_copies_show():
    texts = [*TRAIN[:2], ["the", "cat", "sat", "on", "the", "dog"]]
    assert copied_share(texts, TRAIN) == pytest.approx(2 / 3)
    assert longest_copies(texts, TRAIN) == [6, 3, 3]
    assert longest_copies([[], ["zebra"]], TRAIN) == [0, 0]


def test_letters_of_a_string_are_tokens_too():
    assert longest_copies(["banana", "xbanx"], ["bandana"]) == [3, 3]
    assert copied_share(["banana", "bandana"], ["bandana"]) == 0.5


def test_repeated_grams():
    assert repeated_share([["a", "dog", "ran"]], TRAIN, 2) == 1.0
    assert repeated_share([["a", "dog", "ran"]], TRAIN, 3) == 0.0


def test_variety():
    assert distinct([[1, 2, 3], [1, 2]], 2) == pytest.approx(2 / 3)
    assert distinct([[1]], 2) == 0
    assert unique_share([[1, 2], [1, 2], [1], []]) == 0.75
