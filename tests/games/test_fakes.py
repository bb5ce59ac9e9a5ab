from copy import deepcopy

import pytest
import torch
from torch import nn

from multigan.build import build_data, build_trainer
from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError
from multigan.core.types import Batch, Latent
from multigan.games.adversarial import AdversarialGame
from multigan.games.fakes import FAKES, Fresh, Reused
from multigan.games.rules import Rules
from multigan.losses import losses
from multigan.recipe.recipe import fingerprint, load_recipe


class Counting(nn.Module):
    """A generator that knows how often it was called, and with what labels."""

    def __init__(self):
        super().__init__()
        self.latent, self.net, self.conds = Latent((2,)), nn.Linear(2, 3).double(), []

    def forward(self, z, cond=None, draw=None):
        self.conds.append(cond)
        return self.net(z.double())


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 1).double()

    def forward(self, x, cond=None, draw=None):
        return self.net(x).tanh().squeeze(1)


def batch(cond=None):
    real = torch.randn(6, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return Batch(real, None if cond is None else torch.full((6,), cond))


def game(fakes, loss="non-saturating"):
    torch.manual_seed(0)
    return AdversarialGame({"G": Counting(), "D": Judge()}, Rules(losses.get(loss), fakes=fakes))


def freeze(net, flag=True):
    net.requires_grad_(not flag)


def test_reused_fakes_cost_one_pass_of_g_and_fresh_ones_two():
    for fakes, calls in (("fresh", 2), ("reused", 1)):
        g = game(fakes)
        g.d_loss(batch(), Draw(0).child("0-d"))
        g.g_loss(batch(), Draw(0).child("1-g"))
        assert len(g.G.conds) == calls


@pytest.mark.parametrize("loss", ["non-saturating", "relativistic", "wasserstein"])
def test_gradients_are_those_of_the_same_noise_drawn_again(loss):
    """The oracle plays G's turn with D's draw: the same numbers by the long way, after D has changed."""
    reused, plain = game("reused", loss), game("fresh", loss)
    draw = Draw(0).child("turn")
    freeze(reused.G)
    reused.d_loss(batch(), draw)
    freeze(reused.G, False)
    for g in (reused, plain):
        with torch.no_grad():
            g.D.net.weight.mul_(-1.5)
        g.g_loss(batch(), draw).total.backward()
    for mine, theirs in zip(reused.G.parameters(), plain.G.parameters(), strict=True):
        assert theirs.grad.abs().max() > 0
        torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-12, atol=1e-14)


def test_d_gets_no_graph_and_g_stays_frozen_for_its_turn():
    g = game("reused")
    freeze(g.G)
    loss = g.d_loss(batch(), Draw(0))
    assert not any(param.requires_grad for param in g.G.parameters())
    loss.total.backward()
    assert all(param.grad is None for param in g.G.parameters())
    assert all(param.grad is not None for param in g.D.parameters())


def test_what_was_frozen_from_the_start_stays_frozen():
    torch.manual_seed(0)
    G = Counting()
    G.net.bias.requires_grad_(False)
    g = AdversarialGame({"G": G, "D": Judge()}, Rules(losses.get("hinge"), fakes="reused"))
    g.d_loss(batch(), Draw(0))
    g.g_loss(batch(), Draw(0)).total.backward()
    assert G.net.bias.grad is None
    assert G.net.weight.grad is not None


def test_labels_of_reused_fakes_are_those_they_were_made_for():
    fakes, made = Reused(nn.Module()), torch.zeros(6, 3)
    fakes.for_d(lambda batch, draw: made, batch(cond=3), Draw(0))
    _, used = fakes.for_g(lambda batch, draw: made, batch(cond=4), Draw(0))
    assert used.cond.tolist() == [3] * 6


def test_fakes_of_another_iteration_are_made_anew():
    g = game("reused")
    g.d_loss(batch(), Draw(0, step=1))
    g.g_loss(batch(), Draw(0, step=2))
    assert len(g.G.conds) == 2


def test_the_last_turn_of_d_and_every_micro_batch_count():
    fakes = Reused(nn.Module())
    number = iter(range(100))

    def make(batch, draw):
        return torch.full((1,), float(next(number)))

    for _turn in range(2):
        for rank in range(3):
            fakes.for_d(make, batch(), Draw(0, 7, rank=rank, world_size=3))
    got = [fakes.for_g(make, batch(), Draw(0, 7, rank=rank, world_size=3))[0].item() for rank in range(3)]
    assert got == [3, 4, 5]


def test_nothing_is_kept_beyond_an_iteration():
    fakes = Reused(nn.Module())
    for step in range(5):
        fakes.for_d(lambda batch, draw: torch.zeros(1), batch(), Draw(0, step))
    assert len(fakes._kept) == 1


def test_a_copy_of_a_game_in_the_middle_of_an_iteration_is_whole():
    g = game("reused")
    g.d_loss(batch(), Draw(0))
    copy = deepcopy(g)
    copy.d_loss(batch(), Draw(1))
    copy.g_loss(batch(), Draw(1)).total.backward()
    assert all(param.grad is not None for param in copy.G.parameters())
    assert all(param.grad is None for param in g.G.parameters())


def test_names():
    assert isinstance(FAKES["fresh"](nn.Module()), Fresh)
    assert isinstance(FAKES["reused"](nn.Module()), Reused)


def test_a_game_without_a_place_for_it_says_so():
    recipe = load_recipe("text/seqgan", ["game.fakes=reused", "data.source=surnames"])
    with pytest.raises(MultiGANError, match=r"no place for game\.fakes"):
        build_trainer(recipe, build_data(recipe))


def test_a_wrong_name_is_refused():
    with pytest.raises(MultiGANError, match="reused"):
        load_recipe("image/digits", ["game.fakes=old"])


def test_an_old_recipe_keeps_its_fingerprint():
    plain = fingerprint(load_recipe("points/ring"))
    assert plain == fingerprint(load_recipe("points/ring", ["game.fakes=fresh"]))
    assert plain != fingerprint(load_recipe("points/ring", ["game.fakes=reused"]))
