import pytest
import torch
import torch.nn.functional as F
from torch import nn

from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.abilities import Gauges, able
from multigan.plugins.text.gauge import make_gauge
from multigan.plugins.text.likelihood import nll_of
from multigan.plugins.text.lstm import LstmG

VOCAB, LENGTH = 7, 6
SPEC = Spec("text", (LENGTH, VOCAB), (), {"vocabulary": {"kind": "character"}, "end": 0}, 1)
G = LstmG(LENGTH, VOCAB, embed=3, hidden=4, end=0).eval()


class Mute(nn.Module):
    """A generator without a likelihood."""


def chains(n, seed, ordered=True):
    """Texts that count upwards from a random token, ended at random; or tokens with no such order."""
    draw = torch.Generator().manual_seed(seed)
    first = torch.randint(0, VOCAB - 1, (n, 1), generator=draw)
    steps = torch.arange(LENGTH)[None] if ordered else torch.randint(0, VOCAB - 1, (n, LENGTH), generator=draw)
    ids = (first + steps) % (VOCAB - 1) + 1
    ends = torch.randint(3, LENGTH + 1, (n, 1), generator=draw)
    return torch.where(torch.arange(LENGTH)[None] < ends, ids, 0)


def one_hot(ids):
    return F.one_hot(ids, VOCAB).float()


def gauge_of(ordered=True, n=400):
    trained, unseen = one_hot(chains(n, 1, ordered)), one_hot(chains(200, 2, ordered))
    return make_gauge(iter(trained.split(64)), iter(unseen.split(64)), SPEC)


def gap(found):
    return (found["order"] - found["order_floor"]) / (found["order_trivial"] - found["order_floor"])


def dealt(ids, seed):
    order = torch.rand(ids.shape, generator=torch.Generator().manual_seed(seed)).argsort(0)
    return ids.gather(0, order)


def test_fakes_like_reals_are_at_the_floor_and_dealt_ones_at_the_baseline():
    gauge, reals = gauge_of(), chains(256, 3)
    assert gap(gauge(G, one_hot(reals))) == pytest.approx(0, abs=0.05)
    assert gap(gauge(G, one_hot(dealt(reals, 4)))) == pytest.approx(1, abs=0.1)
    half = torch.cat([reals[:128], dealt(reals[128:], 4)])
    assert gap(gauge(G, one_hot(half))) == pytest.approx(0.5, abs=0.1)


def test_letter_shares_alone_do_not_tell_what_order_tells():
    """The planted fault: every place has the right shares, so that counts of places call the fakes real."""
    reals = chains(2000, 5)
    fakes = dealt(reals, 6)
    for place in range(LENGTH):
        assert torch.equal(fakes[:, place].bincount(minlength=VOCAB), reals[:, place].bincount(minlength=VOCAB))
    assert gap(gauge_of()(G, one_hot(fakes))) > 0.9


def test_what_follows_the_first_end_counts_for_nothing():
    gauge, reals = gauge_of(), chains(64, 7)
    ended = (reals == 0).cumsum(1) > 1
    noisy = torch.where(ended, 5, reals)
    assert gauge(G, one_hot(noisy)) == gauge(G, one_hot(reals))


def test_surprise_is_the_likelihood_of_trained_texts():
    found = gauge_of()(G, one_hot(chains(8, 8)))
    assert found["surprise"] == pytest.approx(nll_of(G, chains(400, 1)[:100]).mean().item(), rel=1e-6)
    assert found["surprise_trivial"] < found["surprise"]  # G is untrained
    assert found["surprise_unseen"] == pytest.approx(nll_of(G, chains(200, 2)).mean().item(), rel=1e-6)


def learned(trained, hidden, steps):
    torch.manual_seed(0)
    net = LstmG(LENGTH, VOCAB, embed=8, hidden=hidden, end=0)
    optimizer = torch.optim.Adam(net.parameters(), 0.02)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(net.logits(trained).flatten(0, 1), trained.flatten()).backward()
        optimizer.step()
    return net.eval()


def test_a_g_that_learns_is_surprised_less_than_shares_and_one_that_forgets_more():
    net, gauge, fakes = learned(chains(400, 1), 24, 60), gauge_of(), one_hot(chains(8, 8))
    found = gauge(net, fakes)
    assert found["surprise"] < found["surprise_trivial"]
    with torch.no_grad():
        net.out.weight.mul_(-1)  # what was likely is unlikely now
    assert gauge(net, fakes)["surprise"] > found["surprise_trivial"]


def test_a_g_that_learned_its_texts_by_heart_has_forgotten_nothing():
    trained, unseen = chains(64, 1, ordered=False), chains(200, 2, ordered=False)
    net = learned(trained, 48, 150)
    found = make_gauge([one_hot(trained)], [one_hot(unseen)], SPEC)(net, one_hot(unseen[:8]))
    assert nll_of(net, unseen).mean() > found["surprise_trivial"]
    assert found["surprise"] < found["surprise_trivial"]


@pytest.mark.parametrize("net", [Mute(), LstmG(LENGTH, VOCAB, nz=2, end=0)])
def test_without_an_exact_likelihood_there_is_no_surprise(net):
    found = gauge_of()(net, one_hot(chains(8, 8)))
    assert "order" in found
    assert not {"surprise", "surprise_trivial", "surprise_unseen"} & set(found)


def test_reals_without_order_give_no_scale_for_it():
    assert "order" not in gauge_of(ordered=False)(G, one_hot(chains(8, 8)))


def test_texts_of_fixed_length_have_no_end():
    spec = Spec("text", (LENGTH, VOCAB), (), {"vocabulary": {"kind": "number"}, "end": None}, 1)
    net = LstmG(LENGTH, VOCAB, embed=3, hidden=4).eval()
    ids = (torch.arange(300)[:, None] + torch.arange(LENGTH)) % VOCAB  # token 0 is one like the others
    found = make_gauge([one_hot(ids)], [one_hot(ids[:50])], spec)(net, one_hot(ids[:20]))
    assert gap(found) == pytest.approx(0, abs=0.05)


def test_nothing_unseen_nothing_measured():
    assert make_gauge([one_hot(chains(50, 1))], [], SPEC)(G, one_hot(chains(8, 8))) == {}


def test_the_modality_offers_it():
    modality = modalities.get("text")
    assert able(modality, Gauges)
    made = modality.gauge([one_hot(chains(400, 1))], [one_hot(chains(200, 2))], SPEC)
    assert made(G, one_hot(chains(8, 8))) == gauge_of()(G, one_hot(chains(8, 8)))
