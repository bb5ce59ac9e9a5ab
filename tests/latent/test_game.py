import math

import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.types import Batch, Latent
from multigan.games.adversarial import Term
from multigan.latent.game import LatentGame


class Line(nn.Module):
    """G(z) = 3 z + 1."""

    def __init__(self, kind="normal"):
        super().__init__()
        self.latent = Latent((2,), kind)
        self.weight = nn.Parameter(torch.tensor(3.0))

    def forward(self, z, cond=None, draw=None):
        return self.weight * z + 1


def squares(D, real, fake, cond, draw):
    return (real - fake).square().sum(1)


def game_of(z, mask=None, kind="normal", weight=2.0):
    return LatentGame(Line(kind), z, terms=[Term("squares", squares, weight)], mask=mask)


def test_the_loss_and_its_gradient_are_those_on_paper():
    game = game_of(torch.zeros(2, 2))
    target = torch.tensor([[4.0, 1.0], [1.0, 7.0]])
    loss = game.g_loss(Batch(target[None]), Draw(0))
    assert loss.total == 2 * (9 + 36)
    assert loss.parts["loss/G"] == 45
    assert loss.parts["matching/squares"] == 45
    (gradient,) = torch.autograd.grad(loss.total, [game.latents.z])
    assert torch.equal(gradient, 2 * -2 * 3 * (target - 1))


def test_only_z_plays():
    game = game_of(torch.ones(1, 2))
    assert [name for name, _ in game.players["G"].named_parameters()] == ["z"]
    assert set(game.turns) == {"g"}
    assert game.judge(torch.ones(3, 2), None, Draw(0)).logits[0].tolist() == [0, 0, 0]


def test_what_is_masked_does_not_count():
    game = game_of(torch.zeros(1, 2), mask=torch.tensor([1.0, 0.0]))
    loss = game.g_loss(Batch(torch.tensor([[[4.0, 99.0]]])), Draw(0))
    assert loss.total == 18
    (gradient,) = torch.autograd.grad(loss.total, [game.latents.z])
    assert gradient[0, 1] == 0


def test_z_is_kept_where_noise_lies():
    game = game_of(torch.tensor([[30.0, 40.0], [0.3, 0.4]]))
    game.after("G")
    assert game.latents.z[0].norm().item() == pytest.approx(math.sqrt(2) + 2)
    assert torch.equal(game.latents.z[1], torch.tensor([0.3, 0.4]))
    game = game_of(torch.tensor([[-3.0, 0.5]]), kind="uniform")
    game.after("G")
    assert game.latents.z.tolist() == [[-1.0, 0.5]]
