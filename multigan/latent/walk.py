"""Samples along a path of noise: between places, and around one."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.generators import draw_fakes
from multigan.generator.generator import Generator
from multigan.latent.blend import CHUNK, Blend, Mix, Place, lerp, slerp, turn
from multigan.nets.capacity import refuse_samples
from multigan.plugins.contract import require

__all__ = ["MIXES", "around", "between", "render_rows"]

Move = Callable[[Tensor, int], Tensor]
MIXES: Mapping[str, Mix] = {"lerp": lerp, "slerp": slerp}
Row = tuple[Place, Place, float]


def _stay(z: Tensor, first: int) -> Tensor:
    return z


def between(
    generator: Generator, places: Sequence[Place], steps: int = 8, how: str = "slerp", label: str | None = None
) -> Tensor:
    """Samples on the path through places, `(steps * (len(places) - 1) + 1, *shape)`; the places themselves are on it.

    The samples at the places are bit for bit those that `Generator.tensors` gives. For nets that draw while they go
    (an LSTM), the noise of every step is mixed; what comes out changes in jumps, because tokens are discrete.

    Args:
        generator: of any modality.
        places: at least two.
        steps: from one place to the next.
        how: `"slerp"` or `"lerp"`.
        label: class of all samples; None = the first class, where there are classes.

    Raises:
        DataError: fewer than two places, or fewer than one step.
    """
    require(generator.modality, "explore")
    if len(places) < 2 or steps < 1:
        raise DataError(
            f"{counted(len(places), 'seed')} and {counted(steps, 'step')}",
            "two seeds or more and a step or more",
            "type --seeds 0,1,2",
        )
    refuse_samples((len(places) - 1) * steps + 1, generator.spec)
    rows = [(a, b, k / steps) for a, b in pairwise(places) for k in range(steps)]
    return render_rows(generator, [*rows, (places[-2], places[-1], 1.0)], MIXES[how], label)


def around(
    generator: Generator, place: Place, amount: float = 0.3, n: int = 16, seed: int = 0, label: str | None = None
) -> Tensor:
    """`n` samples near a place, the first of them the place itself: `(n, *shape)`.

    Noise is `cos(a) x + sin(a) y` with `a = amount * pi / 2` and y fresh for every sample: amount 0 changes nothing,
    1 is another sample altogether.

    Args:
        generator: of any modality.
        place: the sample to vary.
        amount: from 0 to 1.
        n: how many.
        seed: of the fresh noise.
        label: class of all samples; None = the first class, where there are classes.

    Raises:
        DataError: `amount` is not in [0, 1], or `n` below 1.
    """
    require(generator.modality, "explore")
    if not 0 <= amount <= 1 or n < 1:
        raise DataError(f"amount {amount} and n {n}", "an amount from 0 to 1 and n from 1", "type --amount 0.3")
    refuse_samples(n, generator.spec)
    fresh = [Place(_fresh_seed(place, seed), number) for number in range(1, n)]
    rows = [(place, place, 0.0), *((place, other, amount) for other in fresh)]
    return render_rows(generator, rows, turn, label)


@torch.no_grad()
def render_rows(
    generator: Generator,
    rows: Sequence[Row],
    mix: Mix,
    label: str | None = None,
    move: Move = _stay,
) -> Tensor:
    """Samples of mixed noise, `(len(rows), *shape)` on the CPU, in whole chunks as `Generator.tensors` makes them.

    Args:
        generator: of any modality.
        rows: see `Blend`.
        mix: see `Blend`.
        label: class of all samples.
        move: changes z `(32, *latent.shape)` of the chunk that starts at the given row.
    """
    net, device = generator.net, str(next(generator.net.parameters()).device)
    out = []
    for first in range(0, len(rows), CHUNK):
        draw = Blend(0, 0, "generate/", device=device, rows=tuple(rows[first : first + CHUNK]), mix=mix)
        cond = _cond(generator, label, device)
        fakes = draw_fakes(net, CHUNK, draw, cond, change=lambda z, row=first: move(z, row))
        out.append(fakes.float().cpu())
    return torch.cat(out)[: len(rows)]


def _cond(generator: Generator, label: str | None, device: str) -> Tensor | None:
    classes = generator.spec.classes
    conditional = bool(generator.config["net"]["options"].get("conditional"))
    return generator.cond(label if label is not None or not conditional else classes[0], 0, torch.device(device))


def _fresh_seed(place: Place, seed: int) -> int:
    """Another seed than the place's own, so that fresh noise is never the old one."""
    return seed if seed != place.seed else seed + 1_000_003
