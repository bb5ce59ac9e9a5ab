"""Tensors in safetensors files, with the rights that other files get; of one's own with the same bytes each time."""

import json
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from multigan.core import strict_json

__all__ = ["save_tensors", "write_tensors"]


def write_tensors(tensors: Mapping[str, Tensor], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file with the rights that the umask leaves; the library's can be read by its owner alone.

    Args:
        tensors: by name.
        path: is replaced, and then keeps the rights that it had.
        metadata: words by name.

    Raises:
        OSError, SafetensorError: it cannot be written.
    """
    path.touch()
    rights = path.stat().st_mode & 0o777
    save_file(dict(tensors), path, metadata=dict(metadata) if metadata else None)
    path.chmod(rights)


def save_tensors(tensors: Mapping[str, Tensor], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file whose metadata are in the order of their names; the library's order is by chance."""
    write_tensors(tensors, path, metadata)
    if not metadata:
        return
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    header["__metadata__"] = dict(sorted(metadata.items()))
    text = strict_json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[end:])
