"""Inversion: the z whose sample comes nearest to a given one."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from multigan import losses
from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, DivergedError
from multigan.core.generators import Encoding, latent_of
from multigan.core.types import Latent
from multigan.engine.schedules import learning_rate_factor
from multigan.files.findings import Tick
from multigan.games.rules import Term
from multigan.generator.generator import Generator
from multigan.plugins.abilities import Inverts, able
from multigan.plugins.contract import require

__all__ = ["Inversion", "Search", "invert", "make_terms"]

POOL = 256
CHUNK = 64
SHORTER = 4
"""How many times fewer steps are left from where an encoder says."""
FALLBACK = {"multi-scale": 1.0}
Near = Callable[[Tensor], tuple[Tensor, Tensor]]
"""z `(n, *latent.shape)` to G of it, and how far each sample `(n,)` is from its target."""


@dataclass(frozen=True)
class Search:
    """How long to look.

    Args:
        steps: of Adam; a quarter of them where an encoder says where to begin.
        starts: descents per target, from the nearest of 256 random samples; one, from what the encoder says, where
            there is one. Where only a part of the target is known, that is one of them.
        lr: Adam's first learning rate; it falls along a cosine to a twentieth.
        seed: of the random samples.
        from_noise: begin at random samples even where there is an encoder.
    """

    steps: int = 150
    starts: int = 4
    lr: float = 0.05
    seed: int = 0
    from_noise: bool = False

    def __post_init__(self) -> None:
        if self.steps < 1 or not 1 <= self.starts <= POOL or not self.lr > 0:
            raise DataError(
                f"{counted(self.steps, 'step')}, {counted(self.starts, 'start')}, lr {self.lr}",
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
    """Find z for every target by descent: from the nearest of random samples, or from what the encoder says.

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
        DivergedError: a target, or G, is not finite.
    """
    require(generator.modality, "edit")
    if 0 in latent_of(generator.net).shape:
        raise DataError(
            "this generator has no z to look for: it draws its noise token by token",
            "a generator with a latent",
            "fill gaps with multigan inpaint, or train with --set G.nz=32",
        )
    search = search or Search()
    terms = make_terms(generator, weights)
    starts, search = _begin(generator, targets, search, terms, label, known)
    rows = torch.arange(len(targets)).repeat_interleave(search.starts)
    wanted = targets[rows]
    mask = known if known is None or known.ndim == len(generator.spec.shape) else known[rows]

    def near(z: Tensor) -> tuple[Tensor, Tensor]:
        fake: Tensor = generator.net(z, starts.cond, _noise(search))
        return fake, _gaps(terms, wanted, fake, starts.cond, mask)

    return _best(near, starts, _descend(near, starts.z, latent_of(generator.net), search, tick), search)


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
def _begin(
    generator: Generator,
    targets: Tensor,
    search: Search,
    terms: list[Term],
    label: str | None,
    known: Tensor | None,
) -> tuple[_Starts, Search]:
    """Where descents begin, and the search that is left to do from there."""
    net = generator.net
    if search.from_noise or not isinstance(net, Encoding):
        return _nearest_starts(generator, targets, search, terms, label, known), search
    z, cond = _encoded(generator, net, targets, label)
    if known is None:
        gaps = _gaps(terms, targets, net(z, cond, _noise(search)), cond, None)
        left = replace(search, steps=-(-search.steps // SHORTER), starts=1)
        return _Starts(z, cond, gaps[:, None]), left
    starts = _nearest_starts(generator, targets, search, terms, label, known)
    starts.z[:: search.starts] = z
    if starts.cond is not None and cond is not None:
        starts.cond[:: search.starts] = cond
    return starts, search


@torch.no_grad()
def _encoded(generator: Generator, net: Encoding, targets: Tensor, label: str | None) -> tuple[Tensor, Tensor | None]:
    """z of every target by the encoder, and of the classes, where none is asked for, the one that foresees it best."""
    if generator.cond(label, 0) is None:
        return net.to_z(net.encode(targets)[0]), None
    names = generator.spec.classes if label is None else (label,)
    asked = [generator.cond(name, 0) for name in names]
    labels = torch.stack([cond[:1] for cond in asked if cond is not None])  # (classes, 1)
    codes = [net.encode(targets, cond.expand(len(targets)))[0] for cond in labels]
    surprises = [net.surprise(code, cond.expand(len(targets))) for code, cond in zip(codes, labels, strict=True)]
    best = torch.stack(surprises).argmin(0)
    cond = labels[best, 0]
    return net.to_z(torch.stack(codes)[best, torch.arange(len(targets))], cond), cond


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
    pool = latent_of(net).sample(POOL, Draw(search.seed, 0, "invert/"))
    labels = [generator.cond(label, chunk, torch.device("cpu")) for chunk in range(POOL // 32)]
    cond = None if labels[0] is None else torch.cat([part for part in labels if part is not None])
    fakes = torch.cat(
        [
            net(pool[k : k + CHUNK], None if cond is None else cond[k : k + CHUNK], _noise(search))
            for k in range(0, POOL, CHUNK)
        ]
    )
    chosen, values = [], []
    for number, target in enumerate(targets):
        mask = known if known is None or known.ndim == target.ndim else known[number]
        best = _gaps(terms, target.expand_as(fakes), fakes, None, mask).topk(search.starts, largest=False)
        chosen.append(best.indices)
        values.append(best.values)
    rows = torch.cat(chosen)
    return _Starts(pool[rows], None if cond is None else cond[rows], torch.stack(values))


def _gaps(terms: Sequence[Term], real: Tensor, fake: Tensor, cond: Tensor | None, mask: Tensor | None) -> Tensor:
    """The weighted sum of all terms, per sample `(n,)`; where `mask` is 0 nothing is compared."""
    if mask is not None:
        real, fake = real * mask, fake * mask
    draw = Draw(0)
    gaps = [term.weight * term.function(None, real, fake, cond, draw.child(term.name)) for term in terms]
    return torch.stack(gaps).sum(0)


@torch.enable_grad()
def _descend(near: Near, start: Tensor, latent: Latent, search: Search, tick: Tick | None) -> Tensor:
    """z `(n, *latent.shape)` after Adam's steps; each descends on its own.

    Source: latent optimisation: Zhu et al. 2016 (projection onto the manifold); Bojanowski et al. 2018.
    Departures: z is kept where noise lies, see `_keep_inside`.
    """
    z = start.clone().requires_grad_(True)
    longest = (start.flatten(1).norm(dim=1)).clamp_min(math.sqrt(start[0].numel()) + 2)
    adam = torch.optim.Adam([z], betas=(0.9, 0.999))
    for step in range(search.steps):
        factor = learning_rate_factor("cosine", step / max(1, search.steps - 1), 0.05)
        adam.param_groups[0]["lr"] = search.lr * factor
        adam.zero_grad()
        near(z)[1].sum().backward(inputs=[z])
        adam.step()
        _keep_inside(z, latent, longest)
        if tick is not None:
            tick(step + 1, search.steps)
    return z.detach()


@torch.no_grad()
def _keep_inside(z: Tensor, latent: Latent, longest: Tensor) -> None:
    """Uniform z is kept in its box, and normal z within lengths `(n,)`: sqrt(nz) + 2, beyond which no noise lies."""
    if latent.kind == "uniform":
        z.clamp_(-1, 1)
        return
    length = torch.maximum(z.flatten(1).norm(dim=1), longest) / longest
    z.div_(length.view(-1, *[1] * (z.ndim - 1)))


@torch.no_grad()
def _best(near: Near, starts: _Starts, after: Tensor, search: Search) -> Inversion:
    """Of every target's descents the best, and never worse than its best start.

    Raises:
        DivergedError: some distance is not finite.
    """
    (early, early_gaps), (late, late_gaps) = near(starts.z), near(after)
    first, last = early_gaps.view(-1, search.starts), late_gaps.view(-1, search.starts)
    gaps = torch.cat([first, last], 1)
    if not torch.isfinite(gaps).all():
        raise DivergedError(
            "a distance is not finite after the search", "finite ones", "look at this generator's samples"
        )
    pick = gaps.argmin(1)
    index = torch.arange(len(gaps)) * search.starts + pick % search.starts
    moved = pick >= search.starts

    def chosen(before: Tensor, after: Tensor) -> Tensor:
        return torch.where(moved.view(-1, *[1] * (before.ndim - 1)), after[index], before[index])

    cond = None if starts.cond is None else starts.cond[index]
    return Inversion(chosen(starts.z, after), chosen(early, late), cond, gaps.amin(1), first.amin(1))


def _noise(search: Search) -> Draw:
    return Draw(search.seed, 0, "invert-noise/")
