"""Views: what D sees of samples in place of them, by name (entry-point group `multigan.views`).

A view is built by `build(modality, spec, *, option=default, ...)` and called as `view(x, draw)`. Reals and fakes pass
through the same views in the turns of D and of G, and penalties get what D sees.
"""

from collections.abc import Callable

from multigan.core.registry import Registry, callable_only
from multigan.core.types import View

__all__ = ["views"]

views: Registry[Callable[..., View]] = Registry(
    "view",
    "multigan.views",
    builtin={
        "augment": "multigan.augment.policy:build_augment",
        "instance-noise": "multigan.augment.noise:build_noise",
        "pack": "multigan.augment.pack:build_pack",
    },
    aliases={"ada": "augment", "diffaugment": "augment", "pacgan": "pack"},
    check=callable_only,
)
