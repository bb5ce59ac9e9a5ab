import json
import struct
import zipfile

import pytest

from multigan.provenance.models import read_model

ABOUT = json.dumps({"label": {"generator": "müller", "seed": 3}})
LABEL = {"generator": "müller", "seed": "3"}


def field(number, body, kind=2):
    length = len(body)
    size = bytes([length]) if length < 128 else bytes([length % 128 + 128, length // 128])
    return bytes([number << 3 | kind]) + (size if kind == 2 else b"") + body


def onnx(key=b"multigan"):
    entry = field(1, key) + field(2, ABOUT.encode())
    other = field(1, b"author") + field(2, b"x" * 200)
    return field(1, b"\x96\x01", 0) + field(2, b"pytorch") + field(5, b"1234", 5) + field(14, other) + field(14, entry)


def write(path, content):
    if path.suffix in (".ts", ".pt2"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("name/data.txt", "x")
            archive.writestr("name/extra/multigan", content)
    elif path.suffix == ".onnx":
        path.write_bytes(onnx())
    else:
        header = json.dumps({"__metadata__": {"multigan": content}}).encode()
        path.write_bytes(struct.pack("<Q", len(header)) + header)


@pytest.mark.parametrize("suffix", [".onnx", ".ts", ".pt2", ".safetensors", ".ONNX"])
def test_labels_are_found_in_every_format(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write(tmp_path / f"b{suffix.lower()}", ABOUT)
    (tmp_path / f"b{suffix.lower()}").rename(path)
    assert read_model(path) == LABEL


@pytest.mark.parametrize("suffix", [".onnx", ".ts", ".pt2", ".safetensors", ".png"])
@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"hello", onnx(b"other"), b"PK\x03\x04"])
def test_other_files_have_none(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    assert read_model(path) == {}


@pytest.mark.parametrize("text", ["[]", "no json", "{}"])
def test_odd_metadata_is_none(tmp_path, text):
    path = tmp_path / "a.safetensors"
    write(path, text)
    assert read_model(path) == {}
