import pytest
import torch
from torch import nn

from multigan import losses
from multigan.draw import Draw
from multigan.games.adversarial import AdversarialGame, Term
from multigan.types import Batch, Critique, Latent


class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.latent = Latent((2,))
        self.net = nn.Linear(2, 3)

    def forward(self, z, cond=None, draw=None):
        return self.net(z)


class TwoHeads(nn.Module):
    """A multi-scale critic: one logit per sample, and a patch of four."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 1), nn.Linear(3, 4)

    def forward(self, x, cond=None, draw=None):
        hidden = self.b(x)
        return Critique((self.a(x).squeeze(1), hidden), (hidden,))


BATCH = Batch(torch.randn(6, 3, generator=torch.Generator().manual_seed(1)))


def game(name="non-saturating", **options):
    torch.manual_seed(0)
    return AdversarialGame(G(), TwoHeads(), loss=losses.losses.get(name), **options)


@pytest.mark.parametrize("name", losses.losses.names())
def test_every_loss_plays_with_several_heads(name):
    g = game(name)
    for turn in ("d", "g"):
        player, loss_of = g.turns[turn]
        loss = loss_of(BATCH, Draw(0))
        loss.total.backward()
        assert torch.isfinite(loss.total)
        assert all(p.grad is not None for p in g.players[player].parameters())


def test_heads_count_equally():
    g = game("wasserstein")
    loss = g.d_loss(BATCH, Draw(0))
    with torch.no_grad():
        fake = g.fake(BATCH, Draw(0))
        real, made = g.judge(BATCH.real, None, Draw(0)), g.judge(fake, None, Draw(0))
        expected = sum((f.mean() - r.mean()) for r, f in zip(real.logits, made.logits, strict=True)) / 2
    torch.testing.assert_close(loss.total.detach(), expected)


@pytest.mark.parametrize("every", [1, 4])
def test_a_lazy_term_means_the_same_on_average(every):
    term = Term("one", lambda D, real, fake, cond, draw: torch.ones(len(real)), weight=0.5, every=every)
    g, plain = game(penalties=[term]), game()
    extra = [g.d_loss(BATCH, Draw(0, k)).total - plain.d_loss(BATCH, Draw(0, k)).total for k in range(8)]
    torch.testing.assert_close(torch.stack(extra).mean().detach(), torch.tensor(0.5))


def test_fakes_for_d_carry_no_graph_and_reals_for_g_no_gradient():
    g = game("relativistic")
    g.d_loss(BATCH, Draw(0)).total.backward()
    assert all(p.grad is None for p in g.G.parameters())


def test_matching_terms_belong_to_g():
    g = game(matching=[Term("fm", losses.matching.get("feature-matching"), 2.0)])
    loss = g.g_loss(BATCH, Draw(0))
    assert "penalty/fm" in loss.parts
    assert "penalty/fm" not in g.d_loss(BATCH, Draw(0)).parts


def test_constraints_follow_d_only():
    seen = []
    g = game(constraints=[seen.append])
    g.after("G")
    assert seen == []
    g.after("D")
    assert seen == [g.D]


def test_label_smoothing_changes_d_only():
    a, b = game(), game(label_smoothing=0.1)
    assert a.d_loss(BATCH, Draw(0)).total != b.d_loss(BATCH, Draw(0)).total
    assert torch.equal(a.g_loss(BATCH, Draw(0)).total, b.g_loss(BATCH, Draw(0)).total)


def test_objectives_become_turns_of_g():
    g = game(objectives={"mle": lambda G, batch, draw: G.net(batch.real[:, :2]).square().sum(1)})
    player, loss_of = g.turns["mle"]
    assert player == "G"
    assert "loss/mle" in loss_of(BATCH, Draw(0)).parts
