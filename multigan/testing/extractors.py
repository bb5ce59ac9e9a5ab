"""The check for a feature extractor."""

import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from multigan.testing.rules import rule

__all__ = ["check_extractor"]


def check_extractor(extractor: Callable[[Tensor], Tensor], real: Tensor) -> None:
    """A feature extractor: its name and checksum, `(batch, dim)` of finite floats, each row of its own sample alone.

    Args:
        extractor: `extractor(real) -> (batch, dim)` with `name`, `sha256` and `dim`.
        real: at least three different samples in D's space `(batch, *shape)`.
    """
    name: Any = getattr(extractor, "name", None)
    rule(isinstance(name, str) and bool(name), f"the extractor's name is {name!r}", "a name")
    digest: Any = getattr(extractor, "sha256", None)
    rule(
        isinstance(digest, str) and bool(re.fullmatch("[0-9a-f]{64}", digest)),
        f"{name}.sha256 is {digest!r}",
        "64 hexadecimal digits: features of other weights are other features",
    )
    before = real.clone()
    found = extractor(real)
    dim: Any = getattr(extractor, "dim", None)
    good = isinstance(found, Tensor) and found.ndim == 2 and len(found) == len(real) and found.is_floating_point()
    rule(good, f"{name} gives {tuple(getattr(found, 'shape', ()))}", f"floats ({len(real)}, dim)")
    rule(dim is None or found.shape[1] == dim, f"{name}.dim = {dim}, but it gives {found.shape[1]}", "the same number")
    rule(bool(torch.isfinite(found).all()), f"{name} gives numbers that are not finite", "finite numbers")
    rule(torch.equal(before, real), f"{name} changes its input", "an input that stays as it was")
    rule(torch.equal(found, extractor(real)), f"{name} differs between calls", "the same features for the same samples")
    rule(not torch.allclose(found[0], found[1]), f"{name} gives different samples the same features", "features")
    alone = torch.cat([extractor(one[None]) for one in real])
    close = torch.allclose(found, alone, rtol=1e-3, atol=1e-4 * max(1.0, found.abs().max().item()))
    rule(close, f"{name} of a sample depends on its neighbours in the batch", "one row for each sample alone")
    rule(extractor(real[:0]).shape[0] == 0, f"{name} makes rows of an empty batch", "no rows")
