"""What a fresh judge and its second witness are shown of a modality's samples, checked where it enters."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.errors import PluginError, ShapeError
from multigan.core.returned import shown
from multigan.core.types import Modality, Spec
from multigan.plugins.abilities import Judged, Witnessed, able
from multigan.plugins.contract import guarded

__all__ = ["Shown", "Views", "judge_view", "judge_views"]

View = Callable[[Tensor], Tensor]
Warn = Callable[[str], object]
KEPT_BYTES = 2**28
"""Of other reals that are kept in memory for whoever reads them second."""


@dataclass(frozen=True)
class Shown:
    """Samples as they are judged.

    Attributes:
        x: what the net sees, `(n, *shape)`.
        numbers: what the second witness is told, `(n, numbers)`; None = there is none.
    """

    x: Tensor
    numbers: Tensor | None


@dataclass(frozen=True)
class Views:
    """What makes of samples in D's space what is judged.

    Attributes:
        net: for the judge's net.
        numbers: for the second witness; None = there is none.
        warn: gets a line where the second witness fails, which then is none; None = its error is raised.
    """

    net: View
    numbers: View | None
    warn: Warn | None = None

    def of(self, parts: Iterable[Tensor]) -> Shown:
        """All of samples `(n, *spec.shape)` that come in parts, at least one."""
        seen, told, failed = list[Tensor](), list[Tensor](), ""
        for part in parts:
            seen.append(self.net(part))
            if self.numbers and not failed:
                with _witnessing(self.warn) as why:
                    told.append(self.numbers(part))
                failed = "".join(why)
        numbers = None
        if told and not failed:
            with _witnessing(self.warn):
                numbers = _joined(told, "numbers_for_judge")
        return Shown(_joined(seen, "shown_to_judge"), numbers)

    def told(self, parts: Iterable[Tensor]) -> Tensor | None:
        """What the second witness alone is told of samples that come in parts, `(n, numbers)`; None = there is none."""
        if self.numbers is None:
            return None
        with _witnessing(self.warn):
            return _joined([self.numbers(part) for part in parts], "numbers_for_judge")
        return None


@contextmanager
def _witnessing(warn: Warn | None) -> Iterator[list[str]]:
    """What the second witness does: that it fails is told, and costs it alone; the list gets why."""
    failed = list[str]()
    try:
        yield failed
    except (PluginError, ShapeError) as error:
        if warn is None:
            raise
        failed.append(f"the judge had no second witness: {error}")
        warn(failed[0])


class _Read:
    """Reals in parts, for several readers: read once, as long as they take little memory.

    Args:
        make: gives them, whenever it is called.
    """

    def __init__(self, make: Callable[[], Iterable[Tensor]]) -> None:
        self.make = make
        self._kept: list[Tensor] | None = None

    def __iter__(self) -> Iterator[Tensor]:
        if self._kept is not None:
            yield from (part.clone() for part in self._kept)
            return
        kept, size = list[Tensor](), 0
        for part in self.make():
            size += part.nbytes
            kept = [*kept, part.clone()] if size <= KEPT_BYTES else []
            yield part
        self._kept = kept if size <= KEPT_BYTES else None


def judge_views(
    modality: Modality, known: Callable[[], Iterable[Tensor]], spec: Spec, warn: Warn | None = None
) -> Views:
    """Both views of a modality's samples; see `judge_view` and `Witnessed`.

    Args:
        modality: whose.
        known: gives other reals in parts, whenever it is called.
        spec: what one sample is.
        warn: gets a line, which names the method, where `numbers_for_judge` fails: the net is alone then. None = that
            is raised.

    Raises:
        PluginError, ShapeError: as `judge_view`; without `warn` of either view.
    """
    read = _Read(known)
    net, numbers = judge_view(modality, iter(read), spec), None
    if able(modality, Witnessed):
        with _witnessing(warn):
            numbers = _numbers(modality, iter(read), spec)
    return Views(net, numbers, warn)


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

    where = f"modality '{modality.name}': shown_to_judge"

    def view(x: Tensor) -> Tensor:
        seen = guarded(modality, "shown_to_judge", lambda: show(x.detach().clone()))
        expected = f"({len(x)}, channels, height, width), ({len(x)}, channels, steps) or ({len(x)}, numbers)"
        return _checked(seen, len(x), (2, 3, 4), where, expected)

    return view


def _checked(seen: object, n: int, dims: Collection[int], where: str, expected: str) -> Tensor:
    """What a modality gives for `n` samples, as finite numbers without a gradient."""
    if not isinstance(seen, Tensor) or seen.ndim not in dims or len(seen) != n or not seen.numel():
        raise ShapeError(
            f"{where} gives {tuple(seen.shape) if isinstance(seen, Tensor) else shown(seen)}", expected, ""
        )
    if seen.is_complex():
        raise ShapeError(f"{where} makes complex numbers", "real ones", "")
    found = seen.detach().float()
    if not torch.isfinite(found).all():
        raise ShapeError(f"{where} makes numbers that are not finite", "finite numbers", "")
    return found


def _joined(parts: Sequence[Tensor], what: str) -> Tensor:
    shapes = sorted({tuple(part.shape[1:]) for part in parts})
    if len(shapes) > 1:
        given = f"{what} gives samples of shape {shapes[0]} in one part and {shapes[1]} in another"
        raise ShapeError(given, "one shape for all", "")
    return torch.cat(list(parts))


def _as_it_is(x: Tensor) -> Tensor:
    return x if x.ndim in (2, 3, 4) else x.flatten(1)


def _numbers(modality: Modality, known: Iterable[Tensor], spec: Spec) -> View | None:
    method = "numbers_for_judge"
    tell = guarded(modality, method, lambda: modality.numbers_for_judge(known, spec))  # type: ignore[attr-defined]
    where = f"modality '{modality.name}': {method}"
    if tell is not None and not callable(tell):
        expected = "a function of samples, a tensor (n, ...), to numbers (n, numbers), or None"
        raise PluginError(f"{where} gives {shown(tell)}", expected, "return one")

    def numbers(x: Tensor) -> Tensor:
        told = guarded(modality, method, lambda: tell(x.detach().clone()))
        return _checked(told, len(x), (2,), where, f"({len(x)}, numbers)")

    return numbers if tell is not None else None
