import pytest
import torch
from torch import nn

from multigan import losses
from multigan.augment.noise import InstanceNoise
from multigan.augment.pack import Pack
from multigan.core.draw import Draw
from multigan.core.types import Batch, Critique, Latent, Spec
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules, Term


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
    return AdversarialGame({"G": G(), "D": TwoHeads()}, Rules(losses.losses.get(name), **options))


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
        real, made = g.judge(BATCH.real, BATCH, Draw(0)), g.judge(fake, BATCH, Draw(0))
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


class Notebook(nn.Module):
    """A view that changes nothing and writes down what happens to it."""

    def __init__(self):
        super().__init__()
        self.register_buffer("settled", torch.zeros(()))
        self.calls, self.margins = [], []

    def forward(self, x, draw):
        self.calls.append((x, draw.path))
        return x

    def observe(self, margins, draw):
        self.margins.append(margins)

    def report(self):
        return {"view/settled": self.settled}

    def settle(self):
        self.settled += 1


@pytest.mark.parametrize("turn", ["d", "g"])
def test_views_see_reals_and_fakes_in_both_turns(turn):
    book = Notebook()
    game("relativistic", views=[book]).turns[turn][1](BATCH, Draw(0))
    assert sorted(path for _, path in book.calls) == ["fake/view-0/", "real/view-0/"]


def test_penalties_and_logits_are_those_of_what_d_sees():
    seen = []
    shift = lambda x, draw: x + 5  # noqa: E731
    term = Term("look", lambda D, real, fake, cond, draw: seen.append((real, fake)) or real.sum(1))
    g = game(views=[shift, InstanceNoise(0.5, 0.5)], penalties=[term])
    g.d_loss(BATCH, Draw(0))
    ((real, fake),) = seen
    noise = Draw(0).child("real").child("view-1").normal("instance-noise", (6, 3))
    torch.testing.assert_close(real, BATCH.real + 5 + 0.5 * noise)
    assert not torch.equal(real - BATCH.real, fake - g.fake(BATCH, Draw(0)))
    judged = g.judge(BATCH.real, BATCH, Draw(0).child("real")).logits[0]
    torch.testing.assert_close(judged, g.D.a(real).squeeze(1))


def test_g_learns_through_views():
    g = game(views=[lambda x, draw: 3 * x])
    plain = game()
    grads = []
    for played in (g, plain):
        fake = played.see(played.fake(BATCH, Draw(0)), Draw(0))
        grads.append(torch.autograd.grad(fake.sum(), played.G.net.weight)[0])
    torch.testing.assert_close(grads[0], 3 * grads[1])


def test_without_views_d_sees_the_samples_themselves():
    assert game().see(BATCH.real, Draw(0)) is BATCH.real


@pytest.mark.parametrize("name", ["hinge", "relativistic"])
def test_watchers_hear_signs_that_mean_something_under_the_loss(name):
    book = Notebook()
    g = game(name, views=[book])
    loss = g.d_loss(BATCH, Draw(0))
    real = g.judge(BATCH.real, BATCH, Draw(0)).logits
    fake = g.judge(g.fake(BATCH, Draw(0)), BATCH, Draw(0)).logits
    expected = [r - f if name == "relativistic" else r for r, f in zip(real, fake, strict=True)]
    for margin, value in zip(book.margins, expected, strict=True):
        torch.testing.assert_close(margin, value.detach())
        assert not margin.requires_grad
    assert loss.parts["view/settled"] == 0


def test_memory_holds_what_has_a_state_and_settles_after_d():
    book = Notebook()
    g = game(views=[InstanceNoise(0.1, 0.0), book])
    assert list(g.memory) == ["view-1"]
    g.after("G")
    assert book.settled == 0
    g.after("D")
    assert g.memory["view-1"].settled == 1


@pytest.mark.parametrize("name", losses.losses.names())
def test_every_loss_plays_with_packs(name):
    torch.manual_seed(0)
    view = Pack(2)
    D = nn.Sequential(nn.Linear(view.spec(Spec("points", (3,))).shape[0], 1), nn.Flatten(0))
    D.forward = lambda x, cond=None, draw=None: D[1](D[0](x))
    term = Term("r1", losses.penalties.get("r1"))
    g = AdversarialGame({"G": G(), "D": D}, Rules(losses.losses.get(name), views=[view], penalties=[term]))
    for turn in ("d", "g"):
        loss = g.turns[turn][1](BATCH, Draw(0))
        loss.total.backward()
        assert torch.isfinite(loss.total)
    assert g.judge(BATCH.real, BATCH, Draw(0)).logits[0].shape == (3,)


@pytest.mark.parametrize("turn", ["d", "g"])
def test_the_means_of_logits_are_those_of_all_processes(turn):
    """Another process whose logits are these plus 2: its share moves every mean by 1."""
    g, draw = game("relativistic-average"), Draw(0)
    shifted = Draw(0, gather=lambda x: torch.cat([x, x + 2]))
    pair = losses.losses.get("relativistic-average")
    assert pair.needs_mean
    with torch.no_grad():
        fake = g.fake(BATCH, draw)
        pairs = zip(g.judge(BATCH.real, BATCH, draw).logits, g.judge(fake, BATCH, draw).logits, strict=True)
        values = []
        for real, made in pairs:
            sides = (real, made) if turn == "d" else (made, real)
            values.append(getattr(pair, turn)(*sides, mean=lambda x: x.mean(0, keepdim=True) + 1).mean())
    torch.testing.assert_close(g.turns[turn][1](BATCH, shifted).total.detach(), torch.stack(values).mean())
