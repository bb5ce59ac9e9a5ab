"""Nets that were trained or fitted here, kept on disk; of a classifier with its accuracy."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from safetensors import SafetensorError
from torch import nn

from multigan.core.atomic import staged
from multigan.core.tensor_file import open_tensors, write_tensors

__all__ = ["read_kept", "read_net", "write_kept", "write_net"]


def read_net(net: nn.Module, file: Path) -> dict[str, str] | None:
    """Fill `net` from a safetensors file and return the metadata of the file.

    Args:
        net: takes the weights; unchanged in shape. After a file of another net some of them may be overwritten.
        file: as `write_net` wrote it.

    Returns:
        None where there is no whole file of this net; nothing is raised.
    """
    try:
        with open_tensors(file) as opened:
            net.load_state_dict({name: opened.get_tensor(name) for name in opened.keys()})  # noqa: SIM118
            return dict(opened.metadata() or {})
    except (OSError, SafetensorError, ValueError, RuntimeError):
        return None


def write_net(net: nn.Module, file: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write the weights and the metadata; a cache that cannot be written only costs time, so nothing is raised.

    The file appears whole or not at all, also where several processes write the same one.
    """
    with suppress(OSError, SafetensorError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with staged(file) as part:
            write_tensors(net.state_dict(), part, dict(metadata or {}))


def read_kept(net: nn.Module, file: Path) -> float | None:
    """The same of a classifier: its accuracy, a share in [0, 1]; None also where the file does not tell it."""
    found = read_net(net, file)
    try:
        return None if found is None else float(found["accuracy"])
    except (KeyError, ValueError):
        return None


def write_kept(net: nn.Module, file: Path, accuracy: float) -> None:
    """The same of a classifier, with its accuracy."""
    write_net(net, file, {"accuracy": repr(accuracy)})
