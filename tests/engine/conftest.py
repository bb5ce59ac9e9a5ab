"""A tiny real game: one-dimensional Gaussians, linear-ish nets, everything of the engine for milliseconds."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.types import Batch, Data, Latent, Spec
from multigan.doctor.history import History
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.engine.holdout import split_items
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.trainer import Trainer
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules, Term

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
    phases = phases or [Phase("adversarial", ("d", "g"), 20 * batch, OPTIM, ("g",))]
    return Trainer(AdversarialGame({"G": G, "D": D}, Rules(**options)), batches, phases, ema_halflife_samples=100)


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


WELL = {
    "distance": [0.9, 0.4, 0.15, 0.08, 0.06, 0.055],
    "distance_floor": [0.002] * 6,
    "distance_floor_deviation": [0.002] * 6,
    "distance_trivial": [0.3] * 6,
    "D_accuracy": [0.6, 0.95, 0.9, 0.9, 0.9, 0.9],
    "D_memory": [0.5] * 6,
    "G_gradient": [0.05, 0.04, 0.03, 0.03, 0.02, 0.02],
    "G_step": [0.01, 0.01, 0.01, 0.005, 0.002, 0.001],
    "D_step": [0.08, 0.02, 0.01, 0.005, 0.002, 0.001],
    "G_moved": [0.05, 0.04, 0.04, 0.03, 0.02, 0.02],
    "D_moved": [0.05, 0.04, 0.04, 0.03, 0.02, 0.02],
    "logits_real": [0.1, 1.0, 1.0, 1.0, 1.0, 1.0],
    "logits_heldout": [0.1, 0.9, 1.0, 0.9, 1.0, 1.0],
    "logits_fake": [-0.1, -1.0, -1.0, -1.0, -1.0, -1.0],
    "spread": [0.5, 0.8, 0.9, 1.0, 1.0, 1.0],
    "variety": [0.5, 0.8, 0.9, 1.0, 1.0, 1.0],
    "nearest": [5.0, 3.0, 2.0, 1.5, 1.3, 1.2],
    "nearer": [0.0, 0.1, 0.2, 0.3, 0.3, 0.4],
    "order": [6.0, 4.0, 3.0, 2.8, 2.7, 2.65],
    "order_floor": [2.5] * 6,
    "order_floor_deviation": [0.03] * 6,
    "order_trivial": [3.0] * 6,
    "surprise": [4.0, 2.8, 2.5, 2.4, 2.5, 2.5],
    "surprise_trivial": [2.7] * 6,
    "heldout_items": [90.0] * 6,
    "fake_finite": [1.0] * 6,
}


def make_history(rows: int = 6, **changes: list[float]) -> History:
    """A synthetic run that is well but for `changes`, of 1,000 samples."""
    series = {**WELL, **changes}
    return History(
        [
            {"step": 40 * k, "samples": 200 * k, "phase": "adversarial", "loss/D": 0.7}
            | {f"vitals/{name}": values[k] for name, values in series.items()}
            for k in range(rows)
        ]
    )


@pytest.fixture
def history() -> Callable[..., History]:
    """A factory of synthetic runs."""
    return make_history
