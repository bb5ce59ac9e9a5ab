"""What the games of two ways share; each game's own tests hold its equations."""

import pytest
import torch
from torch import nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.types import Batch, Latent, Loss, Spec
from multigan.games.rules import Rules
from multigan.games.two_ways import TwoWays, of_back
from multigan.nets.both_ways import BothJudges, BothWays


class Maps(nn.Module):
    def __init__(self, times):
        super().__init__()
        self.latent, self.times = Latent((0,)), nn.Parameter(torch.tensor(times))

    def forward(self, z, cond=None, draw=None, *, source):
        return source * self.times


class Judge(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, x, cond=None, draw=None):
        return x.sum(1) * self.weight


def ways():
    spec = Spec("points", (2,))
    G = BothWays(Maps(2.0), Maps(3.0), spec, spec)
    return TwoWays("both", {"G": G, "D": BothJudges(Judge(1.0), Judge(-1.0))}, Rules(losses.losses.get("hinge")))


def test_the_way_there_makes_and_judges_samples_and_the_way_back_sees_the_batch_turned():
    game, batch = ways(), Batch(torch.ones(3, 2), None, torch.full((3, 2), 5.0))
    assert game.fake(batch, Draw(0)).tolist() == [[10.0, 10.0]] * 3
    turned = game.turned(batch)
    assert (turned.real.tolist(), turned.source.tolist()) == (batch.source.tolist(), batch.real.tolist())
    assert game.back.fake(turned, Draw(0)).tolist() == [[3.0, 3.0]] * 3
    assert game.judge(batch.real, batch, Draw(0)).logits[0].tolist() == [2.0] * 3
    assert game.back.judge(batch.real, turned, Draw(0)).logits[0].tolist() == [-2.0] * 3


def test_other_players_and_batches_without_inputs_are_refused():
    with pytest.raises(PluginError, match="game 'both' with Maps"):
        TwoWays("both", {"G": Maps(1.0), "D": Judge(1.0)}, Rules(losses.losses.get("hinge")))
    with pytest.raises(RecipeError, match="game 'both' without inputs"):
        ways().turned(Batch(torch.ones(1, 2)))


def test_what_is_logged_of_the_way_back_has_a_name_of_its_own():
    assert of_back(Loss(torch.tensor(1.0), {"loss/G": torch.tensor(2.0)})) == {"back/loss/G": torch.tensor(2.0)}
