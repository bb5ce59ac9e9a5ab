"""Around a file: variations of what the generator makes of it, and steps along a direction."""

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.generators import latent_of
from multigan.files.findings import Tick
from multigan.generator.generator import Generator
from multigan.latent.blend import turn
from multigan.latent.invert import Search, invert

__all__ = ["around_item", "moved"]


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
