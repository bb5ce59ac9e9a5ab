"""A classifier that was trained here, kept on disk with its accuracy."""

from contextlib import suppress
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from multigan.core.atomic import staged

__all__ = ["read_kept", "write_kept"]


def read_kept(net: nn.Module, file: Path) -> float | None:
    """Fill `net` from a safetensors file and return the accuracy in its metadata, a share in [0, 1].

    Args:
        net: takes the weights; unchanged in shape. After a file of another net some of them may be overwritten.
        file: as `write_kept` wrote it.

    Returns:
        None where there is no whole file of this net; nothing is raised.
    """
    try:
        with safe_open(str(file), "pt") as opened:
            accuracy = float(opened.metadata()["accuracy"])
            net.load_state_dict({name: opened.get_tensor(name) for name in opened.keys()})  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError):
        return None
    return accuracy


def write_kept(net: nn.Module, file: Path, accuracy: float) -> None:
    """Write the weights and the accuracy; a cache that cannot be written only costs time, so nothing is raised.

    The file appears whole or not at all, also where several processes write the same one.
    """
    with suppress(OSError, SafetensorError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with staged(file) as part:
            save_file(net.state_dict(), part, {"accuracy": repr(accuracy)})
