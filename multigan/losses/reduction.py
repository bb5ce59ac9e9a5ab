"""How G's per-sample losses become one number."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError

__all__ = ["Reduction", "mean", "top_k"]

Reduction = Callable[[Tensor, Tensor, Draw], Tensor]
"""`reduction(values, logits, draw) -> scalar`: of G's per-sample losses `(batch,)`, given D's logits of them."""


def mean(values: Tensor, logits: Tensor, draw: Draw) -> Tensor:
    """The mean over the batch: every sample counts."""
    return values.mean()


def top_k(values: Tensor, logits: Tensor, draw: Draw, *, nu: float = 0.5, over: float = 1.0) -> Tensor:
    """The mean over the k fakes that D takes for the most real; the others give G no gradient.

    `k = ceil(batch * (1 - (1 - nu) * min(1, progress / over)))`: the whole batch at first, `nu` of it from the share
    `over` of the phase on. The batch is that of all processes; fakes as real as the k-th all count.

    Args:
        values: G's losses `(batch,)`.
        logits: D's logits of the fakes `(batch, *patch)`; patches are averaged for the ranking.
        draw: its progress, and what joins the processes.
        nu: the smallest share of the batch that counts, in (0, 1].
        over: share of the phase in which it is reached, in (0, 1].

    Returns:
        A scalar, whose mean over processes is the mean over the k fakes.

    Source: Sinha et al. 2020 (Top-k training of GANs).
    Departures: k falls linearly over the phase instead of by 1 % an epoch; micro-batches rank their own.

    Raises:
        RecipeError: a share out of range.
    """
    if not 0 < nu <= 1 or not 0 < over <= 1:
        wrong = "over" if 0 < nu <= 1 else "nu"
        given = f"top-k with nu = {nu}, over = {over}"
        raise RecipeError(given, "shares in (0, 1]", "correct game.reduction", key=[wrong])
    share = 1 - (1 - nu) * min(1.0, draw.progress / over)
    ranking = logits.detach().flatten(1).mean(1) if logits.ndim > 1 else logits.detach()
    of_all = draw.everywhere(ranking)
    k = max(1, math.ceil(len(of_all) * share - 1e-9))
    lowest = of_all.topk(k).values[-1]
    kept = torch.where(ranking >= lowest, values, 0.0).mean()
    return kept * len(of_all) / (of_all >= lowest).sum()
