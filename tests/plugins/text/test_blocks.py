import math

import pytest
import torch

from multigan.metrics.intervals import wilson
from multigan.plugins.text.blocks import Parts, all_scores
from multigan.plugins.text.frame import make_frame, tokenized


@pytest.fixture(scope="module")
def frame(grammar):
    return make_frame(*(tokenized(grammar(n, seed), "word") for n, seed in ((90, 1), (200, 2), (300, 3))))


def test_a_score_is_a_ratio_of_sums():
    parts = Parts(torch.tensor([1.0, 5.0]).double(), torch.tensor([1.0, 2.0]).double())
    assert parts.value == 2.0
    assert parts.resampled(torch.tensor([[0, 0], [1, 1]])).tolist() == [1.0, 2.5]
    assert Parts.mean([1, 2]).value == 1.5


def test_the_interval_is_that_of_a_mean():
    values = torch.randn(400, generator=torch.Generator().manual_seed(0)).tolist()
    low, high = Parts.mean(values).interval()
    assert high - low == pytest.approx(2 * 1.96 / math.sqrt(400), rel=0.15)
    assert Parts.mean([1.0]).interval() is None


def test_reals_score_as_reals_and_faults_are_seen(frame):
    reals, shuffled = all_scores(frame.real, frame), all_scores(frame.shuffled, frame)
    repeated = all_scores(frame.real[:1] * frame.n, frame)
    copied = all_scores(frame.train[: frame.n], frame)
    for key, worse in {"lm_nll": shuffled, "reverse_nll": repeated}.items():
        assert worse[key].value > reals[key].value + 0.5, key
    assert reals["bleu_4"].value > shuffled["bleu_4"].value + 0.3
    assert repeated["self_bleu_4"].value == pytest.approx(1)
    assert repeated["distinct_2"].value < 0.1 < reals["distinct_2"].value
    assert copied["novel"].value == 0 < reals["novel"].value
    assert copied["longest_copy"].value > reals["longest_copy"].value > shuffled["longest_copy"].value
    assert copied["repeated_4"].value == 1


def test_without_training_lines_nothing_is_said_of_copies(frame, grammar):
    alone = make_frame(frame.samples, [*frame.real, *frame.references], None)
    assert not {"novel", "longest_copy", "repeated_4"} & set(all_scores(alone.samples, alone))


def test_a_share_of_all_texts_has_the_interval_of_trials_and_not_none():
    low, high = Parts.mean([1.0] * 50).interval()
    assert (low, high) == (wilson(50, 50).low, 1.0)
    assert low < 1
    assert Parts.mean([1.0] * 50).is_share
    assert not Parts.mean([0.5] * 50).is_share
