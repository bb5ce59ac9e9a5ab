"""CUT's game: the loss of places against a plain computation, mirrored inputs, and whose gradient goes where."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.types import Batch, Latent
from multigan.games.contrastive import ContrastiveGame, patch_nce
from multigan.games.rules import Rules, Term
from multigan.losses.pairs import l1


class Maps(nn.Module):
    def __init__(self):
        super().__init__()
        self.latent, self.feature_maps = Latent((0,)), (2, 4)
        self.first, self.last = nn.Conv2d(2, 4, 1), nn.Conv2d(4, 2, 1)

    def forward(self, z, cond=None, draw=None, *, source):
        return self.last(self.first(source))

    def features(self, source):
        return [source, self.first(source)]


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Conv2d(2, 1, 1)

    def forward(self, x, cond=None, draw=None):
        return self.net(x).squeeze(1)


NUMBERS = torch.Generator().manual_seed(1)
BATCH = Batch(torch.randn(3, 2, 4, 4, generator=NUMBERS), None, torch.randn(3, 2, 4, 4, generator=NUMBERS))


def game(**options):
    torch.manual_seed(0)
    return ContrastiveGame({"G": Maps(), "D": Judge()}, Rules(losses.losses.get("least-squares")), **options)


def test_the_loss_of_places_is_the_papers():
    g = torch.Generator().manual_seed(2)
    q, k = (F.normalize(torch.randn(2, 5, 3, generator=g).double(), dim=-1) for _ in range(2))
    found = patch_nce(q, k, 0.07)
    for b in range(2):
        wanted = 0.0
        for i in range(5):
            scores = [math.exp(float(q[b, i] @ k[b, j]) / 0.07) for j in range(5)]
            wanted -= math.log(scores[i] / sum(scores)) / 5
        assert float(found[b]) == pytest.approx(wanted)


def test_g_descends_the_game_and_the_mean_over_layers_and_over_identity():
    g = game(weight=3.0, places=99)
    both = []
    for x in (BATCH.source, BATCH.real):
        made = g.G(None, source=x)
        layers = [
            patch_nce(*(F.normalize(head(f.flatten(2).transpose(1, 2)), dim=-1) for f in pair), 0.07).mean()
            for head, *pair in zip(g.heads.nets, g.G.features(made), g.G.features(x), strict=True)
        ]
        both.append(sum(layers) / 2)
    made = g.G(None, source=BATCH.source)
    expected = 0.5 * (g.base.D(made) - 1).square().mean() + 3 * sum(both) / 2
    loss = g.g_loss(BATCH, Draw(0))
    torch.testing.assert_close(loss.total, expected)
    loss.total.backward()
    assert all(param.grad is not None for param in g.G.parameters())


def test_keys_give_no_gradient_and_the_heads_turn_none_to_g():
    g = game()
    loss = g.f_loss(BATCH, Draw(0))
    loss.total.backward()
    assert all(param.grad is None for param in g.G.parameters())
    assert all(param.grad is not None for param in g.heads.parameters())
    fewer = game(places=4, identity=False)
    assert fewer.f_loss(BATCH, Draw(0)).total < loss.total + 1  # log 4 against log 16 at the start


def test_mirrored_inputs_are_compared_place_by_place():
    straight, mirrored = game(identity=False, flips=0.0), game(identity=False, flips=1.0)
    # This G looks at single places, so that mirroring its input mirrors its output.
    one, other = (g.g_loss(BATCH, Draw(0)).parts["penalty/nce"] for g in (straight, mirrored))
    torch.testing.assert_close(one, other)


def test_players_and_turns():
    g = game()
    assert (g.round(2), g.turns["f"][0]) == (("d", "d", "g", "f"), "F")
    assert g.fake(BATCH, Draw(0)).shape == BATCH.real.shape
    assert g.judge(BATCH.real, BATCH, Draw(0)).logits[0].shape == (3, 4, 4)


def test_what_it_has_no_place_for():
    rules = Rules(losses.losses.get("hinge"), matching=[Term("l1", l1)])
    with pytest.raises(RecipeError, match=r"no place for game\.matching"):
        ContrastiveGame({"G": Maps(), "D": Judge()}, rules)
    with pytest.raises(PluginError, match="shows no layers"):
        ContrastiveGame({"G": Judge(), "D": Judge()}, Rules(losses.losses.get("hinge")))
    with pytest.raises(RecipeError, match="without inputs"):
        game().g_loss(Batch(BATCH.real), Draw(0))
