import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from multigan.plugins.image.deep import Deep, colours_of
from multigan.provenance.labels import read, write_png

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _unfiltered(path):
    """What a plain reader finds: rows of filter 2 undone, big-endian numbers of 16 bits."""
    body, at, packed, size = path.read_bytes(), 8, b"", None
    assert body.startswith(SIGNATURE)
    while at < len(body):
        length, name = struct.unpack(">I4s", body[at : at + 8])
        data = body[at + 8 : at + 8 + length]
        assert struct.unpack(">I", body[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + data)
        size = struct.unpack(">IIBB", data[:10]) if name == b"IHDR" else size
        packed += data if name == b"IDAT" else b""
        at += 12 + length
    width, height, bits, kind = size
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 2 * width * channels)
    assert bits == 16
    assert (rows[:, 0] == 2).all()
    values = rows[:, 1:].cumsum(0, dtype=np.uint8)
    return np.ascontiguousarray(values).view(">u2").reshape(height, width, channels)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (130, 3)])
def test_every_bit_is_written(tmp_path, channels, size):
    values = np.random.default_rng(0).integers(0, 65536, (*size, channels), dtype=np.uint16)
    write_png(Deep(values), tmp_path / "x.png", {"software": "MultiGAN"})
    assert np.array_equal(_unfiltered(tmp_path / "x.png"), values)
    assert read(tmp_path / "x.png")["software"] == "MultiGAN"
    with Image.open(tmp_path / "x.png") as picture:  # another reader opens it too
        picture.load()
        assert picture.size == size[::-1]


@pytest.mark.parametrize("channels", [3, 4])
def test_every_bit_is_read(tmp_path, channels):
    values = np.random.default_rng(0).integers(0, 65536, (9, 4, channels), dtype=np.uint16)
    Deep(values).save(tmp_path / "x.png")
    assert np.array_equal(colours_of(tmp_path / "x.png"), values)


def test_of_others_there_are_no_deep_colours(tmp_path):
    Image.new("RGB", (3, 3)).save(tmp_path / "x.png")
    Image.new("RGB", (3, 3)).save(tmp_path / "x.jpg")
    Image.new("I;16", (3, 3)).save(tmp_path / "grey.png")
    assert [colours_of(tmp_path / name) for name in ("x.png", "x.jpg", "grey.png")] == [None] * 3
