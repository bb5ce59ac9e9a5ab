"""Blocks that several modalities share, and nets from other packages.

A modality lists its own generators and discriminators. Packages add more under the entry-point groups
`multigan.generators` and `multigan.discriminators`; both kinds are picked by name in a recipe.
"""

from collections.abc import Callable

from torch import nn

from multigan.core.registry import Registry, callable_only

__all__ = ["discriminators", "generators"]

generators: Registry[Callable[..., nn.Module]] = Registry("generator", "multigan.generators", check=callable_only)
discriminators: Registry[Callable[..., nn.Module]] = Registry(
    "discriminator", "multigan.discriminators", check=callable_only
)
