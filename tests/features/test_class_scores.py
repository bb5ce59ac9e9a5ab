import numpy as np
import pytest
import torch
from scipy.stats import entropy

from multigan.features.class_scores import class_scores, inception_like_score


def test_it_is_the_exponential_of_the_mean_divergence():
    probs = torch.rand(50, 7, generator=torch.Generator().manual_seed(0)).double().softmax(1)
    marginal = probs.mean(0).numpy()
    expected = np.exp(np.mean([entropy(row, marginal) for row in probs.numpy()]))
    assert inception_like_score(probs) == pytest.approx(expected, rel=1e-12)


def test_bounds():
    sure = torch.eye(5).repeat(4, 1)
    assert inception_like_score(sure) == pytest.approx(5)
    assert inception_like_score(torch.full((8, 5), 0.2)) == pytest.approx(1)
    assert inception_like_score(torch.eye(5)[:1].repeat(9, 1)) == pytest.approx(1)


def test_a_lost_class_is_named():
    real, fake = torch.eye(4).repeat(5, 1), torch.eye(4)[:3].repeat(5, 1)
    found = class_scores(fake, real)
    assert found.missing == (3,)
    assert found.imbalance == pytest.approx(0.25)
    assert found.histogram_real == pytest.approx((0.25,) * 4)
    assert (found.score, found.score_real) == pytest.approx((3, 4))
    assert class_scores(real, real).imbalance == 0
