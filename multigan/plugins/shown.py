"""What a fresh judge is shown of a modality's samples, checked where it enters."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from multigan.core.errors import PluginError, ShapeError
from multigan.core.returned import shown
from multigan.core.types import Modality, Spec
from multigan.plugins.abilities import Judged, able
from multigan.plugins.contract import guarded

__all__ = ["judge_view"]


def judge_view(modality: Modality, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
    """The modality's own view of samples for `multigan.judge`, else D's space; see `Judged`.

    Raises:
        PluginError: the modality fails in it, or gives no function.
        ShapeError (when called): it gives something else than pictures, series or vectors of finite numbers.
    """
    show: Callable[[Tensor], Tensor] = _as_it_is
    if able(modality, Judged):
        show = guarded(modality, "shown_to_judge", lambda: modality.shown_to_judge(known, spec))
        if not callable(show):
            given = f"modality '{modality.name}': shown_to_judge gives {shown(show)}"
            raise PluginError(given, "a function of samples, a tensor (n, ...), to what a judge sees", "return one")

    def view(x: Tensor) -> Tensor:
        seen = guarded(modality, "shown_to_judge", lambda: show(x))
        where = f"modality '{modality.name}': shown_to_judge"
        if not isinstance(seen, Tensor) or seen.ndim not in (2, 3, 4) or len(seen) != len(x):
            given = str(tuple(seen.shape)) if isinstance(seen, Tensor) else type(seen).__name__
            expected = f"({len(x)}, channels, height, width), ({len(x)}, channels, steps) or ({len(x)}, numbers)"
            raise ShapeError(f"{where} gives {given}", expected, "")
        if not torch.isfinite(seen).all():
            raise ShapeError(f"{where} makes numbers that are not finite", "finite numbers", "")
        return seen.float()

    return view


def _as_it_is(x: Tensor) -> Tensor:
    return x if x.ndim in (2, 3, 4) else x.flatten(1)
