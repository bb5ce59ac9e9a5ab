"""The options that a recipe leaves open, at their defaults: known without importing nets.

`option_defaults.json` holds the signatures of all that is built in; `python -m multigan.extend.option_defaults`
writes it anew after a signature was changed. Things of other packages are asked themselves.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from multigan.core import strict_json
from multigan.recipe.recipe import Recipe

__all__ = ["FILE", "found", "resolved"]

FILE = Path(__file__).with_suffix(".json")
ELSEWHERE = {"conditional", "label_smoothing", "fakes", "reduction", "penalties", "matching", "constraints", "views"}
"""Decided by `[game]` itself."""
TERMS = {"penalties": "penalty", "matching": "matching term", "constraints": "constraint", "views": "view"}
Options = dict[str, Any]


def resolved(recipe: Recipe) -> Recipe:
    """The recipe with every option of its data, nets, game and terms: what is open stands at its default.

    Args:
        recipe: checked or not; names that nobody knows keep the options that they have.
    """
    game = recipe.game
    tables: dict[str, Any] = {
        "data": _filled(recipe.data, recipe.modality, "data", ""),
        "G": _filled(recipe.G, recipe.modality, "G", recipe.G.net),
        "D": _filled(recipe.D, recipe.modality, "D", recipe.D.net),
    }
    parts: dict[str, Any] = {
        key: tuple(_filled(term, recipe.modality, kind, term.name) for term in getattr(game, key))
        for key, kind in TERMS.items()
    }
    parts["reduction"] = _filled(game.reduction, recipe.modality, "reduction", game.reduction.name)
    tables["game"] = _filled(game, recipe.modality, "game", game.name).model_copy(update=parts)
    return recipe.model_copy(update=tables)


def found() -> dict[str, Options]:
    """Defaults of all that is built in, by `kind/modality/name`: what the file must hold."""
    from multigan.nets.lookup import translators_of
    from multigan.plugins import modalities

    known: dict[str, Options] = {}
    for name in (name for name in modalities.names() if not modalities.is_plugin(name)):
        modality = modalities.get(name)
        known[f"data/{name}/"] = _defaults(modality.load)
        known |= {f"G/{name}/{net}": _defaults(build) for net, build in modality.generators.items()}
        known |= {f"G/{name}/{net}": _defaults(build) for net, build in translators_of(modality).items()}
        known |= {f"D/{name}/{net}": _defaults(build) for net, build in modality.discriminators.items()}
    for kind in (*TERMS.values(), "reduction", "game"):
        registry = _registry(kind)
        own = [name for name in registry.names() if not registry.is_plugin(name)]
        known |= {f"{kind}//{name}": _defaults(registry.get(name)) for name in [*own, *registry.aliases]}
    return dict(sorted(known.items()))


def _filled(table: Any, modality: str, kind: str, name: str) -> Any:
    given = dict(table.options)
    defaults = _known().get(f"{kind}/{modality if kind in ('data', 'G', 'D') else ''}/{name}")
    if defaults is None:
        defaults = _asked(modality, kind, name)
    return table.model_copy(update={"options": {**defaults, **given}})


@cache
def _known() -> Mapping[str, Options]:
    content: dict[str, Options] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def _asked(modality: str, kind: str, name: str) -> Options:
    """Defaults of another package's thing; none where it does not load, which `multigan plugins` says."""
    from multigan.core.errors import MultiGANError

    try:
        if kind not in ("data", "G", "D"):
            return _defaults(_registry(kind).get(name))
        from multigan.nets.lookup import net_builder
        from multigan.plugins import modalities

        adapter = modalities.get(modality)
        return _defaults(adapter.load if kind == "data" else net_builder(adapter, kind, name))
    except MultiGANError:
        return {}


def _registry(kind: str) -> Any:
    from multigan.extend.installed import registry_of

    return registry_of(kind)


def _defaults(thing: Callable[..., Any]) -> Options:
    """Of the keyword-only parameters, those that TOML can write: it has no word for None."""
    parameters = inspect.signature(getattr(thing, "build", thing)).parameters.values()
    options = {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY}
    kept = {name: value for name, value in options.items() if name not in ELSEWHERE and _is_plain(value)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float | str) or (isinstance(value, tuple) and all(map(_is_plain, value)))


if __name__ == "__main__":
    FILE.write_text(strict_json.dumps(found(), indent=1) + "\n", encoding="utf-8")
