"""Checks for the small parts that a package may offer: constraints, reductions, loggers, and nets for any samples."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError
from multigan.core.types import Spec
from multigan.nets import mlp
from multigan.plugins import modalities
from multigan.testing.nets import check_nets
from multigan.testing.rules import BATCH, Skip, rule

__all__ = ["built_on_points", "check_constraint", "check_logger", "check_net", "check_reduction", "points_spec"]

SHAPES = (("points", (2,)), ("image", (3, 32, 32)), ("audio", (1, 1024)), ("text", (8, 16)))
"""Samples that a net on trial may be made for: the first that it does not refuse."""


def points_spec() -> Spec:
    """What a sample of the points is on which parts are tried."""
    return Spec("points", (2,), (), {"scale": 1.0, "centre": [0.0, 0.0]})


def check_constraint(constraint: Callable[[nn.Module], object], name: str = "the constraint") -> None:
    """A constraint: it takes a D, and leaves its weights finite and of their shapes.

    Args:
        constraint: `constraint(D)`.
        name: for messages.
    """
    D = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
    shapes = [value.shape for value in D.parameters()]
    constraint(D)
    rule(shapes == [value.shape for value in D.parameters()], f"{name} changes the shapes of weights", "the same")
    finite = all(bool(torch.isfinite(value).all()) for value in D.parameters())
    rule(finite, f"{name} leaves weights that are not finite", "finite weights")


def check_reduction(reduction: Callable[[Tensor, Tensor, Draw], Tensor], name: str = "the reduction") -> None:
    """A reduction: one finite number of G's losses, with a gradient in them, the same for the same draw.

    Args:
        reduction: `reduction(values, logits, draw) -> scalar`.
        name: for messages.
    """
    values, logits = torch.linspace(-1, 1, BATCH).requires_grad_(True), torch.linspace(1, -2, BATCH)
    found = reduction(values, logits, Draw(0, progress=0.5))
    given = f"{tuple(found.shape)}" if isinstance(found, Tensor) else type(found).__name__
    rule(isinstance(found, Tensor) and found.shape == (), f"{name} gives {given}", "one number: a tensor ()")
    rule(bool(torch.isfinite(found)), f"{name} gives a number that is not finite", "a finite number")
    again = reduction(values, logits, Draw(0, progress=0.5))
    rule(torch.equal(found, again), f"{name} differs between equal draws", "all randomness from the draw")
    gradient = torch.autograd.grad(found, values, allow_unused=True)[0] if found.requires_grad else None
    rule(gradient is not None, f"{name} has no gradient in the losses", "a reduction that G can learn through")


def check_logger(build: Callable[[Path], Any], name: str = "the logger") -> None:
    """A logger: it opens in a folder and takes rows.

    Args:
        build: `build(folder)`, which gives what has `write(step, values)`.
        name: for messages.
    """
    with TemporaryDirectory(prefix="multigan-check-") as folder:
        writer = build(Path(folder) / "logger")
        write = getattr(writer, "write", None)
        rule(callable(write), f"{name} gives {type(writer).__name__} without write", "write(step, values)")
        for step in (1, 2):
            writer.write(step, {"loss/G": 0.5, "loss/D": float(step)})
        if callable(close := getattr(writer, "close", None)):
            close()


def check_net(build: Callable[..., nn.Module], player: str, name: str = "the net") -> None:
    """A net for any modality: `check_nets` on the first kind of samples for which it can be built.

    Args:
        build: `build(spec, *, options) -> nn.Module`.
        player: `"G"` or `"D"`.
        name: for messages.

    Raises:
        Skip: it refuses all of them in words.
    """
    said = list[str]()
    for modality, shape in SHAPES:
        spec = points_spec() if modality == "points" else Spec(modality, shape)
        torch.manual_seed(0)
        try:
            net = build(spec)
        except MultiGANError as error:
            said.append(str(error))
            continue
        rule(isinstance(net, nn.Module), f"{name} gives {type(net).__name__}", "a torch.nn.Module")
        rule(player == "D" or hasattr(net, "latent"), f"{name} has no latent", "latent, a multigan.core.types.Latent")
        own, other = (net, mlp.build_flat_d(spec, width=8)), (mlp.build_flat_g(spec, width=8), net)
        check_nets(*(own if player == "G" else other), spec.shape)
        return
    raise Skip(f"it refuses samples of {', '.join(str(shape) for _, shape in SHAPES)}: {said[0]}")


def built_on_points(builder: Callable[..., Any], *options: Any) -> Any:
    """What a builder `build(modality, spec)` makes for points.

    Raises:
        Skip: it refuses them in words.
    """
    try:
        return builder(modalities.get("points"), points_spec(), *options)
    except MultiGANError as error:
        raise Skip(f"it refuses points: {error}") from error
