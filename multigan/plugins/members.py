"""What a modality's object has: all of the contract, whole abilities, and nothing that was meant to be one of them."""

from collections.abc import Mapping
from typing import Any, get_origin, get_type_hints

from multigan.core.errors import PluginError, did_you_mean
from multigan.core.types import Modality, members_of
from multigan.plugins.abilities import ABILITIES, Augments, able
from multigan.plugins.contract import VERBS
from multigan.plugins.member_values import check_inside, check_policy
from multigan.plugins.near_misses import near_miss, strangers
from multigan.plugins.signatures import asked, complaint

__all__ = ["MEMBERS", "RENAMED", "check_members"]

VALUES: Mapping[str, tuple[type, ...]] = {
    "name": (str,),
    "summary": (str,),
    "suffixes": (tuple, list),
    "embedded": (tuple, list),
    "generators": (Mapping,),
    "discriminators": (Mapping,),
    "objectives": (Mapping,),
    "recipe_for_files": (str,),
    "real_range": (tuple, list, type(None)),
    "unsupported": (Mapping,),
}
METHODS = ("load", "to_real", "render", "save", "sheet", "features")
RENAMED = {"metrics": "own_scores(samples, real, train, spec), which gives rows: see docs/extend.md"}
"""Members of older contracts, and what came in their place."""


MEMBERS: Mapping[str, type] = {name: protocol for protocol in (*ABILITIES, Modality) for name in members_of(protocol)}
"""Every member that is ever asked for, and the protocol that names it."""


def check_members(name: str, thing: object) -> None:
    """A modality's object has all that the contract names and whole abilities, of the right kind and spelt rightly.

    Args:
        name: under which it is registered.
        thing: what the entry point leads to.

    Raises:
        PluginError: something is missing, misspelt, half there, of another type or signature; a class was named in
            place of an object.
    """
    if isinstance(thing, type):
        raise PluginError(
            f"'{name}' is the class {thing.__name__}", "an object", f"write modality = {thing.__name__}()"
        )
    missing = [member for member in (*VALUES, *METHODS) if not hasattr(thing, member)]
    if missing:
        fix = "inherit from multigan.Adapter, which has a default for most"
        raise PluginError(f"'{name}' has no {', '.join(missing)}", "all of multigan.Modality", fix)
    for member, kinds in VALUES.items():
        _check_value(name, thing, member, kinds)
    for method in METHODS:
        _check_method(name, thing, method, Modality)
    if (own := getattr(thing, "name", name)) != name:
        raise PluginError(f"'{name}' calls itself '{own}'", f"name = '{name}'", "give both the same name")
    _check_unsupported(name, getattr(thing, "unsupported", {}))
    _check_spelling(name, thing)
    for ability in ABILITIES:
        _check_ability(name, thing, ability)
    if able(thing, Augments):
        check_policy(name, thing.augmentations, thing.augmentation_policy)


def _check_ability(name: str, thing: object, ability: type) -> None:
    """All of an ability or nothing of it, each member as the protocol has it."""
    members = members_of(ability)
    missing = [member for member in members if getattr(thing, member, None) is None]
    if len(missing) == len(members):
        return
    if missing:
        given = f"'{name}' has {', '.join(one for one in members if one not in missing)} without {', '.join(missing)}"
        raise PluginError(given, f"all of multigan.plugins.abilities.{ability.__name__}", "write the rest too")
    hints = get_type_hints(ability)
    for member in members:
        if member in hints:
            _check_value(name, thing, member, _kinds(hints[member]))
        else:
            _check_method(name, thing, member, ability)


def _check_value(name: str, thing: object, member: str, kinds: tuple[type, ...]) -> None:
    value = getattr(thing, member)
    if not isinstance(value, kinds):
        raise PluginError(f"'{name}'.{member} is {type(value).__name__}", kinds[0].__name__, "correct it")
    check_inside(name, member, value)


def _check_method(name: str, thing: object, member: str, protocol: type) -> None:
    """It can be called as the protocol says, and none of its arguments has the name of another."""
    method = getattr(thing, member)
    if not callable(method):
        raise PluginError(f"'{name}'.{member} cannot be called", "a method", "correct it")
    if wrong := complaint(method, protocol, member):
        raise PluginError(f"'{name}'.{member} {wrong}", asked(protocol, member), "correct it")


def _check_spelling(name: str, thing: object) -> None:
    """No public member that is nearly one that is asked for: it would be left aside without a word."""
    for member in strangers(thing, MEMBERS):
        if member in RENAMED:
            raise PluginError(f"'{name}' has {member}, of an older contract", RENAMED[member], f"remove {member}")
        if near := near_miss(thing, member, MEMBERS):
            fix = f"did you mean '{near}'? A helper of your own begins with an underscore"
            raise PluginError(f"'{name}' has '{member}', which nothing asks for", "", fix)


def _kinds(hint: Any) -> tuple[type, ...]:
    kind = get_origin(hint) or hint
    if kind is tuple:
        return tuple, list
    return (kind,) if isinstance(kind, type) else (object,)


def _check_unsupported(name: str, unsupported: Mapping[str, str]) -> None:
    for verb, reason in unsupported.items():
        if verb not in VERBS:
            raise PluginError(f"'{name}'.unsupported names '{verb}'", "", did_you_mean(verb, VERBS))
        if not isinstance(reason, str) or not reason.strip():
            raise PluginError(f"'{name}'.unsupported gives no reason for '{verb}'", "a reason", "write one")
