"""Terms of G that match fakes to reals inside D."""

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, as_critique

__all__ = ["feature_matching"]


def feature_matching(
    D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw, *, paired: bool = False
) -> Tensor:
    """`mean over layers of |mean_batch f(real) - f(fake)|`: fakes should excite D's layers as reals do on average.

    Args:
        D: returns a `Critique` with features `(batch, ...)`.
        real: `(batch, ...)`; its features carry no gradient.
        fake: `(batch, ...)`; the gradient reaches it.
        cond: labels `(batch,)` or None.
        draw: randomness inside D, and the means over the batch of all processes.
        paired: each fake as its own real does, where the two belong together.

    Returns:
        `(batch,)`.

    Raises:
        RecipeError: D returns no features.

    Source: Salimans et al. 2016, section 3.1; paired: Wang et al. 2018 (pix2pixHD), Eq. 4; Kong et al. 2020 (HiFi-GAN),
        Eq. 7.
    Departures: L1 instead of squared L2, on several layers (Larsen et al. 2016; Kumar et al. 2019 for audio).
    """
    with torch.no_grad():
        wanted = as_critique(D(real.detach(), cond, draw.child("real"))).features
    got = as_critique(D(fake, cond, draw.child("fake"))).features
    if not got:
        raise RecipeError(
            "feature-matching needs a D that returns features", "another D", "remove it from game.matching"
        )
    gaps = [
        (f - (r if paired else draw.batch_mean(r))).abs().flatten(1).mean(1) for f, r in zip(got, wanted, strict=True)
    ]
    return torch.stack(gaps).mean(0)


feature_matching.asks_D = True  # type: ignore[attr-defined]
