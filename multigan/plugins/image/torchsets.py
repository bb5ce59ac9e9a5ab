"""Data sets of torchvision by their names."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch
from PIL import Image
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.errors import DataError, did_you_mean
from multigan.core.types import Data, Spec
from multigan.plugins.image.fitting import pair
from multigan.plugins.image.gathering import gather
from multigan.plugins.image.opening import Header, look_at
from multigan.plugins.image.sources import Options, set_of

__all__ = ["load_torchvision"]

T = TypeVar("T")


def load_torchvision(name: str, options: Options, most_bytes: int) -> Data:
    """Read one of torchvision's sets; it is downloaded to `options.root` when it is not there.

    Args:
        name: of its class.
        options: of the data.
        most_bytes: sets above are read when they are needed.

    Raises:
        DataError: there is no such set, or it cannot be read.
    """
    found = _opened(name, options.root)
    targets: dict[int, Any] = {}

    def look_number(number: int, act: Callable[[Image.Image], T], room: tuple[int, int]) -> tuple[Header, T | None]:
        def fetch() -> Image.Image:
            picture, *rest = found[number]
            targets[number] = rest[0] if rest else None
            if not isinstance(picture, Image.Image):
                raise TypeError(f"{type(picture).__name__} in place of a picture")
            return picture

        return look_at(Path(f"number {number}"), fetch, act, room)

    result = gather(
        range(len(found)),
        look_number,
        lambda headers: pair(options.size or headers[0].size),
        options,
        most_bytes,
    )
    if isinstance(result, list):
        faults = "; ".join(f"{header.path.name}: {header.fault}" for header in result[:3]) or "it is empty"
        raise DataError(
            f"torchvision:{name} has no picture to train on ({faults})", "a set of pictures", "choose another"
        )
    labels, classes = _labels([targets.get(k) for k in result.kept], list(getattr(found, "classes", None) or []))
    report = (f"torchvision:{name}: {counted(len(result.kept), 'picture')}", *result.lines)
    return set_of(result.items, labels, Spec("image", result.shape, classes, result.meta), report, options.flip)


def _opened(name: str, root: str) -> Any:
    from torchvision import datasets

    sets = [key for key in datasets.__all__ if isinstance(getattr(datasets, key), type)]
    if name not in sets:
        raise DataError(f"torchvision has no data set '{name}'", "the name of one", did_you_mean(name, sets))
    kind = getattr(datasets, name)
    wanted = {"download": True} if "download" in inspect.signature(kind).parameters else {}
    try:
        found = kind(root, **wanted)
        len(found)
    # Each set has its own reader, which raises whatever it stumbles over.
    except Exception as error:
        raise DataError(
            f"torchvision:{name} could not be read from '{root}': {error}",
            "its files there, or a connection to download them",
            "put the files there, or type --set data.root=FOLDER",
        ) from error
    return found


def _labels(targets: list[Any], names: list[Any]) -> tuple[Tensor | None, tuple[str, ...]]:
    """Classes are those that occur: a name without pictures would be a class that is drawn and was never learnt."""
    if not targets or not all(isinstance(target, int) and target >= 0 for target in targets):
        return None, ()
    there, labels = torch.unique(torch.tensor(targets), return_inverse=True)
    return labels, tuple(str(names[k]) if k < len(names) else str(k) for k in there.tolist())
