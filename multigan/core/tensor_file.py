"""Tensors in safetensors files, with the rights that other files get; of one's own with the same bytes each time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from safetensors import safe_open
from safetensors.torch import load_file, save, save_file
from torch import Tensor

from multigan.core import strict_json

__all__ = ["load_tensors", "open_tensors", "save_tensors", "sha256_of_tensors", "write_tensors"]


def sha256_of_tensors(tensors: Iterable[tuple[str, Tensor]]) -> str:
    """The SHA-256 of names and values, as they come: whoever wants it of a net or a file gives them in order of names.

    Args:
        tensors: names and values, on any device; one is held at a time.
    """
    digest = sha256()
    for name, value in tensors:
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def load_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, by name; its path need not be UTF-8, which the library asks for.

    Raises:
        OSError, SafetensorError: it cannot be read.
    """
    with _by_text(path) as name:
        return load_file(name)


@contextmanager
def open_tensors(path: Path) -> Iterator[Any]:
    """The same file, opened to look at its names and shapes before its tensors are read.

    Raises:
        OSError, SafetensorError: it cannot be read.
    """
    with _by_text(path) as name, safe_open(name, "pt") as opened:
        yield opened


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
    words = dict(metadata) if metadata else None
    if _is_text(path):
        save_file(dict(tensors), path, metadata=words)
    else:
        path.write_bytes(save(dict(tensors), words))
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


def _is_text(path: Path) -> bool:
    return not any("\udc80" <= c <= "\udcff" for c in str(path))  # as Python has bytes that are no UTF-8


@contextmanager
def _by_text(path: Path) -> Iterator[Path]:
    """The path, or a link to the file whose own path is UTF-8."""
    if _is_text(path):
        yield path
        return
    path.stat()
    with TemporaryDirectory() as place:
        link = Path(place) / "tensors"
        link.symlink_to(path.resolve())
        yield link
