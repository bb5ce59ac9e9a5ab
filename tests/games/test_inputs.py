"""The default game with inputs: what D sees, what matching terms compare, and the turn without D."""

import torch
from torch import nn

from multigan import losses
from multigan.augment.noise import InstanceNoise
from multigan.core.draw import Draw
from multigan.core.join import Join
from multigan.core.types import Batch, Critique, Latent, Spec
from multigan.games.adversarial import AdversarialGame
from multigan.games.autoencoding import AutoencodingGame
from multigan.games.policy_gradient import PolicyGradientGame
from multigan.games.rules import Rules, Term
from multigan.losses.feature_matching import feature_matching
from multigan.losses.gradient_penalties import r1
from multigan.losses.pairs import l1


class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.latent, self.net = Latent((0,)), nn.Linear(2, 3)

    def forward(self, z, cond=None, draw=None, *, source):
        return self.net(source)


class D(nn.Module):
    """Keeps what it saw."""

    def __init__(self, inputs=5):
        super().__init__()
        self.net, self.seen = nn.Linear(inputs, 1), []

    def forward(self, x, cond=None, draw=None):
        self.seen.append(x.detach())
        return Critique((self.net(x).squeeze(1),), (self.net(x),))


NUMBERS = torch.Generator().manual_seed(1)
BATCH = Batch(torch.randn(6, 3, generator=NUMBERS), None, torch.randn(6, 2, generator=NUMBERS))
JOIN = Join(Spec("x", (3,)), Spec("x", (2,)))


def game(*, join=JOIN, **parts):
    torch.manual_seed(0)
    rules = Rules(losses.losses.get("non-saturating"), join=join, **parts)
    return AdversarialGame({"G": G(), "D": D(5 if join else 3)}, rules)


def test_d_sees_each_sample_with_its_own_input():
    g = game(penalties=[Term("r1", r1)])
    g.d_loss(BATCH, Draw(0)).total.backward()
    real, fake = g.D.seen[:2]
    assert torch.equal(real, torch.cat([BATCH.real, BATCH.source], 1))
    assert torch.equal(fake, torch.cat([g.G.net(BATCH.source), BATCH.source], 1))
    g.D.seen.clear()
    g.judge(BATCH.real, BATCH, Draw(0))
    assert torch.equal(g.D.seen[0], real)


def test_d_sees_samples_alone_where_inputs_are_not_judged():
    g = game(join=None)
    g.g_loss(BATCH, Draw(0)).total.backward()
    assert torch.equal(g.D.seen[0], g.G.net(BATCH.source))


def test_matching_terms_compare_pairs_as_they_are_whatever_the_views_do():
    g = game(matching=[Term("l1", l1, 10.0)], views=[InstanceNoise(1.0, 1.0)])
    loss = g.g_loss(BATCH, Draw(0))
    expected = (BATCH.real - g.G.net(BATCH.source)).abs().mean()
    torch.testing.assert_close(loss.parts["penalty/l1"], expected)
    torch.testing.assert_close(loss.total, loss.parts["loss/G"] + 10 * expected)


def test_matching_terms_that_ask_d_show_it_the_inputs_too():
    g = game(matching=[Term("feature-matching", feature_matching, asks=True)])
    g.g_loss(BATCH, Draw(0)).total.backward()
    assert all(seen.shape == (6, 5) for seen in g.D.seen)


def test_fit_is_the_matching_terms_without_d():
    g = game(matching=[Term("l1", l1, 10.0), Term("feature-matching", feature_matching, asks=True)])
    loss = g.fit_loss(BATCH, Draw(0))
    torch.testing.assert_close(loss.total, 10 * (BATCH.real - g.G.net(BATCH.source)).abs().mean())
    torch.testing.assert_close(loss.parts["loss/fit"], loss.total.detach())
    assert g.D.seen == []
    assert g.turns["fit"][0] == g.roles["fit"] == "G"


def test_reused_fakes_keep_the_inputs_that_they_were_made_for():
    g, later = game(fakes="reused", matching=[Term("l1", l1)]), Batch(BATCH.real + 1, None, BATCH.source + 1)
    g.d_loss(BATCH, Draw(0))
    loss = g.g_loss(later, Draw(0))
    torch.testing.assert_close(loss.parts["penalty/l1"], (BATCH.real - g.G.net(BATCH.source)).abs().mean().detach())
    assert torch.equal(g.D.seen[-1][:, 3:], BATCH.source)


def test_l1_is_per_sample_and_reaches_the_fake():
    fake = torch.zeros(2, 2, requires_grad=True)
    values = l1(None, torch.tensor([[1.0, -3.0], [0.5, 0.5]]), fake, None, Draw(0))
    assert values.tolist() == [2.0, 0.5]
    values.sum().backward()
    assert fake.grad.tolist() == [[-0.5, 0.5], [-0.5, -0.5]]


def test_a_game_says_whether_it_has_a_place_for_inputs():
    assert PolicyGradientGame.takes_inputs
    assert not AutoencodingGame.takes_inputs
