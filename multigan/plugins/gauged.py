"""A modality's own vitals, checked where they enter: what `gauge` returns, and what that measures."""

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from numbers import Real

from torch import Tensor, nn

from multigan.core.errors import PluginError
from multigan.core.returned import shown
from multigan.core.types import Gauge, Modality, Spec
from multigan.plugins.abilities import Gauges
from multigan.plugins.contract import guarded

__all__ = ["gauged"]

EXPECTED = "a function measure(G, fake) that gives numbers by name"
FIX = "see docs/extend.md"


def gauged(
    modality: Gauges, trained: Iterable[Tensor], unseen: Iterable[Tensor], *, spec: Spec, tell: Callable[[str], object]
) -> Gauge:
    """What measures a G by the modality's own vitals; see `multigan.plugins.abilities.Gauges`.

    Args:
        modality: also a `Modality`.
        trained: reals `(n, *spec.shape)` in parts.
        unseen: held-out ones.
        spec: what one sample is.
        tell: is told once of each vital that is not finite.

    Raises:
        PluginError: it fails in it, or gives no function; when called, that gives something else than numbers by name.
    """
    host: Modality = modality  # type: ignore[assignment]
    where = f"modality '{host.name}': gauge"
    measure = guarded(host, "gauge", lambda: modality.gauge(trained, unseen, spec))
    if not callable(measure):
        raise PluginError(f"{where} gives {shown(measure)}", EXPECTED, FIX)
    told = set[str]()

    def checked(G: nn.Module, fake: Tensor) -> dict[str, float]:
        found = _numbers(where, guarded(host, "what gauge gives", lambda: measure(G, fake)))
        for name, value in found.items():
            if not isfinite(value) and name not in told:
                told.add(name)
                tell(f"{where}: its measure gives {name} = {value}, of which no sign can be read; leave it out instead")
        return found

    return checked


def _numbers(where: str, found: object) -> dict[str, float]:
    if not isinstance(found, Mapping):
        raise PluginError(f"{where}: its measure gives {shown(found)}", "a dict of numbers by name", FIX)
    for name, value in found.items():
        number = value.numel() == 1 if isinstance(value, Tensor) else isinstance(value, Real)
        if not isinstance(name, str) or not number:
            raise PluginError(f"{where}: its measure gives {name!r} as {shown(value)}", "numbers by name", FIX)
    return {name: float(value) for name, value in found.items()}
