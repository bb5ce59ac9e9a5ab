"""The modalities: four built in, others from packages of their own (entry-point group `multigan.modalities`)."""

from multigan.core.registry import Registry
from multigan.core.types import Modality
from multigan.plugins.members import check_members

__all__ = ["modalities"]

modalities: Registry[Modality] = Registry(
    "modality",
    "multigan.modalities",
    builtin={name: f"multigan.plugins.{name}:modality" for name in ("audio", "image", "points", "text")},
    check=check_members,
    declares=True,
)
"""Modalities by name (`modality` of a recipe): the four built in, and those of installed packages."""
