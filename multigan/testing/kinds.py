"""Which check tries a thing of each kind that a package may offer."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError, PluginError
from multigan.core.shell import typed
from multigan.extend.installed import kinds_of
from multigan.features import Setting
from multigan.losses.adversarial import LossPair
from multigan.plugins import modalities
from multigan.testing.extractors import check_extractor
from multigan.testing.games import check_game
from multigan.testing.losses import check_loss
from multigan.testing.parts import (
    built_on_points,
    check_constraint,
    check_logger,
    check_net,
    check_reduction,
    points_spec,
)
from multigan.testing.penalties import check_matching, check_penalty
from multigan.testing.rules import Skip, rule
from multigan.testing.views import check_view

__all__ = ["TRIALS", "kind_of"]

ITEMS = 8
PENALTY = ("D", "real", "fake", "cond", "draw")
WANTED: Mapping[tuple[str, ...], str] = {
    ("players", "rules"): "game",
    ("argument", "setting"): "extractor",
    ("modality", "spec"): "view",
    PENALTY: "penalty",
    ("values", "logits", "draw"): "reduction",
    ("folder",): "logger",
}
"""Kinds by the names of what their builders, or they themselves, are given."""


def kind_of(thing: object) -> str:
    """The kind of an object that is checked by its place: as it is offered, else by its type or what it is given.

    Raises:
        PluginError: it cannot be called, or nothing says what it is.
    """
    if offered := [kind for kind in kinds_of(thing) if kind in TRIALS]:
        return offered[0]
    if isinstance(thing, LossPair):
        return "loss"
    if not callable(thing):
        raise PluginError(f"{type(thing).__name__} is nothing that a package offers", ", ".join(TRIALS), "")
    given = tuple(inspect.signature(thing).parameters)
    kind = next((kind for names, kind in WANTED.items() if given[: len(names)] == names), "")
    if kind or given[:1] == ("D",) or hasattr(thing, "build") or _takes(thing, len(PENALTY)):
        return kind or "penalty"
    said = "; ".join(f"({', '.join(names)}) of a {kind}" for names, kind in WANTED.items())
    fix = f"set MULTIGAN_PLUGINS={typed('multigan.GROUP:NAME=MODULE:OBJECT')} to say which kind it is"
    raise PluginError(f"it is called with ({', '.join(given)})", said, fix)


def _takes(thing: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(thing).bind(*range(count))
    except TypeError:
        return False
    return True


def _extractor(build: Callable[..., Any], name: str) -> None:
    """Built twice for points, as an evaluation builds it, and tried on some of them."""
    points = modalities.get("points")
    data = points.load("ring", n=ITEMS)
    real = points.to_real(data.items.take(torch.arange(ITEMS), Draw(0)), data.spec)
    setting = Setting(data.spec, points, data)
    try:
        built, again = build("", setting), build("", setting)
    except MultiGANError as error:
        raise Skip(f"it refuses points, or wants an argument: {error}") from error
    check_extractor(built, real, name)
    same = built.sha256 == again.sha256 and torch.equal(built(real), again(real))
    rule(same, f"{name} is another each time it is built", "the same sha256 and features from the same setting")


def _penalty(thing: Any, name: str) -> None:
    check_penalty(_term(thing), name, size=points_spec().shape[0])


def _matching(thing: Any, name: str) -> None:
    check_matching(_term(thing), name, size=points_spec().shape[0])


def _term(thing: Any) -> Callable[..., Tensor]:
    """A term itself, or what its `build(modality, spec)` makes."""
    builder = getattr(thing, "build", None)
    term: Callable[..., Tensor] = built_on_points(builder) if builder else thing
    return term


def _view(build: Callable[..., Any], name: str) -> None:
    real = torch.randn(ITEMS, 2, generator=torch.Generator().manual_seed(0))
    view = built_on_points(build)
    rule(callable(view), f"{name} builds {type(view).__name__}", "a view, called as view(x, draw)")
    check_view(view, real, points_spec(), name)


TRIALS: Mapping[str, Callable[[Any, str], None]] = {
    "loss": lambda thing, name: check_loss(thing),
    "penalty": _penalty,
    "matching term": _matching,
    "constraint": check_constraint,
    "reduction": check_reduction,
    "view": _view,
    "degradation": _view,
    "generator": lambda thing, name: check_net(thing, "G", name),
    "discriminator": lambda thing, name: check_net(thing, "D", name),
    "game": check_game,
    "extractor": _extractor,
    "logger": check_logger,
}
"""By the kinds of `multigan.extend.installed.REGISTRIES`, modalities and recipes aside."""
