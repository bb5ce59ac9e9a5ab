"""Whether what is asked for fits into this machine's memory: refused in words before anything is allocated."""

import os
import warnings
from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from multigan.core.counted import counted
from multigan.core.errors import DataError, MultiGANError, RecipeError
from multigan.core.plain import words_of
from multigan.core.returned import Maker, refuse, shown
from multigan.core.sized import sized
from multigan.core.types import Spec
from multigan.recipe.limits import quoted

__all__ = ["COPIES", "built", "memory_bytes", "refuse_batch", "refuse_samples"]

BYTES = 4
COPIES = 5
"""Of every parameter while training: itself, its gradient, two moments; G's average is about one more for half."""
KINDS = {"G": "generator", "D": "discriminator"}
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def memory_bytes() -> int:
    """What this machine, or the container that this process is in, has in all."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in map(Path, LIMITS):
        try:
            whole = min(whole, int(path.read_text()))
        except (OSError, ValueError):  # no such file; "max"
            continue
    return whole


def refuse_samples(n: int, spec: Spec) -> None:
    """Refuse to draw more samples than memory holds.

    Raises:
        DataError: `n` samples like `spec` are more.
    """
    one = prod(spec.shape) * BYTES
    if n * one > memory_bytes():
        given = f"{counted(n, 'sample takes', 'samples take')} {sized(n * one)}"
        raise DataError(given, f"less than this machine's memory, {sized(memory_bytes())}", "draw fewer at a time")


def refuse_batch(batch: int, spec: Spec) -> None:
    """Refuse a batch that alone fills the memory.

    Raises:
        RecipeError: it does.
    """
    size = batch * prod(spec.shape) * BYTES
    if size > memory_bytes():
        given = f"train.batch = {batch:,}: one batch takes {sized(size)}"
        fix = "type --set train.batch=64"
        raise RecipeError(given, f"less than this machine's memory, {sized(memory_bytes())}", fix)


def built(player: str, name: str, options: Mapping[str, Any], build: Callable[[], nn.Module]) -> nn.Module:
    """Build a net, having first counted its parameters where that takes no memory.

    Args:
        player: `"G"` or `"D"`.
        name: of the net, as in the recipe.
        options: as in the recipe, for the message.
        build: makes it.

    Raises:
        RecipeError: its parameters do not fit into memory, or there is no such net: an option is out of range.
        PluginError: what was built is no net, or one that leaves sizes open.
    """
    said = ", ".join(f"{player}.{key} = {quoted(value)}" for key, value in options.items()) or "its defaults"
    where = f"{player}.net = {quoted(name)} with {said}"
    _refuse_net(where, build)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Initializing zero-element")  # it is said below, in words
            net = build()
        _check_net(Maker(KINDS[player], name, build), net)
        empty = next((key for key, value in net.named_parameters() if not value.numel()), "")
    except MultiGANError:
        raise
    # Whatever torch says to sizes below 1 and to shapes that do not fit together. Without options it is no one's fault
    # but the net's.
    except (ArithmeticError, IndexError, RuntimeError, TypeError, ValueError) as error:
        if not options:
            raise
        raise RecipeError(
            f"{where} cannot be built: {words_of(error)}", "other numbers", "see docs/recipes.md", key=_alone(options)
        ) from error
    if empty:
        raise RecipeError(
            f"{where} has no values in {empty}", "sizes above 0", "give larger numbers", key=_alone(options)
        )
    return net


def _check_net(maker: Maker, net: object) -> None:
    if not isinstance(net, nn.Module):
        raise refuse(maker, f"builds {shown(net)}", "a torch.nn.Module")
    if lazy := [name for name, value in net.named_parameters() if is_lazy(value)]:
        raise refuse(
            maker, f"leaves the size of {lazy[0]} open", "sizes that are known when it is built: no Lazy layers"
        )


def _alone(options: Mapping[str, Any]) -> list[str]:
    """The one option that was given: what is wrong with a net is wrong with that."""
    return list(options) if len(options) == 1 else []


def _refuse_net(where: str, build: Callable[[], nn.Module]) -> None:
    try:
        # Tensors of the device "meta" have a shape and no memory.
        with torch.device("meta"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            count = sum(value.numel() for value in build().parameters())
    except MultiGANError:
        raise
    except Exception as error:
        if "overflow" not in str(error).lower():
            return  # a net that cannot be built without memory; what is wrong with it shows with
        count = 2**63
    size = count * BYTES * COPIES
    if size > memory_bytes():
        number = f"{count:,}" if count < 2**63 else "more than 2^63"
        given = f"{where} has {number} parameters, and training it takes {sized(size)}"
        raise RecipeError(given, f"less than this machine's memory, {sized(memory_bytes())}", "give smaller numbers")
