"""Public members that were meant to be one that is asked for: they would be left aside without a word."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from multigan.core.types import Modality
from multigan.plugins.abilities import able
from multigan.plugins.signatures import complaint

__all__ = ["ALIASES", "near_miss", "strangers"]

NEAR = 0.85  # one letter too many or too few in a word of five, two in one of ten
ALIASES: Mapping[str, str] = {
    "score": "own_scores",
    "scores": "own_scores",
    "get_scores": "own_scores",
    "compute_scores": "own_scores",
    "evaluate": "own_scores",
    "likelihood": "model_scores",
    "likelihoods": "model_scores",
    "curve": "own_curves",
    "curves": "own_curves",
    "vitals": "gauge",
    "inspection": "inspect",
    "survey": "inspect",
    "html": "to_html",
    "as_html": "to_html",
    "hole": "read_hole",
    "mask": "read_hole",
    "distance": "closeness",
    "similarity": "closeness",
    "augment": "augmentations",
    "augments": "augmentations",
    "policy": "augmentation_policy",
    "tag": "pipeline_tag",
    "range": "real_range",
    "recipe": "recipe_for_files",
    "extensions": "suffixes",
    "endings": "suffixes",
}
"""What people call a member who do not look its name up."""


def near_miss(thing: object, stranger: str, members: Mapping[str, type]) -> str:
    """The member that a public attribute was meant to be, or "".

    It is one in all but a letter or two, or a usual word for one that the object has not got; or a method of the same
    arguments that says a word more or less than one of an ability that the object has not got, as `inspect_files`.

    Args:
        thing: the modality's object.
        stranger: name of the attribute.
        members: every member that is asked for, and the protocol that names it.
    """
    if near := get_close_matches(stranger, members, n=1, cutoff=NEAR):
        return near[0]
    value = getattr(thing, stranger, None)
    meant = ALIASES.get(stranger, "")
    if meant and _absent(thing, meant, members[meant]) and callable(value) == _is_method(members[meant], meant):
        return meant
    if not callable(value):
        return ""
    for member, ability in members.items():
        alike = _is_method(ability, member) and _absent(thing, member, ability) and _overlap(stranger, member)
        if alike and not complaint(value, ability, member):
            return member
    return ""


def strangers(thing: object, members: Mapping[str, type]) -> Iterator[str]:
    """Public attributes that nothing asks for."""
    return (name for name in dir(thing) if name[0] != "_" and name not in members)


def _absent(thing: object, member: str, protocol: type) -> bool:
    """Whether the object would lack something by the slip: a value that is empty, or an ability that it has not got."""
    return not getattr(thing, member, None) if protocol is Modality else not able(thing, protocol)


def _is_method(protocol: type, member: str) -> bool:
    return callable(getattr(protocol, member, None))


def _overlap(one: str, other: str) -> bool:
    """Whether all words of one name are in the other, plurals aside."""
    first, second = ({word.removesuffix("s") for word in name.split("_")} for name in (one, other))
    return first <= second or second <= first
