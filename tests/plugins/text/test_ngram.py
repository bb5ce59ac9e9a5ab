import math
from collections import Counter
from itertools import product

import pytest

from multigan.core.draw import Draw
from multigan.plugins.text.ngram import END, START, UNKNOWN, Alphabet, NgramModel, nll_by_text

LINES = ["a cat sat", "a cat ran", "the dog sat", "a dog"]
TEXTS = [line.split() for line in LINES]
ALPHABET = Alphabet(TEXTS)
MODEL = NgramModel(ALPHABET.encode(TEXTS), len(ALPHABET), order=3)


def test_the_probabilities_after_any_history_sum_to_one():
    for n in range(3):
        for history in product(range(START, len(ALPHABET)), repeat=n):
            assert sum(MODEL.probability(k, history) for k in range(MODEL.size)) == pytest.approx(1, abs=1e-12)


def test_witten_bell_by_hand():
    # 15 tokens with the ends, 7 of them different; after the start a, a, the, a; "a" 3 times; after "a": cat, cat, dog.
    a, cat = ALPHABET.encode([["a", "cat"]])[0][:2]
    unigram = (2 + 7 * (1 / 8)) / (15 + 7)
    assert len(ALPHABET) == 8
    assert MODEL.probability(cat, []) == pytest.approx(unigram)
    assert MODEL.probability(a, [START]) == pytest.approx((3 + 2 * (3 + 7 / 8) / (15 + 7)) / (4 + 2))
    assert MODEL.probability(cat, [a]) == pytest.approx((2 + 2 * unigram) / (3 + 2))


def test_an_unknown_token_is_possible_and_unlikely():
    (text,) = ALPHABET.encode([["zebra"]])
    assert text == [UNKNOWN, END]
    assert 0 < MODEL.probability(UNKNOWN, []) < min(MODEL.probability(k, []) for k in range(2, MODEL.size))


def test_the_likelihood_of_a_text_is_a_product():
    (text,) = ALPHABET.encode([["a", "dog"]])
    expected = -sum(math.log(MODEL.probability(k, [START, *text[:p]])) for p, k in enumerate(text))
    sums, tokens = nll_by_text(MODEL, [text, text])
    assert sums.tolist() == pytest.approx([expected] * 2)
    assert tokens.tolist() == [3, 3]


def test_samples_follow_the_probabilities():
    rows = MODEL.sample(20_000, 6, Draw(0).generator("test"))
    firsts = Counter(row[0] for row in rows)
    seconds = Counter(row[1] for row in rows if row[0] == 2)
    for counts, history in ((firsts, [START]), (seconds, [START, 2])):
        for token in range(MODEL.size):
            p, n = MODEL.probability(token, history), counts.total()
            assert abs(counts[token] / n - p) < 5 * math.sqrt(p * (1 - p) / n), (token, history)


def test_samples_end_at_the_end_or_at_the_length():
    rows = MODEL.sample(50, 3, Draw(0).generator("test"))
    assert all(END not in row[:-1] and len(row) <= 3 for row in rows)
    assert rows == MODEL.sample(50, 3, Draw(0).generator("test"))
    assert all(token in ("a", "the", "cat", "dog", "sat", "ran") for row in ALPHABET.decode(rows) for token in row)


def test_a_model_of_one_repeated_text_finds_real_texts_unlikely():
    repeated = NgramModel(ALPHABET.encode(TEXTS[:1] * 4), len(ALPHABET), order=3)
    real = ALPHABET.encode(TEXTS)
    assert nll_by_text(repeated, real)[0].sum() > nll_by_text(MODEL, real)[0].sum() + 5


def test_a_longer_context_helps_on_texts_with_structure():
    texts = [[k, k + 1, k + 2] for k in range(2, 8)] * 5
    by_order = [nll_by_text(NgramModel(texts, 12, order), texts)[0].sum() for order in (1, 2, 3)]
    assert by_order[1] < 0.7 * by_order[0]
    assert by_order[2] < by_order[0]
