"""Inversion: the z whose sample comes nearest to a given one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.types import Data, Spec
from multigan.engine.batches import Batches
from multigan.engine.events import Quiet
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.trainer import Trainer
from multigan.files.findings import Tick
from multigan.games.adversarial import Term
from multigan.generator.generator import Generator
from multigan.latent.game import LatentGame
from multigan.plugins.abilities import Inverts, able
from multigan.plugins.contract import require

__all__ = ["Inversion", "Search", "invert", "make_terms"]

POOL = 256
CHUNK = 64
FALLBACK = {"multi-scale": 1.0}


@dataclass(frozen=True)
class Search:
    """How long to look.

    Args:
        steps: of Adam.
        starts: descents per target, from the nearest of 256 random samples.
        lr: Adam's first learning rate; it falls along a cosine to a twentieth.
        seed: of the random samples.
    """

    steps: int = 150
    starts: int = 4
    lr: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        if self.steps < 1 or not 1 <= self.starts <= POOL or not self.lr > 0:
            raise DataError(
                f"{self.steps} steps, {self.starts} starts, lr {self.lr}",
                "steps and starts above 0",
                "type --steps 150",
            )


@dataclass(frozen=True)
class Inversion:
    """What was found.

    Attributes:
        z: `(n, *latent.shape)`.
        fake: `(n, *shape)`, G of z.
        cond: labels `(n,)`, or None.
        loss: `(n,)`, the value that was descended.
        first_loss: `(n,)`, the same at the nearest random sample: what the descent is worth.
    """

    z: Tensor
    fake: Tensor
    cond: Tensor | None
    loss: Tensor
    first_loss: Tensor


def invert(
    generator: Generator,
    targets: Tensor,
    search: Search | None = None,
    *,
    label: str | None = None,
    known: Tensor | None = None,
    weights: Mapping[str, float] | None = None,
    tick: Tick | None = None,
) -> Inversion:
    """Find z for every target by multi-start descent.

    Args:
        generator: with a z.
        targets: `(n, *shape)` in D's space.
        search: how long to look.
        label: class; None = the class of the nearest random sample, where there are classes.
        known: `(*shape)` or `(n, *shape)`, 1 where the target counts.
        weights: matching terms by name; None = the modality's `inversion`, or `multi-scale` alone.
        tick: `tick(done, total)` after each step of the descent.

    Raises:
        DataError: the generator has no z.
    """
    require(generator.modality, "edit")
    if 0 in generator.net.latent.shape:  # type: ignore[operator]
        raise DataError(
            "this generator has no z to look for: it draws its noise token by token",
            "a generator with a latent",
            "fill gaps with multigan inpaint, or train with --set G.nz=32",
        )
    search = search or Search()
    terms = make_terms(generator, weights)
    starts = _nearest_starts(generator, targets, search, terms, label, known)
    rows = torch.arange(len(targets)).repeat_interleave(search.starts)
    mask = known if known is None or known.ndim == len(generator.spec.shape) else known[rows]
    game = LatentGame(generator.net, starts.z, terms=terms, cond=starts.cond, mask=mask, noise=_noise(search))
    _descend(game, targets[rows], generator.spec, search, tick)
    return _best(game, targets[rows], starts, search)


def make_terms(generator: Generator, weights: Mapping[str, float] | None = None) -> list[Term]:
    """Matching terms by name and weight, from the registry that recipes use."""
    own = generator.modality.inversion if able(generator.modality, Inverts) else FALLBACK
    chosen = weights or own
    terms = []
    for name, weight in chosen.items():
        thing = losses.matching.get(name)
        builder: Any = getattr(thing, "build", None)
        terms.append(Term(name, builder(generator.modality, generator.spec) if builder else thing, weight))
    return terms


@dataclass(frozen=True)
class _Starts:
    z: Tensor
    cond: Tensor | None
    loss: Tensor


@torch.no_grad()
def _nearest_starts(
    generator: Generator,
    targets: Tensor,
    search: Search,
    terms: list[Term],
    label: str | None,
    known: Tensor | None,
) -> _Starts:
    """The nearest random samples of every target: z `(n * starts, nz)` and their loss `(n, starts)`."""
    net = generator.net
    pool = net.latent.sample(POOL, Draw(search.seed, 0, "invert/"))  # type: ignore[union-attr, operator]
    labels = [generator.cond(label, chunk, torch.device("cpu")) for chunk in range(POOL // 32)]
    cond = None if labels[0] is None else torch.cat([part for part in labels if part is not None])
    fakes = torch.cat(
        [
            net(pool[k : k + CHUNK], None if cond is None else cond[k : k + CHUNK], _noise(search))
            for k in range(0, POOL, CHUNK)
        ]
    )
    game = LatentGame(net, pool, terms=terms, noise=_noise(search))
    chosen, values = [], []
    for number, target in enumerate(targets):
        game.mask = known if known is None or known.ndim == target.ndim else known[number]
        parts = game.values(target.expand_as(fakes), fakes, Draw(0)).values()
        best = torch.stack(list(parts)).sum(0).topk(search.starts, largest=False)
        chosen.append(best.indices)
        values.append(best.values)
    rows = torch.cat(chosen)
    return _Starts(pool[rows], None if cond is None else cond[rows], torch.stack(values))


def _descend(game: LatentGame, targets: Tensor, spec: Spec, search: Search, tick: Tick | None) -> None:
    batches = Batches(Data(_Whole(targets), spec), _AsIs(), batch=1, seed=search.seed)  # type: ignore[arg-type]
    optim = OptimSettings(lr=search.lr, betas=(0.9, 0.999), schedule="cosine", final_lr_fraction=0.05)
    phase = Phase("invert", ("g",), search.steps, {"G": optim})
    trainer = Trainer(game, batches, [phase], ema_halflife_samples=0)
    trainer.handlers = [] if tick is None else [_Ticks(tick, search.steps)]
    trainer.fit()


@torch.no_grad()
def _best(game: LatentGame, targets: Tensor, starts: _Starts, search: Search) -> Inversion:
    """Of every target's descents the best, and never worse than its best start."""
    rows = len(targets) // search.starts
    before, after = starts.z, game.latents.z.detach().clone()
    results = []
    for z in (before, after):
        game.latents.z.copy_(z)
        fake = game.G(z, game.cond, game.noise)
        values = torch.stack(list(game.values(targets, fake, Draw(0)).values())).sum(0)
        results.append((z.clone(), fake, values.view(rows, -1)))
    before_loss, after_loss = (result[2] for result in results)
    both = torch.cat([before_loss, after_loss], 1)
    pick = both.argmin(1)
    index = torch.arange(rows) * search.starts + pick % search.starts
    late = pick >= search.starts

    def chosen(part: int) -> Tensor:
        shape = (-1, *[1] * (results[0][part].ndim - 1))
        return torch.where(late.view(shape), results[1][part][index], results[0][part][index])

    cond = None if game.cond is None else game.cond[index]
    return Inversion(chosen(0), chosen(1), cond, both.amin(1), before_loss.amin(1))


def _noise(search: Search) -> Draw:
    return Draw(search.seed, 0, "invert-noise/")


class _Ticks(Quiet):
    def __init__(self, tick: Tick, steps: int) -> None:
        self.tick, self.steps = tick, steps

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        self.tick(trainer.state.step, self.steps)


class _Whole:
    """A source of one item: the stack of all targets, so that each turn sees them all, in order."""

    resident = True

    def __init__(self, targets: Tensor) -> None:
        self.targets = targets

    def __len__(self) -> int:
        return 1

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        return self.targets[None]


class _AsIs:
    """The targets are in D's space already."""

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        return raw
