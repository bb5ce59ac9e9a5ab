import torch

from multigan.plugins.text.features import hashed_ngrams


def test_features_are_unit_vectors_that_see_order():
    tokens = torch.tensor([[1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 3, 4]])
    features = hashed_ngrams(tokens)
    assert features.shape == (3, 256)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(3))
    assert torch.equal(features[0], features[2])
    assert not torch.equal(features[0], features[1])
    assert hashed_ngrams(torch.tensor([[5]])).shape == (1, 256)


def test_the_same_words_in_another_order_are_far_apart():
    tokens = torch.randint(2, 500, (20, 12), generator=torch.Generator().manual_seed(0))
    a, b = hashed_ngrams(tokens), hashed_ngrams(tokens.flip(1))
    torch.testing.assert_close(a[:, :64], b[:, :64])  # single tokens cannot tell
    assert ((a - b).norm(dim=1) > 0.8).all()
