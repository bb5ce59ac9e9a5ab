"""Degradations by name (entry-point group `multigan.degradations`): views that make an input of a target.

A degradation is built like a view, `build(modality, spec, *, option=default, ...)`, and called as `view(x, draw)`;
where it changes what a sample is, it has `spec(spec)`. Every view is one too.
"""

from collections.abc import Callable

from multigan.augment import views
from multigan.core.errors import UnknownNameError, did_you_mean
from multigan.core.registry import Registry, callable_only
from multigan.core.types import View

__all__ = ["degradation", "degradations"]

degradations: Registry[Callable[..., View]] = Registry(
    "degradation",
    "multigan.degradations",
    builtin={
        "background": "multigan.plugins.audio.background:build_background",
        "blur": "multigan.plugins.image.worn:build_blur",
        "clipping": "multigan.plugins.audio.degrade:build_clipping",
        "downsample": "multigan.plugins.image.degrade:build_downsample",
        "grey": "multigan.plugins.image.degrade:build_grey",
        "hole": "multigan.plugins.image.degrade:build_hole",
        "jpeg": "multigan.plugins.image.worn:build_jpeg",
        "low-pass": "multigan.plugins.audio.degrade:build_low_pass",
        "mel": "multigan.plugins.audio.mel_degrade:build_mel",
        "narrow": "multigan.plugins.audio.narrow:build_narrow",
        "noise": "multigan.augment.noise:build_steady_noise",
        "reverb": "multigan.plugins.audio.degrade:build_reverb",
        "second-order": "multigan.plugins.image.worn:build_second_order",
    },
    check=callable_only,
)


def degradation(name: str) -> Callable[..., View]:
    """The builder of a degradation, or of a view, by name.

    Raises:
        UnknownNameError: it is neither.
    """
    for registry in (degradations, views):
        if name in registry or name in registry.aliases:
            return registry.get(name)
    known = [*degradations.names(), *views.names()]
    raise UnknownNameError(f"there is no degradation '{name}'", "", did_you_mean(name, known))
