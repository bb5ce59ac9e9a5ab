"""The game of back-translation against its equations, with likelihoods that are written out."""

import pytest
import torch
from torch import nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.types import Batch, Latent, Spec
from multigan.games.back_translation import BackTranslationGame
from multigan.games.rules import Rules, Term
from multigan.losses.lecam import LeCam
from multigan.losses.pairs import l1
from multigan.nets.both_ways import BothJudges, BothWays


class Maps(nn.Module):
    def __init__(self):
        super().__init__()
        self.latent, self.net = Latent((0,)), nn.Linear(3, 3)

    def forward(self, z, cond=None, draw=None, *, source):
        made = self.net(source)
        return made + 1 if self.training else made


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 1)

    def forward(self, x, cond=None, draw=None):
        return self.net(x).squeeze(1)


NUMBERS = torch.Generator().manual_seed(1)
REAL, SOURCE = (torch.randn(6, 3, generator=NUMBERS).double() for _ in range(2))
BATCH = Batch(REAL, None, SOURCE)


def likely(G, batch, draw):
    return (G.net(batch.source) - batch.real).square().sum(1)


def denoise(G, batch, draw):
    return (G.net(batch.real / 2) - batch.real).square().sum(1)


def rules(**parts):
    return Rules(losses.losses.get("least-squares"), objectives={"fit": likely, "denoise": denoise}, **parts)


def game(given=None, **options):
    torch.manual_seed(0)
    spec = Spec("x", (3,))
    G, D = BothWays(Maps(), Maps(), spec, spec).double(), BothJudges(Judge(), Judge()).double()
    return BackTranslationGame({"G": G, "D": D}, given or rules(), **options)


def undone(g):
    """The loss by hand; what is written has no gradient, and is what the net in use writes."""
    there, back = g.G.there.net, g.G.back.net
    with torch.no_grad():
        made, given = there(SOURCE), back(REAL)
    return (back(made) - SOURCE).square().sum(1).mean() + (there(given) - REAL).square().sum(1).mean()


def broken(g):
    return sum((net(x / 2) - x).square().sum(1).mean() for net, x in ((g.G.there.net, REAL), (g.G.back.net, SOURCE)))


def test_g_repairs_and_undoes():
    g = game(denoise=0.7)
    loss = g.g_loss(BATCH, Draw(0))
    expected = 0.7 * broken(g) + undone(g)
    torch.testing.assert_close(loss.total, expected)
    torch.testing.assert_close(loss.parts["loss/undo"], undone(g).detach() / 2)
    found = torch.autograd.grad(loss.total, list(g.G.parameters()))
    wanted = torch.autograd.grad(expected, list(g.G.parameters()))
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other)
    assert g.G.training


def test_the_turn_before_repairs_alone():
    g = game()
    torch.testing.assert_close(g.denoise_loss(BATCH, Draw(0)).total, broken(g))


def test_with_an_adversary_d_sees_what_both_ways_play():
    g = game(adversary=0.5)
    made, given = g.G.there.net(SOURCE) + 1, g.G.back.net(REAL) + 1
    judge, other = g.D.there.net, g.D.back.net
    fooled = 0.5 * (judge(made) - 1).square().mean() + 0.5 * (other(given) - 1).square().mean()
    torch.testing.assert_close(g.g_loss(BATCH, Draw(0)).total, broken(g) + undone(g) + 0.5 * fooled)
    halves = [
        0.5 * (one(real) - 1).square().mean() + 0.5 * one(fake.detach()).square().mean()
        for one, real, fake in ((judge, REAL, made), (other, SOURCE, given))
    ]
    torch.testing.assert_close(g.d_loss(BATCH, Draw(0)).total, sum(halves))
    assert {"back/loss/D", "loss/D"} <= {*g.d_loss(BATCH, Draw(0)).parts}


def test_d_plays_and_counts_only_where_it_has_a_weight():
    assert game().round(2) == ("g",)
    assert game().uncounted == ()
    assert game(adversary=1.0).round(2) == ("g", "d", "d")
    assert game(adversary=1.0).uncounted == ("g",)


def test_who_watches_sees_the_way_there():
    g = game()
    g.G.eval()
    torch.testing.assert_close(g.fake(BATCH, Draw(0)), g.G.there.net(SOURCE))
    assert g.judge(REAL, BATCH, Draw(0)).logits[0].shape == (6,)


def test_memory_of_both_judges_is_kept_and_constraints_hold_for_both():
    seen = []
    g = game(rules(penalties=[Term("lecam", LeCam())], constraints=[seen.append]), adversary=1.0)
    assert {*g.memory} == {"there-penalty-0-lecam", "back-penalty-0-lecam"}
    g.after("D")
    assert seen == [g.D.there, g.D.back]


def test_what_it_has_no_place_for_is_refused():
    with pytest.raises(RecipeError, match=r"no place for game\.matching"):
        game(rules(matching=[Term("l1", l1)]))
    with pytest.raises(RecipeError, match="without the objective 'denoise'"):
        game(Rules(losses.losses.get("hinge"), objectives={"fit": likely}))
    with pytest.raises(PluginError, match="with Maps and Judge"):
        BackTranslationGame({"G": Maps(), "D": Judge()}, rules())
    with pytest.raises(RecipeError, match="without inputs"):
        game().g_loss(Batch(REAL), Draw(0))
