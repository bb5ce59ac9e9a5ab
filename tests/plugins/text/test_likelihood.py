from itertools import product

import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.plugins.text.likelihood import Mean, held_out_oracle_texts, nll_of, oracle_scores, sampled_ids
from multigan.plugins.text.lstm import LstmG
from multigan.plugins.text.oracle import Oracle

VOCAB, LENGTH = 3, 4
ALL = torch.tensor(list(product(range(VOCAB), repeat=LENGTH)))  # every text there is: 81
ORACLE = Oracle(VOCAB, LENGTH, hidden=4, seed=1).double()


def tiny_g(scale=1.0, end=None):
    torch.manual_seed(3)
    net = LstmG(LENGTH, VOCAB, embed=4, hidden=5, end=end).double().eval().requires_grad_(False)
    for parameter in net.parameters():
        parameter.normal_(0, scale)
    return net


def log_probability(G, temperature=1.0):
    return -nll_of(G, ALL, temperature) * LENGTH


def exact_kl(p, q):
    return (p.exp() * (p - q)).sum().item() / LENGTH


def test_the_oracle_is_a_distribution():
    assert (-ORACLE.nll(ALL) * LENGTH).exp().sum().item() == pytest.approx(1, abs=1e-12)
    single = Oracle(VOCAB, LENGTH, hidden=4, seed=1)
    assert torch.allclose(single.nll(ALL).double(), ORACLE.nll(ALL), atol=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
def test_g_at_any_temperature_is_a_distribution(temperature):
    assert log_probability(tiny_g(), temperature).exp().sum().item() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("temperature", [0.6, 1.0])
def test_all_scores_meet_their_exact_sums(temperature):
    G, n = tiny_g(), 20_000
    test, fake = held_out_oracle_texts(ORACLE, n), sampled_ids(G, n, seed=0, temperature=temperature)
    scores = oracle_scores(G, ORACLE, test, fake, temperature)
    truth, model = -ORACLE.nll(ALL) * LENGTH, log_probability(G, temperature)
    exact = {
        "nll_oracle": -(model.exp() * truth).sum().item() / LENGTH,
        "nll_test": -(truth.exp() * model).sum().item() / LENGTH,
        "own_entropy": -(model.exp() * model).sum().item() / LENGTH,
        "floor": -(truth.exp() * truth).sum().item() / LENGTH,
        "reverse_kl": exact_kl(model, truth),
        "forward_kl": exact_kl(truth, model),
    }
    for name, expected in exact.items():
        found = getattr(scores, name)
        assert abs(found.value - expected) < 4 * found.error, name
        assert 0 < found.error < 0.02, name


def test_a_perfect_generator_has_no_divergence():
    """The oracle itself in the place of G."""

    class Perfect(torch.nn.Module):
        end = None

        def logits(self, tokens):
            state, token = ORACLE._start(len(tokens))
            rows = []
            for t in range(tokens.shape[1]):
                logits, state = ORACLE._step(token, state)
                rows.append(logits)
                token = tokens[:, t]
            return torch.stack(rows, 1)

    test, fake = held_out_oracle_texts(ORACLE, 500), held_out_oracle_texts(ORACLE, 500, seed=9)
    scores = oracle_scores(Perfect(), ORACLE, test, fake)
    assert scores.reverse_kl.value == pytest.approx(0, abs=1e-12)
    assert scores.forward_kl.value == pytest.approx(0, abs=1e-12)


def test_a_sharpened_oracle_beats_the_floor_but_not_the_divergence():
    oracle = Oracle(50, 8, hidden=8, seed=0)
    sharp = oracle.sample(2000, Draw(0).generator("x"), temperature=0.5)
    assert oracle.nll(sharp).mean() < oracle.nll(held_out_oracle_texts(oracle, 2000)).mean() - 0.2


def test_held_out_texts_are_others_than_the_training_texts():
    trained = ORACLE.sample(50, Draw(0).generator("oracle/train"))
    assert not torch.equal(trained, held_out_oracle_texts(ORACLE, 50))


def test_samples_do_not_depend_on_how_many_are_asked_for():
    G = tiny_g()
    assert torch.equal(sampled_ids(G, 300, seed=1)[:20], sampled_ids(G, 20, seed=1))
    assert not torch.equal(sampled_ids(G, 20, seed=2), sampled_ids(G, 20, seed=1))


def test_low_temperature_is_greedy():
    G = tiny_g(scale=2.0)
    assert len(sampled_ids(G, 200, seed=1, temperature=1e-3).unique(dim=0)) == 1
    hot = G(torch.zeros(200, 0, dtype=torch.float64), None, Draw(0), temperature=1e6)
    assert torch.allclose(hot.mean((0, 1)), torch.full((VOCAB,), 1 / VOCAB, dtype=torch.float64), atol=0.07)
    assert F.one_hot(G.sample(4, Draw(0)), VOCAB).equal(G(torch.zeros(4, 0), None, Draw(0)).long())


def test_the_mean_has_its_standard_error():
    assert Mean.of(torch.tensor([1.0, 3.0])) == (2.0, pytest.approx(1.0))
