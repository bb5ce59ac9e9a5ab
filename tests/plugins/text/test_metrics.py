import math
import random
import warnings

import pytest
import torch
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from multigan.plugins.text.metrics import bleu, distinct, scores, self_bleu
from multigan.types import Spec

RNG = random.Random(0)
TEXTS = [[RNG.randrange(6) for _ in range(RNG.randrange(1, 9))] for _ in range(25)]


def nltk_bleu(hypothesis, references, order):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sentence_bleu(references, hypothesis, [1 / order] * order, SmoothingFunction().method1)


@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_bleu_equals_nltk(order):
    expected = sum(nltk_bleu(text, TEXTS[10:], order) for text in TEXTS[:10]) / 10
    assert bleu(TEXTS[:10], TEXTS[10:], order) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("order", [2, 4])
def test_self_bleu_leaves_the_text_itself_out(order):
    expected = sum(nltk_bleu(text, TEXTS[:k] + TEXTS[k + 1 :], order) for k, text in enumerate(TEXTS)) / len(TEXTS)
    assert self_bleu(TEXTS, order) == pytest.approx(expected, abs=1e-9)


def test_ends_of_the_scale():
    assert self_bleu([[1, 2, 3, 4, 5]] * 3) == pytest.approx(1)
    assert math.isnan(self_bleu([[1, 2, 3]]))
    assert distinct([[1, 2, 3], [1, 2]], 2) == pytest.approx(2 / 3)


def test_collapse_shows():
    spec = Spec("text", (5, 9), (), {"end": None, "oracle": {"vocab": 9, "length": 5, "hidden": 4, "seed": 0}})
    real = torch.randint(9, (50, 5))
    found = scores(real, real[:1].expand(50, -1), spec)
    assert found["unique"] == 1 / 50
    assert found["self_bleu_4"] == pytest.approx(1)
    assert math.isfinite(found["nll_oracle"])
