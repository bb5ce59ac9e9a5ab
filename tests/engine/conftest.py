"""A tiny real game: one-dimensional Gaussians, linear-ish nets, everything of the engine for milliseconds."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from multigan import losses
from multigan.draw import Draw
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.holdout import split_items
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.trainer import Trainer
from multigan.games.adversarial import AdversarialGame, Term
from multigan.types import Batch, Data, Latent, Spec

OPTIM = {"G": OptimSettings(lr=1e-2), "D": OptimSettings(lr=1e-2)}


class TinyG(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.latent = Latent((3,))
        self.net = nn.Sequential(nn.Linear(3, 8), nn.LeakyReLU(0.2), nn.Linear(8, 2))
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        self.calls += 1
        return self.net(z)


class TinyD(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
        self.unused = nn.Parameter(torch.ones(2))

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        noise = 0.0 if draw is None else 0.01 * draw.normal("noise", (len(x), 2))
        return self.net(x + noise).squeeze(1)


class TinySource:
    resident = True

    def __init__(self, n: int) -> None:
        self.items = torch.arange(2 * n, dtype=torch.float32).view(n, 2) / n

    def __len__(self) -> int:
        return len(self.items)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        return self.items[indices]


class TinyModality:
    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        return raw


def mle(G: nn.Module, batch: Batch, draw: Draw) -> Tensor:
    z = G.latent.sample(len(batch.real), draw)
    return (G(z) - batch.real).square().mean(1)


def build_tiny(
    n: int = 50,
    batch: int = 8,
    phases: list[Phase] | None = None,
    world: World | None = None,
    seed: int = 0,
    holdout: int = 0,
    **game: object,
) -> Trainer:
    torch.manual_seed(seed)
    G, D = TinyG(), TinyD()
    options = {
        "loss": losses.losses.get("relativistic"),
        "penalties": [
            Term("r1", losses.penalties.get("r1"), 0.1),
            Term("r2", losses.penalties.get("r2"), 0.1, every=3),
        ],
        "objectives": {"mle": mle},
        **game,
    }
    data = Data(TinySource(n), Spec("tiny", (2,)), torch.arange(n) % 3)
    split = split_items(n, holdout, seed)
    batches = Batches(data, TinyModality(), batch=batch, seed=seed, world=world, conditional=True, split=split)
    phases = phases or [Phase("adversarial", ("d", "g"), 20 * batch, OPTIM)]
    return Trainer(AdversarialGame(G, D, **options), batches, phases, ema_halflife_samples=100)


@pytest.fixture
def tiny() -> Callable[..., Trainer]:
    """A factory of tiny trainers."""
    return build_tiny


@pytest.fixture
def optim() -> dict[str, OptimSettings]:
    return dict(OPTIM)


@pytest.fixture
def tiny_source() -> type[TinySource]:
    return TinySource


@pytest.fixture
def tiny_modality() -> TinyModality:
    return TinyModality()
