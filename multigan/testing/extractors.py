"""The check for a feature extractor."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from multigan.features import check_described
from multigan.testing.rules import rule

__all__ = ["check_extractor"]


def check_extractor(extractor: Callable[[Tensor], Tensor], real: Tensor, called: str = "") -> None:
    """A feature extractor: name, checksum and dim, float32 `(batch, dim)`, finite, each row of its own sample alone.

    Args:
        extractor: `extractor(real) -> (batch, dim)` with `name`, `sha256` and `dim`.
        real: at least three different samples in D's space `(batch, *shape)`.
        called: for messages; "" = its name.
    """
    check_described(extractor, called)
    name = called or str(getattr(extractor, "name", ""))
    before = real.clone()
    found = extractor(real)
    dim: Any = getattr(extractor, "dim", None)
    good = isinstance(found, Tensor) and found.ndim == 2 and len(found) == len(real) and found.is_floating_point()
    given = f"{tuple(found.shape)}" if isinstance(found, Tensor) else type(found).__name__
    rule(good, f"{name} gives {given}", f"floats ({len(real)}, dim)")
    rule(found.dtype == torch.float32, f"{name} gives {found.dtype}", "torch.float32")
    rule(dim is None or found.shape[1] == dim, f"{name}.dim = {dim}, but it gives {found.shape[1]}", "the same number")
    rule(bool(torch.isfinite(found).all()), f"{name} gives numbers that are not finite", "finite numbers")
    rule(torch.equal(before, real), f"{name} changes its input", "an input that stays as it was")
    rule(torch.equal(found, extractor(real)), f"{name} differs between calls", "the same features for the same samples")
    rule(not torch.allclose(found[0], found[1]), f"{name} gives different samples the same features", "features")
    alone = torch.cat([extractor(one[None]) for one in real])
    close = torch.allclose(found, alone, rtol=1e-3, atol=1e-4 * max(1.0, found.abs().max().item()))
    rule(close, f"{name} of a sample depends on its neighbours in the batch", "one row for each sample alone")
    rule(extractor(real[:0]).shape[0] == 0, f"{name} makes rows of an empty batch", "no rows")
