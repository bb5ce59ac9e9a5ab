import math
import random
import warnings

import pytest
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.translate.bleu_score import corpus_bleu as nltk_corpus_bleu

from multigan.plugins.text.bleu import BleuReferences, bleu, corpus_bleu, self_bleu, self_bleu_by_text

RNG = random.Random(0)
TEXTS = [[RNG.randrange(6) for _ in range(RNG.randrange(1, 9))] for _ in range(25)]
WORDS = [["abcdef"[k] for k in text] for text in TEXTS]


def nltk_bleu(hypothesis, references, order):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sentence_bleu(references, hypothesis, [1 / order] * order, SmoothingFunction().method1)


@pytest.mark.parametrize("order", [2, 3, 4, 5])
@pytest.mark.parametrize("texts", [TEXTS, WORDS], ids=["ids", "words"])
def test_bleu_equals_nltk(order, texts):
    expected = sum(nltk_bleu(text, texts[10:], order) for text in texts[:10]) / 10
    assert bleu(texts[:10], texts[10:], order) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_corpus_bleu_equals_nltk(order):
    hypotheses, references = TEXTS[:10], TEXTS[10:]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = nltk_corpus_bleu([references] * 10, hypotheses, [1 / order] * order, SmoothingFunction().method1)
    assert corpus_bleu(hypotheses, references, order) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("order", [2, 4, 5])
def test_self_bleu_leaves_the_text_itself_out(order):
    expected = sum(nltk_bleu(text, TEXTS[:k] + TEXTS[k + 1 :], order) for k, text in enumerate(TEXTS)) / len(TEXTS)
    assert self_bleu(TEXTS, order) == pytest.approx(expected, abs=1e-9)


def test_one_count_of_the_references_serves_all_orders():
    tables = BleuReferences(TEXTS[10:], 5)
    rows = [tables.scores(text) for text in TEXTS[:10]]
    for order in range(1, 6):
        assert sum(row[order - 1] for row in rows) / 10 == pytest.approx(bleu(TEXTS[:10], TEXTS[10:], order), abs=1e-12)


def test_the_brevity_of_the_only_text_of_its_length_is_that_of_the_others():
    texts = [[1, 2, 3, 4, 5, 6], [1, 2], [1, 2, 3]]
    assert self_bleu_by_text(texts, 1)[1][0] == pytest.approx(math.exp(1 - 3 / 2))


def test_ends_of_the_scale():
    assert self_bleu([[1, 2, 3, 4, 5]] * 3) == pytest.approx(1)
    assert math.isnan(self_bleu([[1, 2, 3]]))
    assert bleu([[7, 8]], [[1, 2]]) == 0
    assert bleu([[]], [[1, 2]]) == 0
