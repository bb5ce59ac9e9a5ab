"""CycleGAN's game against its equations, term by term."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.types import Batch, Latent, Spec
from multigan.games.cycle import CycleGame
from multigan.games.rules import Rules, Term
from multigan.losses.gradient_penalties import r1
from multigan.losses.lecam import LeCam
from multigan.losses.pairs import l1
from multigan.nets.both_ways import BothJudges, BothWays


class Maps(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.latent, self.net = Latent((0,)), nn.Linear(inputs, outputs)

    def forward(self, z, cond=None, draw=None, *, source):
        return self.net(source)


class Judge(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.net = nn.Linear(inputs, 1)

    def forward(self, x, cond=None, draw=None):
        return self.net(x).squeeze(1)


NUMBERS = torch.Generator().manual_seed(1)
REAL, SOURCE = torch.randn(6, 3, generator=NUMBERS).double(), torch.randn(6, 3, generator=NUMBERS).double()
BATCH = Batch(REAL, None, SOURCE)


def game(inputs=3, *, rules=None, **options):
    torch.manual_seed(0)
    spec, source = Spec("x", (3,)), Spec("x", (inputs,))
    G = BothWays(Maps(inputs, 3), Maps(3, inputs), spec, source).double()
    D = BothJudges(Judge(3), Judge(inputs)).double()
    return CycleGame({"G": G, "D": D}, rules or Rules(losses.losses.get("least-squares")), **options)


def test_g_descends_both_ways_the_cycle_and_the_identity():
    g = game(cycle=7.0, identity=0.3)
    there, back, judge, other = g.G.there.net, g.G.back.net, g.D.there.net, g.D.back.net
    made, given = there(SOURCE), back(REAL)
    expected = 0.5 * (judge(made) - 1).square().mean() + 0.5 * (other(given) - 1).square().mean()
    expected = expected + 7 * ((back(made) - SOURCE).abs().mean() + (there(given) - REAL).abs().mean())
    expected = expected + 7 * 0.3 * ((there(REAL) - REAL).abs().mean() + (back(SOURCE) - SOURCE).abs().mean())
    loss = g.g_loss(BATCH, Draw(0))
    torch.testing.assert_close(loss.total, expected)
    assert {"loss/G", "back/loss/G", "penalty/cycle", "penalty/identity"} <= {*loss.parts}
    loss.total.backward()
    assert all(param.grad.abs().sum() > 0 for param in g.G.parameters())


def test_d_judges_both_sides_and_its_loss_reaches_no_g():
    g = game()
    with torch.no_grad():
        made, given = g.G.there.net(SOURCE), g.G.back.net(REAL)
    halves = [
        0.5 * ((judge(real) - 1).square() + judge(fake).square()).mean()
        for judge, real, fake in ((g.D.there.net, REAL, made), (g.D.back.net, SOURCE, given))
    ]
    loss = g.d_loss(BATCH, Draw(0))
    torch.testing.assert_close(loss.total, sum(halves))
    loss.total.backward()
    assert all(param.grad is None for param in g.G.parameters())
    assert all(param.grad is not None for param in g.D.parameters())


def test_d_sees_earlier_fakes_out_of_the_pools():
    g = game(pool=6)
    g.d_loss(BATCH, Draw(0))
    assert int(g.memory["pool-there"].count) == int(g.memory["pool-back"].count) == 6
    before = deepcopy(g.memory["pool-there"].kept)
    nn.init.zeros_(g.G.there.net.weight)
    g.d_loss(BATCH, Draw(0, 1))
    changed = (g.memory["pool-there"].kept != before).any(1).sum()
    assert 0 < changed < 6
    copy = deepcopy(g)
    copy.d_loss(BATCH, Draw(0, 2))
    assert copy.memory["pool-there"] is copy.pools["there"]
    assert not torch.equal(copy.memory["pool-there"].kept, g.memory["pool-there"].kept)


def test_other_shapes_have_no_identity():
    g = game(inputs=2)
    batch = BATCH._replace(source=SOURCE[:, :2])
    assert "penalty/identity" not in g.g_loss(batch, Draw(0)).parts
    assert g.fake(batch, Draw(0)).shape == (6, 3)
    assert g.judge(REAL, batch, Draw(0)).logits[0].shape == (6,)
    views = Rules(losses.losses.get("hinge"), views=[lambda x, draw: x])
    with pytest.raises(RecipeError, match=r"game\.views for samples of"):
        game(inputs=2, rules=views)


def test_penalties_hold_for_both_judges_each_with_a_memory_of_its_own():
    lecam = LeCam()
    g = game(rules=Rules(losses.losses.get("hinge"), penalties=[Term("r1", r1), Term("lecam", lecam)]))
    parts = g.d_loss(BATCH, Draw(0)).parts
    assert {"penalty/r1", "back/penalty/r1"} <= {*parts}
    names = {"pool-there", "pool-back", "there-penalty-1-lecam", "back-penalty-1-lecam"}
    assert {*dict(g.memory.named_children())} == names
    assert g.memory["back-penalty-1-lecam"] is not g.memory["there-penalty-1-lecam"]
    g.after("D")
    assert g.round(2) == ("g", "d", "d")


def test_what_it_has_no_place_for():
    with pytest.raises(RecipeError, match=r"no place for game\.matching"):
        game(rules=Rules(losses.losses.get("hinge"), matching=[Term("l1", l1)]))
    with pytest.raises(PluginError, match="BothWays and BothJudges"):
        CycleGame({"G": Maps(3, 3), "D": Judge(3)}, Rules(losses.losses.get("hinge")))
    with pytest.raises(RecipeError, match="without inputs"):
        game().g_loss(Batch(REAL), Draw(0))
