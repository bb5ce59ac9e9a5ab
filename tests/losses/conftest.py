from collections.abc import Callable

import pytest
import torch
from torch import nn

from multigan import losses
from multigan.core.types import Batch, Latent
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules


class LineG(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.latent, self.net = Latent((2,)), nn.Linear(2, 3)

    def forward(self, z, cond=None, draw=None):
        return self.net(z)


class LineD(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(3, 1)

    def forward(self, x, cond=None, draw=None):
        return self.net(x).squeeze(1)


@pytest.fixture
def tiny_game() -> Callable[..., tuple[AdversarialGame, Batch]]:
    """A factory of a linear game and its batch of 8."""

    def build(**options):
        torch.manual_seed(0)
        game = AdversarialGame({"G": LineG(), "D": LineD()}, Rules(losses.losses.get("non-saturating"), **options))
        return game, Batch(torch.randn(8, 3))

    return build
