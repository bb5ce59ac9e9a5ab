import math

import pytest
import torch

from multigan.plugins.text.ngram import START, NgramModel
from multigan.plugins.text.shares import Shares

TOKENS = torch.tensor([[2, 3, 1, 0, 0], [2, 2, 3, 3, 0], [4, 0, 0, 0, 0]])
COUNTED = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]).bool()
BEFORE = torch.cat([torch.zeros(3, 1, dtype=torch.long), TOKENS[:, :-1] + 1], 1)
VOCAB = 6


def test_shares_under_any_context_sum_to_one():
    model = Shares(BEFORE, TOKENS, COUNTED, VOCAB)
    for context in range(VOCAB + 3):  # seen and unseen ones
        contexts = torch.full((VOCAB,), context)
        assert (-model.nll(contexts, torch.arange(VOCAB))).exp().sum().item() == pytest.approx(1, abs=1e-12)


def test_witten_bell_by_hand():
    # 11 tokens that count, 5 kinds of 6; after 2 come 3, 2, 3: 3 tokens of 2 kinds.
    model = Shares(BEFORE, TOKENS, COUNTED, VOCAB)
    single = (3 + 5 / 6) / (11 + 5)
    assert model.nll(torch.tensor([3]), torch.tensor([3])).item() == pytest.approx(
        -math.log((2 + 2 * single) / (3 + 2))
    )
    unseen = -math.log((0 + 5 / 6) / (11 + 5))
    assert model.nll(torch.tensor([6]), torch.tensor([5])).item() == pytest.approx(unseen)  # after 5: never seen


def test_pairs_are_the_model_of_ngrams_of_order_two():
    texts = [[token for token, counts in zip(*row, strict=True) if counts] for row in zip(TOKENS, COUNTED, strict=True)]
    texts = [[int(token) for token in text] for text in texts]
    slow, fast = NgramModel(texts, VOCAB, order=2), Shares(BEFORE, TOKENS, COUNTED, VOCAB)
    for before in range(START, VOCAB):
        for token in range(VOCAB):
            mine = fast.nll(torch.tensor([before + 1]), torch.tensor([token])).item()
            assert mine == pytest.approx(-math.log(slow.probability(token, [before])), abs=1e-12)


def test_what_does_not_count_is_not_counted():
    a = Shares(BEFORE, TOKENS, COUNTED, VOCAB)
    noise = torch.where(COUNTED, TOKENS, 5)
    b = Shares(BEFORE, noise, COUNTED, VOCAB)
    assert torch.equal(a.nll(BEFORE, TOKENS), b.nll(BEFORE, TOKENS))
