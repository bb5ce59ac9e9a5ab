"""Likelihoods under weights, against sums over all texts of a tiny vocabulary."""

from itertools import product

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from multigan.core.types import Spec
from multigan.plugins.text.evaluation import model_rows
from multigan.plugins.text.likelihood import nll_of, sampled_ids
from multigan.plugins.text.lstm import LstmG
from multigan.plugins.text.reweighted import reweighted_rows, weighted

LENGTH, VOCAB = 3, 4


class _Fewer(nn.Module):
    """A net whose texts count less for every token 0 in them."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.plain = LstmG(LENGTH, VOCAB, embed=4, hidden=5).eval()
        for parameter in self.plain.parameters():
            nn.init.normal_(parameter, 0, 0.7)

    def log_weight(self, x):
        return -0.8 * x[:, :, 0].sum(1)


@pytest.fixture
def net():
    return _Fewer()


@pytest.fixture
def everything():
    return torch.tensor(list(product(range(VOCAB), repeat=LENGTH)))


def exact(net, everything):
    """Log density of every text."""
    log_q = -LENGTH * nll_of(net.plain, everything).double()
    log_w = net.log_weight(F.one_hot(everything, VOCAB).float()).double()
    assert float(log_q.exp().sum()) == pytest.approx(1, abs=1e-5)
    return log_q + log_w - (log_q + log_w).logsumexp(0), (log_q + log_w).logsumexp(0)


def test_log_z_is_that_of_all_texts(net, everything):
    _, log_z = exact(net, everything)
    found = weighted(net, seed=0).partition
    assert found.value == pytest.approx(float(log_z), abs=4 * found.error)
    assert 0 < found.error < 0.02
    assert found.high >= found.value


def test_held_out_nll_is_exact_up_to_log_z(net, everything):
    log_p, log_z = exact(net, everything)
    (row,) = reweighted_rows(net, everything, Spec("text", (LENGTH, VOCAB)))
    assert row["key"] == "nll_test"
    off = (weighted(net, 0).partition.value - float(log_z)) / LENGTH
    assert row["value"] == pytest.approx(float(-log_p.mean()) / LENGTH + off, abs=1e-5)
    assert row["low"] < row["value"] < row["high"]


def test_both_divergences_from_an_oracle(net):
    spec = Spec("text", (4, VOCAB), meta={"oracle": {"vocab": VOCAB, "length": 4, "hidden": 3, "seed": 0}})
    net.plain.length = 4
    rows = {row["key"]: row for row in model_rows(net, torch.zeros(2, 4, dtype=torch.long), spec)}
    assert rows.keys() == {"reverse_kl", "forward_kl", "nll_oracle", "nll_test", "own_entropy"}
    assert rows["reverse_kl"]["value"] > 0
    assert rows["forward_kl"]["value"] > 0
    everything = torch.tensor(list(product(range(VOCAB), repeat=4)))
    log_q = -4 * nll_of(net.plain, everything).double()
    log_p = log_q + net.log_weight(F.one_hot(everything, VOCAB).float()).double()
    log_p = log_p - log_p.logsumexp(0)
    entropy = -float((log_p.exp() * log_p).sum()) / 4
    assert rows["own_entropy"]["value"] == pytest.approx(entropy, abs=0.03)


def test_a_net_without_likelihood_gets_no_rows(net):
    net.plain = nn.Linear(1, 1)
    assert reweighted_rows(net, torch.zeros(2, 4, dtype=torch.long), Spec("text", (4, VOCAB))) == []


def test_the_constant_counts_the_unknown_token_as_likelihoods_do():
    from multigan.plugins.text.lstm import LstmG
    from multigan.plugins.text.reweighted import unbarred

    net = LstmG(6, 5, hidden=4, end=0, barred=(1,)).eval()
    with torch.no_grad():
        net.out.bias.copy_(torch.tensor([0.0, 3.0, 0.0, 0.0, 0.0]))
    assert not (sampled_ids(net, 200, 0, 1.0) == 1).any()
    with unbarred(net):
        drawn = sampled_ids(net, 2000, 0, 1.0)
    shares = net.logits(torch.zeros(1, 6, dtype=torch.long))[0, 0].softmax(0)
    assert abs((drawn[:, 0] == 1).double().mean() - shares[1]) < 0.03
    assert net.barred == (1,)
