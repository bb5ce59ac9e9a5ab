"""Weights that lie in a run and are no weights: NaN, infinity, or a file, or the config beside it, that is damaged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from torch import Tensor

from multigan.core.errors import CheckpointError
from multigan.core.tensor_file import open_tensors, sha256_of_tensors
from multigan.generator.folder import CONFIG, KEPT, WEIGHTS, read_config

__all__ = ["NO_NUMBERS", "best_alone_spoilt", "best_spoilt", "spoilt_weights"]

NO_NUMBERS = "holds NaN or infinity"


def spoilt_weights(folder: Path) -> list[str]:
    """A line for each generator of a run whose weights, or the config beside them, are of no use, and what is to blame.

    Training writes none that are not finite: such a file was damaged, or written by something else.

    Args:
        folder: the run directory.
    """
    return [line for kept in KEPT if (line := _line(folder / KEPT[kept] / WEIGHTS))]


def best_spoilt(folder: Path) -> bool:
    """Whether the best generator, which verbs take unless told otherwise, is of no use."""
    return bool(_line(folder / KEPT["best"] / WEIGHTS))  # "" where no such folder is there


def best_alone_spoilt(folder: Path) -> bool:
    """The same where the last one is whole, so that it can be taken."""
    last = folder / KEPT["last"] / WEIGHTS
    return last.is_file() and best_spoilt(folder) and not _line(last)


def _line(path: Path) -> str:
    config = path.with_name(CONFIG)
    if not path.is_file() and not config.is_file():
        return f"{path.parent} holds no generator" if path.parent.exists() else ""
    if not path.is_file():
        return f"{path} is missing"
    why = _fault(path)
    return f"{path}: {why}" if why else _fault_beside(config)


def _fault_beside(config: Path) -> str:
    if not config.is_file():
        return f"{config} is missing"
    try:
        read_config(config)
    except CheckpointError as error:
        return error.given
    return ""


def _fault(path: Path) -> str:
    wrong: list[str] = []
    try:
        with open_tensors(path) as file:
            digest = sha256_of_tensors(_looked_at(file, wrong))
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        return f"it cannot be read ({error})"
    if wrong:
        return f"{wrong[0]} {NO_NUMBERS}"
    return "its checksum is wrong" if _noted(path) not in ("", digest) else ""


def _looked_at(file: Any, wrong: list[str]) -> Iterator[tuple[str, Tensor]]:
    """What a file holds, in order of names; those that are not finite are noted."""
    for name in sorted(file.keys()):
        value = file.get_tensor(name)
        if value.is_floating_point() and not value.isfinite().all():
            wrong.append(name)
        yield name, value


def _noted(path: Path) -> str:
    """The checksum that its config names, as `multigan.generator.generator.weights_sha256` counts it, or ""."""
    try:
        return str(read_config(path.with_name(CONFIG))[0]["weights_sha256"])
    except (CheckpointError, OSError):  # whoever loads it says what is wrong with the config
        return ""
