"""All that is installed beside MultiGAN itself: plugins of every kind, what works and what does not."""

import sys
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from typing import Any, NamedTuple

from multigan.core.registry import Origin, Registry, unread_entries

__all__ = ["REGISTRIES", "Installed", "installed", "kinds_of", "registry_of", "unread"]

REGISTRIES = {
    "modality": "multigan.plugins:modalities",
    "loss": "multigan.losses:losses",
    "penalty": "multigan.losses:penalties",
    "matching term": "multigan.losses:matching",
    "constraint": "multigan.losses:constraints",
    "reduction": "multigan.losses:reductions",
    "view": "multigan.augment:views",
    "degradation": "multigan.inputs.degradations:degradations",
    "generator": "multigan.nets:generators",
    "discriminator": "multigan.nets:discriminators",
    "game": "multigan.games:games",
    "extractor": "multigan.features:extractors",
    "logger": "multigan.run.loggers:loggers",
    "recipes": "multigan.recipe.recipe:recipe_folders",
}
"""Every registry that other packages can add to, by what it holds."""


class Installed(NamedTuple):
    """One thing from another package.

    Attributes:
        kind: key of `REGISTRIES`.
        name: under which it is registered.
        origin: where it comes from.
        fault: why it cannot be used, or "" where it can.
    """

    kind: str
    name: str
    origin: Origin
    fault: str


def registry_of(kind: str) -> Registry[Any] | None:
    """The registry that holds a kind of thing, or None where this installation has no such part."""
    module, _, attribute = REGISTRIES[kind].partition(":")
    registry: Registry[Any] | None = getattr(import_module(module), attribute, None) if find_spec(module) else None
    return registry


def kinds_of(thing: object) -> list[str]:
    """The kinds under which other packages, or MULTIGAN_PLUGINS, offer an object whose module is imported."""
    found = []
    for kind in REGISTRIES:
        registry = registry_of(kind)
        names = registry.names() if registry is not None else []
        targets = [registry.origin(name).target for name in names if registry is not None and registry.is_plugin(name)]
        if any(_at(target) is thing for target in targets):
            found.append(kind)
    return found


def _at(target: str) -> object:
    """What stands at `module:attribute` now, or None; nothing is imported for it."""
    module, _, attribute = target.partition(":")
    try:
        return attrgetter(attribute)(sys.modules[module])
    except (KeyError, AttributeError):
        return None


def unread() -> list[str]:
    """Entries of MULTIGAN_PLUGINS that add nothing, each with the reason."""
    registries = (registry_of(kind) for kind in REGISTRIES)
    return unread_entries({registry.group for registry in registries if registry is not None})


def installed(kind: str | None = None) -> list[Installed]:
    """Everything from other packages, of one kind or all; loads it to know whether it works."""
    found = []
    for each in [kind] if kind else REGISTRIES:
        registry = registry_of(each)
        if registry is None:
            continue
        working = [name for name, _ in registry.items() if registry.is_plugin(name)]
        found += [Installed(each, name, registry.origin(name), "") for name in working]
        found += [Installed(each, one.name, one.origin, one.reason) for one in registry.broken.values()]
    return found
