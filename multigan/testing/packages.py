"""What `multigan check` looks at: a modality by name, an object by its place, or all that a package offers."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from multigan.core.errors import MultiGANError, PluginError, UnknownNameError, did_you_mean
from multigan.core.plain import words_of
from multigan.core.registry import API
from multigan.core.types import Modality, members_of
from multigan.extend.installed import Installed, installed, registry_of
from multigan.plugins import modalities
from multigan.plugins.abilities import ABILITIES, able
from multigan.plugins.adapter import Adapter
from multigan.testing.kinds import TRIALS, kind_of
from multigan.testing.kit import Result, run_checks
from multigan.testing.recipes import check_recipe
from multigan.testing.rules import Skip

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
    offers: dict[str, list[str]] = {"offers": [], "inherits": [], "may offer": []}
    for ability in ABILITIES:
        for member in members_of(ability):
            own = "offers" if _gives(modality, member) else "inherits"
            offers[own if able(modality, ability) else "may offer"].append(member)
    said = [f"it {how} {', '.join(members)}" for how, members in offers.items() if members]
    yield what, Result("abilities", "passed", "; ".join(said))


def _gives(modality: Modality, member: str) -> bool:
    """Whether a member is the modality's own, and no default that every adapter has."""
    with suppress(TypeError):  # one with __slots__ has no members of its own
        if member in vars(modality):
            return True
    home = next((one for one in type(modality).__mro__ if member in vars(one)), None)
    return home is not Adapter


def _check_object(target: str, thorough: bool) -> Iterator[tuple[str, Result]]:
    module, _, attribute = target.partition(":")
    try:
        home = import_module(module)
        thing = getattr(home, attribute)
    except (ImportError, AttributeError) as error:
        raise UnknownNameError(f"'{target}' is nowhere: {error}", "module:object", "check the spelling") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a stranger's program may raise anything while it is imported
        yield target, Result("loads", "failed", words_of(error))
        return
    if older := _of_another_contract(home, thing):
        yield target, Result("loads", "failed", older)
        return
    if isinstance(thing, Modality):
        yield from _check_modality(target, thing, thorough)
        return
    kind = kind_of(thing)
    yield target, _tried(kind, lambda: TRIALS[kind](thing, attribute))


def _of_another_contract(*declaring: object) -> str:
    """Why a module, or a thing in it, is refused by every registry: the contract that it says; "" where none does."""
    for one in declaring:
        said = getattr(one, "multigan_api", API)
        if said != API:
            fix = "see docs/extend.md for what has changed"
            return str(PluginError(f"it was made for multigan_api = {said!r}", f"multigan_api = {API}", fix))
    return ""


def _check_installed(thing: Installed, thorough: bool) -> Iterator[tuple[str, Result]]:
    what = f"{thing.kind} {thing.name}"
    if thing.fault:
        yield what, Result("loads", "failed", thing.fault)
        return
    registry = registry_of(thing.kind)
    loaded: Any = registry.get(thing.name) if registry is not None else None
    if thing.kind == "modality":
        yield from _check_modality(what, loaded, thorough)
    elif thing.kind == "recipes":
        folder = Path(loaded() if callable(loaded) else loaded)
        for path in sorted(folder.rglob("*.toml")):
            yield f"recipe {path.relative_to(folder).with_suffix('')}", _tried("recipe", _recipe_check(path))
    else:
        yield what, _tried(thing.kind, lambda: TRIALS[thing.kind](loaded, thing.name))


def _recipe_check(path: Path) -> Callable[[], None]:
    return lambda: check_recipe(path)


def _tried(name: str, check: Callable[[], None]) -> Result:
    try:
        with torch.random.fork_rng(devices=[]):
            check()
    except Skip as skip:
        return Result(name, "skipped", str(skip))
    except MultiGANError as error:
        return Result(name, "failed", str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a plugin does, the others are checked too
        return Result(name, "failed", words_of(error))
    return Result(name, "passed")
