"""Around files: variations of what G makes of one, the way from one to the next, and steps along a direction."""

from itertools import pairwise

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.generators import latent_of
from multigan.files.findings import Tick
from multigan.generator.generator import Generator
from multigan.latent.blend import turn
from multigan.latent.invert import Search, invert
from multigan.latent.walk import MIXES

__all__ = ["around_item", "between_items", "moved"]


@torch.no_grad()
def around_item(
    generator: Generator,
    item: Tensor,
    amount: float = 0.3,
    n: int = 16,
    seed: int = 0,
    label: str | None = None,
    tick: Tick | None = None,
) -> Tensor:
    """What the generator makes of an item, then `n - 1` variations of that: `(n, *shape)`.

    Args:
        generator: with a z.
        item: `(*shape)` in D's space.
        amount: 0 changes nothing, 1 is another sample; normal z turns (see `explore.walk.around`), uniform z goes
            the straight way.
        n: how many.
        seed: of the search and of the fresh noise.
        label: class, where there are classes.
        tick: `tick(done, total)` after each step of the search.

    Raises:
        DataError: `amount` is not in [0, 1], `n` is below 1, or the generator has no z.
    """
    if not 0 <= amount <= 1 or n < 1:
        raise DataError(f"amount {amount} and n {n}", "an amount from 0 to 1 and n from 1", "type --amount 0.3")
    with torch.enable_grad():
        found = invert(generator, item[None], Search(seed=seed), label=label, tick=tick)
    latent = latent_of(generator.net)
    fresh = latent.sample(n - 1, Draw(seed, 0, "around/")) if n > 1 else found.z[:0]
    near = (1 - amount) * found.z + amount * fresh if latent.kind == "uniform" else turn(found.z, fresh, amount)
    return _made(generator, torch.cat([found.z, near]), found.cond)


@torch.no_grad()
def between_items(
    generator: Generator,
    items: Tensor,
    steps: int = 8,
    how: str = "slerp",
    label: str | None = None,
    seed: int = 0,
    tick: Tick | None = None,
) -> Tensor:
    """What the generator makes of items, and of places on the way: `(steps * (len(items) - 1) + 1, *shape)`.

    Args:
        generator: with a z.
        items: `(n, *shape)` in D's space, two at least.
        steps: from one to the next.
        how: `"slerp"` or `"lerp"`.
        label: class of all; None = that of the first item, where there are classes.
        seed: of the search.
        tick: `tick(done, total)` after each step of the search.

    Raises:
        DataError: fewer than two items, fewer than one step, or the generator has no z.
    """
    if len(items) < 2 or steps < 1:
        given = f"{counted(len(items), 'file')} and {counted(steps, 'step')}"
        raise DataError(given, "two files or more and a step or more", "type --like A --like B")
    with torch.enable_grad():
        found = invert(generator, items, Search(seed=seed), label=label, tick=tick)
    mix, z = MIXES[how], found.z
    places = [mix(a, b, k / steps) for a, b in pairwise(z) for k in range(steps)]
    return _made(generator, torch.stack([*places, z[-1]]), None if found.cond is None else found.cond[:1])


@torch.no_grad()
def moved(generator: Generator, z: Tensor, cond: Tensor | None, vector: Tensor, amounts: list[float]) -> Tensor:
    """Samples at `z + amount * vector`: `(len(amounts), *shape)`.

    Args:
        generator: with a z.
        z: `(1, *latent.shape)`.
        cond: label `(1,)` or None.
        vector: `(nz,)`.
        amounts: in units of z.
    """
    steps = torch.tensor(amounts).view(-1, *[1] * (z.ndim - 1))
    return _made(generator, z + steps * vector.view(z.shape[1:]), cond)


def _made(generator: Generator, z: Tensor, cond: Tensor | None) -> Tensor:
    made: Tensor = generator.net(z, None if cond is None else cond.expand(len(z)), Draw(0, 0, "invert-noise/"))
    return made.float()
