"""What `multigan check` looks at: a modality by name, an object by its place, or all that a package offers."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from multigan.core.errors import MultiGANError, UnknownNameError, did_you_mean
from multigan.core.plain import words_of
from multigan.core.types import Modality, Spec, View, members_of
from multigan.extend.installed import Installed, installed, registry_of
from multigan.losses.adversarial import LossPair
from multigan.plugins import modalities
from multigan.plugins.abilities import ABILITIES, able
from multigan.testing.kit import Result, run_checks
from multigan.testing.losses import check_loss
from multigan.testing.penalties import check_penalty
from multigan.testing.recipes import check_recipe
from multigan.testing.views import check_view

__all__ = ["check_target"]


def check_target(target: str, *, thorough: bool = False) -> Iterator[tuple[str, Result]]:
    """Check what `target` names; yields what was looked at and what was found.

    Args:
        target: name of a modality, of an installed distribution, or `module:object`.
        thorough: also the checks that take longer.

    Raises:
        UnknownNameError: nothing has that name.
    """
    if target in modalities or target in modalities.broken:
        yield from _check_modality(target, modalities.get(target), thorough)
        return
    if ":" in target:
        yield from _check_object(target, thorough)
        return
    everything = installed()
    offered = [thing for thing in everything if target in (thing.origin.distribution, thing.name)]
    if not offered:
        known = [*modalities.names(), *(thing.origin.distribution for thing in everything if thing.origin.distribution)]
        raise UnknownNameError(f"there is no modality and no package '{target}'", "", did_you_mean(target, {*known}))
    for thing in offered:
        yield from _check_installed(thing, thorough)


def _check_modality(what: str, modality: Modality, thorough: bool) -> Iterator[tuple[str, Result]]:
    """All checks, and at last what it offers beyond the contract."""
    yield from ((what, result) for result in run_checks(modality, thorough=thorough))
    offers: dict[bool, list[str]] = {True: [], False: []}
    for ability in ABILITIES:
        offers[able(modality, ability)] += members_of(ability)
    said = f"it offers {', '.join(offers[True]) or 'none'}; it may offer {', '.join(offers[False]) or 'no more'}"
    yield what, Result("abilities", "passed", said)


def _check_object(target: str, thorough: bool) -> Iterator[tuple[str, Result]]:
    module, _, attribute = target.partition(":")
    try:
        thing = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UnknownNameError(f"'{target}' is nowhere: {error}", "module:object", "check the spelling") from error
    if isinstance(thing, LossPair):
        yield target, _tried("loss", lambda: check_loss(thing))
    elif isinstance(thing, Modality):
        yield from _check_modality(target, thing, thorough)
    else:
        yield target, _tried("penalty", lambda: check_penalty(thing, target))


def _check_installed(thing: Installed, thorough: bool) -> Iterator[tuple[str, Result]]:
    what = f"{thing.kind} {thing.name}"
    if thing.fault:
        yield what, Result("loads", "failed", thing.fault)
        return
    registry = registry_of(thing.kind)
    loaded: Any = registry.get(thing.name) if registry is not None else None
    if thing.kind == "modality":
        yield from _check_modality(what, loaded, thorough)
    elif thing.kind == "loss":
        yield what, _tried("loss", lambda: check_loss(loaded))
    elif thing.kind in ("penalty", "matching term") and not hasattr(loaded, "build"):
        yield what, _tried("penalty", lambda: check_penalty(loaded, thing.name))
    elif thing.kind == "view":
        yield what, _tried("view", lambda: _check_built_view(loaded, thing.name))
    elif thing.kind == "recipes":
        folder = Path(loaded() if callable(loaded) else loaded)
        for path in sorted(folder.rglob("*.toml")):
            yield f"recipe {path.relative_to(folder).with_suffix('')}", _tried("recipe", _recipe_check(path))
    else:
        yield what, Result("loads", "passed")


def _recipe_check(path: Path) -> Callable[[], None]:
    return lambda: check_recipe(path)


def _check_built_view(builder: Callable[..., View], name: str) -> None:
    points = modalities.get("points")
    real = torch.randn(8, 2, generator=torch.Generator().manual_seed(0))
    spec = Spec("points", (2,), (), {"scale": 1.0, "centre": [0.0, 0.0]})
    if len(inspect.signature(builder).parameters) >= 2:
        check_view(builder(points, spec), real, spec, name)


def _tried(name: str, check: Callable[[], None]) -> Result:
    try:
        check()
    except MultiGANError as error:
        return Result(name, "failed", str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a plugin does, the others are checked too
        return Result(name, "failed", words_of(error))
    return Result(name, "passed")
