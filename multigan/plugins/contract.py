"""What MultiGAN demands of a modality, checked where its values enter: in words, once, and on a few items only."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import (
    DataError,
    MultiGANError,
    PluginError,
    ShapeError,
    UnsupportedError,
    is_memory,
)
from multigan.core.plain import words_of
from multigan.core.returned import shown
from multigan.core.types import Data, Modality, Spec

__all__ = [
    "PROBED",
    "VERBS",
    "check_data",
    "check_rendered",
    "checked_features",
    "checked_file",
    "checked_files",
    "guarded",
    "require",
]

VERBS = (
    "train",
    "resume",
    "generate",
    "doctor",
    "evaluate",
    "report",
    "compare",
    "explore",
    "edit",
    "export",
    "demo",
    "publish",
    "provenance",
)
"""What every modality can do for free, unless its `unsupported` says why not."""
PROBED = 2
SLACK = 1e-3  # of a range: rounding of a decoder is no fault


def require(modality: Modality, verb: str) -> None:
    """Refuse a verb that a modality declares as unsupported.

    Args:
        modality: the plugin's object.
        verb: one of `VERBS`.

    Raises:
        UnsupportedError: with the reason that the modality gives.
    """
    reason = modality.unsupported.get(verb)
    if reason is not None:
        able = ", ".join(one for one in VERBS if one not in modality.unsupported)
        raise UnsupportedError(f"modality '{modality.name}' has no {verb}: {reason}", f"one of {able}", "")


def guarded(modality: Modality, method: str, call: Callable[[], Any]) -> Any:
    """Call a method of a plugin; whatever goes wrong in it becomes one line that names plugin and method.

    Raises:
        PluginError: it raised something that is neither an error of MultiGAN nor of the system.
    """
    try:
        return call()
    except (MultiGANError, OSError, KeyboardInterrupt):
        raise
    # Also what is no Exception: a plugin must not end the program by itself.
    except BaseException as error:
        if is_memory(error):
            given = f"the memory is full in {method} of modality '{modality.name}'"
            raise DataError(given, "data that fits", "ask for smaller samples, or give fewer files") from error
        raise PluginError(
            f"modality '{modality.name}' fails in {method}: {words_of(error)}",
            "a result, or a DataError in words",
            f"report it to its authors; they find it with multigan check {modality.name}",
        ) from error


def check_data(modality: Modality, data: Data) -> None:
    """What `load` returned, and its first items in D's space: types, shapes, dtypes, ranges.

    Raises:
        PluginError: `load` returned no `Data`, or one that contradicts itself.
        ShapeError: `to_real` breaks its promise; the item is named.
    """
    where = f"modality '{modality.name}': load"
    if not isinstance(data, Data) or not isinstance(data.spec, Spec):
        raise PluginError(f"{where} gives {type(data).__name__}", "multigan.Data with a multigan.Spec", "return one")
    if data.spec.modality != modality.name:
        raise PluginError(f"{where} gives a spec of '{data.spec.modality}'", f"'{modality.name}'", "correct the spec")
    if not data.spec.shape or not all(isinstance(n, int) and n > 0 for n in data.spec.shape):
        raise PluginError(f"{where} gives spec.shape = {data.spec.shape}", "sizes above 0", "correct the spec")
    _check_meta(where, data.spec)
    n = len(data.items)
    if data.labels is not None:
        _check_labels(where, data.labels, n, len(data.spec.classes))
    numbers = torch.arange(min(PROBED, n))
    if len(numbers):
        raw = guarded(modality, "take", lambda: data.items.take(numbers, Draw(0)))
        real = guarded(modality, "to_real", lambda: modality.to_real(raw, data.spec))
        check_real(modality, real, len(numbers), data.spec)


def check_real(modality: Modality, real: Tensor, count: int, spec: Spec) -> None:
    """Items in D's space as `to_real` promises: `(count, *spec.shape)`, float32, finite, in the modality's range.

    Raises:
        ShapeError: they are not; the first bad item is named.
    """
    where = f"modality '{modality.name}': to_real"
    if not isinstance(real, Tensor):
        raise ShapeError(f"{where} gives {type(real).__name__}", "a tensor", "return torch.Tensor")
    if real.shape != (count, *spec.shape):
        raise ShapeError(
            f"{where} gives {tuple(real.shape)} for {counted(count, 'item')}", f"{(count, *spec.shape)}", ""
        )
    if real.dtype != torch.float32:
        raise ShapeError(f"{where} gives {real.dtype}", "torch.float32", "add .float()")
    flat = real.detach().flatten(1)
    low, high = modality.real_range or (-torch.inf, torch.inf)
    for item, values in enumerate(flat):
        if not torch.isfinite(values).all():
            raise ShapeError(f"{where} makes numbers that are not finite of item {item}", "finite numbers", "")
        least, most = values.min().item(), values.max().item()
        slack = SLACK * (high - low) if math.isfinite(high - low) else 0.0
        if least < low - slack or most > high + slack:
            raise ShapeError(f"{where} makes {least:.4g} to {most:.4g} of item {item}", f"{low:g} to {high:g}", "")


def check_rendered(modality: Modality, samples: object, count: int) -> None:
    """What `render` returned: a list with one sample for each of `count` fakes.

    Raises:
        ShapeError: it is something else.
    """
    if not isinstance(samples, Sequence) or isinstance(samples, str):
        given = type(samples).__name__
        raise ShapeError(f"modality '{modality.name}': render gives {given}", "a list, one entry a sample", "")
    if len(samples) != count:
        given = f"{counted(len(samples), 'sample')} of {counted(count, 'fake')}"
        raise ShapeError(f"modality '{modality.name}': render gives {given}", f"{count}", "")


def checked_files(modality: Modality, found: object) -> list[Path]:
    """What `save` returned: the files that it wrote, in order.

    Raises:
        PluginError: it is something else.
    """
    if isinstance(found, list | tuple) and found and all(isinstance(path, Path) for path in found):
        return list(found)
    given = f"a list of {shown(found[0])}" if isinstance(found, list) and found else shown(found)
    raise PluginError(f"modality '{modality.name}': save gives {given}", "the list of paths that it wrote", "return it")


def checked_file(modality: Modality, found: object) -> Path:
    """What `sheet` returned: the file that it wrote.

    Raises:
        PluginError: it is something else.
    """
    if isinstance(found, Path):
        return found
    given = f"modality '{modality.name}': sheet gives {shown(found)}"
    raise PluginError(given, "the path that it wrote", "return it, with the modality's suffix")


def checked_features(modality: Modality, spec: Spec) -> Callable[[Tensor], Tensor]:
    """The modality's features, whose first result is checked.

    Raises (when called):
        ShapeError: they are no `(batch, dim)` of finite floats.
    """
    seen: list[bool] = []

    def features(real: Tensor) -> Tensor:
        found: Tensor = modality.features(real, spec)
        if not seen:
            seen.append(True)
            _check_features(modality, found, len(real))
        return found

    return features


def _check_features(modality: Modality, found: object, count: int) -> None:
    where = f"modality '{modality.name}': features"
    if not isinstance(found, Tensor) or found.ndim != 2 or len(found) != count or not found.is_floating_point():
        given = f"{tuple(found.shape)} of {found.dtype}" if isinstance(found, Tensor) else type(found).__name__
        raise ShapeError(f"{where} gives {given}", f"floats ({count}, dim)", "")
    bad = (~torch.isfinite(found).all(1)).nonzero().flatten().tolist()
    if bad:
        raise ShapeError(f"{where} makes numbers that are not finite of item {bad[0]}", "finite numbers", "")


def _check_meta(where: str, spec: Spec) -> None:
    """It is saved as JSON, which has no tensors, NaN and infinities, and must be the same when it is read again."""
    fix = "correct the spec"
    for key, value in spec.meta.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            given = f"{where} gives spec.meta[{key!r}] = {shown(value)}: {words_of(error)}"
            raise PluginError(given, "JSON: finite numbers, strings, lists, dicts", fix) from error


def _check_labels(where: str, labels: object, n: int, classes: int) -> None:
    if not isinstance(labels, Tensor) or labels.shape != (n,) or labels.dtype != torch.int64:
        given = f"{tuple(labels.shape)} of {labels.dtype}" if isinstance(labels, Tensor) else type(labels).__name__
        raise PluginError(f"{where} gives labels {given}", f"({n},) of torch.int64", "one label for each item")
    if n and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        given = f"labels {int(labels.min())} to {int(labels.max())}"
        raise PluginError(f"{where} gives {given}", f"0 to {classes - 1}, as spec.classes has {classes} names", "")
