"""Labels of exported generators, read without the libraries that run them."""

import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["KEY", "read_model"]

KEY = "multigan"  # of the JSON in the metadata of every format
METADATA_PROPS = 14  # of ModelProto in onnx.proto: repeated (key = 1, value = 2)
_LARGEST_HEADER = 100_000_000


def read_model(path: Path) -> dict[str, str]:
    """The label of an ONNX, TorchScript, torch.export or safetensors file that MultiGAN exported; {} of any other."""
    reader = _READERS.get(path.suffix.lower())
    try:
        text = reader(path) if reader else ""
        found: Any = json.loads(text or "{}")
    except (OSError, ValueError, struct.error, IndexError, zipfile.BadZipFile, RecursionError):
        return {}
    fields = found.get("label", {}) if isinstance(found, dict) else {}
    return {str(name): str(value) for name, value in dict(fields).items()}


def _read_archive(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(f"/extra/{KEY}")]
        return archive.read(names[0]).decode() if names else ""


def _read_safetensors(path: Path) -> str:
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(min(length, _LARGEST_HEADER)))
    return str(header.get("__metadata__", {}).get(KEY, ""))


def _read_onnx(path: Path) -> str:
    data = path.read_bytes()
    for field, body in _fields(data):
        if field == METADATA_PROPS:
            entry = dict(_fields(body))
            if entry.get(1) == KEY.encode():
                return entry[2].decode()
    return ""


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """Number and body of the length-delimited fields of a protocol buffer; others are passed over."""
    found, at = [], 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            _, at = _varint(data, at)
        elif kind == 2:
            length, at = _varint(data, at)
            found.append((tag >> 3, data[at : at + length]))
            at += length
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError(f"no protocol buffer: wire type {kind}")
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".onnx": _read_onnx,
    ".pt2": _read_archive,
    ".ts": _read_archive,
    ".safetensors": _read_safetensors,
}
