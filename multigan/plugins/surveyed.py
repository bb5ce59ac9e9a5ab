"""What a modality's `inspect` hands back: the one look at it, for the doctor as for `multigan check`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from multigan.core.errors import PluginError
from multigan.core.types import Modality, Spec
from multigan.files.findings import SEVERITIES, Finding, Survey
from multigan.plugins.contract import guarded

__all__ = ["surveyed"]

SHAPE = "multigan.files.findings.Survey(counts, findings, items, spec, classes)"


def surveyed(modality: Modality, call: Callable[[], Any]) -> Survey:
    """The survey of a modality with `Inspects`.

    Args:
        modality: the plugin's object.
        call: calls its `inspect`.

    Raises:
        PluginError: it fails, or gives something else; the field is named.
    """
    where, found = f"modality '{modality.name}': inspect", guarded(modality, "inspect", call)
    if not isinstance(found, Survey):
        raise PluginError(f"{where} gives {type(found).__name__}", SHAPE, "see docs/extend.md, Abilities")
    fields: tuple[tuple[str, bool, str], ...] = (
        ("counts", _is_mapping(found.counts, str), "words by name"),
        (
            "findings",
            _are_findings(found.findings),
            "a list of multigan.files.findings.Finding, each with its severity",
        ),
        ("items", _is_count(found.items), "the number of samples, 0 or more"),
        ("spec", found.spec is None or isinstance(found.spec, Spec), "a multigan.Spec or None"),
        ("classes", _is_mapping(found.classes, int), "the number of samples by the name of their class"),
    )
    for name, fits, expected in fields:
        if not fits:
            raise PluginError(f"{where} gives a survey with {name} = {getattr(found, name)!r}", expected, "correct it")
    if found.spec is not None and found.spec.modality != modality.name:
        given = f"{where} gives a spec of '{found.spec.modality}'"
        raise PluginError(given, f"'{modality.name}'", "correct the spec")
    return found


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_mapping(value: object, kind: type) -> bool:
    """From words to words, or to counts."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        return False
    return all(_is_count(one) if kind is int else isinstance(one, kind) for one in value.values())


def _are_findings(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    return all(isinstance(one, Finding) and one.severity in SEVERITIES for one in value)
