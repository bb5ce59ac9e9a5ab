"""Files of pictures that are broken, huge or strange: each is named, in the same words by training and the doctor."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.draw import Draw
from multigan.doctor.inspect import inspect_data
from multigan.plugins.image import modality, opening
from multigan.plugins.image.data import header
from multigan.plugins.image.fitting import fitted
from multigan.plugins.image.opening import each, look, quiet

ROOT = Path(__file__).parents[3]


def noise(seed=0, size=(16, 16), mode="RGB"):
    bands = len(Image.new(mode, (1, 1)).getbands())
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], bands), dtype=np.uint8)
    return Image.fromarray(values.squeeze(), mode)


def good(folder, n=4):
    folder.mkdir(exist_ok=True)
    for k in range(n):
        noise(k).save(folder / f"{k}.png")
    return folder


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, rows, depth=8, colour=2):
    """A PNG whose header claims a size; `rows` is what is packed."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def blank_rows(width, height):
    packer = zlib.compressobj(1)
    row = bytes(1 + 3 * width)
    return b"".join(packer.compress(row) for _ in range(height)) + packer.flush()


def avif_cut(path):
    noise(3, (64, 64)).save(path, "AVIF")
    path.write_bytes(path.read_bytes()[:-200])


BROKEN = {
    "nothing.png": lambda p: p.write_bytes(b""),
    "text.jpg": lambda p: p.write_text("<html>404</html>"),
    "only a mark.jpg": lambda p: p.write_bytes(b"\xff\xd8\xff"),
    "wide.png": lambda p: p.write_bytes(png(2**31 - 1, 2**31 - 1, b"")),
    "no width.png": lambda p: p.write_bytes(png(0, 5, b"")),
    "no rows.png": lambda p: p.write_bytes(png(16, 16, b"")),
    "bad rows.png": lambda p: p.write_bytes(png(16, 16, b"no zlib at all")),
    "depth.png": lambda p: p.write_bytes(png(16, 16, b"", depth=77)),
    "script.png": lambda p: p.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"),
    "avif.jpg": avif_cut,
    "bmp.bmp": lambda p: p.write_bytes(b"BM" + b"\xff" * 60),
    "webp.webp": lambda p: p.write_bytes(b"RIFF\x10\0\0\0WEBPVP8 \x01\0\0\0"),
    "tiff.png": lambda p: p.write_bytes(b"II*\0\x08\0\0\0\xff\xff" + b"\x01" * 40),
}


@pytest.mark.parametrize("name", BROKEN)
def test_training_and_the_doctor_leave_out_the_same_file_in_the_same_words(tmp_path, name):
    BROKEN[name](good(tmp_path) / name)
    with quiet():
        found = header(tmp_path / name)
    assert found.fault
    data = modality.load(str(tmp_path))
    assert len(data.items) == 4
    assert any(f"1 unreadable: {name} ({found.fault})" in line for line in data.report)
    named = "too-many-pixels" if name == "wide.png" else "unreadable"
    (fault,) = [one for one in inspect_data(tmp_path).findings if one.name == named]
    assert fault.evidence == (f"{name}: {found.fault}",)


@pytest.mark.parametrize(
    "error", [RuntimeError("x"), struct.error("x"), OverflowError(), MemoryError(), zlib.error("x"), KeyError("x")]
)
def test_whatever_the_work_on_a_picture_raises_is_the_files_fault(tmp_path, error):
    noise().save(tmp_path / "a.png")

    def fail(picture):
        raise error

    found, result = look(tmp_path / "a.png", fail)
    assert result is None
    assert type(error).__name__ in found.fault


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    assert header(tmp_path / "a.png").fault == "no regular file"
    assert header(tmp_path / "b.png").fault == "No such file or directory"


def test_a_file_that_is_gone_between_two_looks_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("multigan.plugins.image.data.IN_MEMORY_BYTES", 10)
    data = modality.load(str(good(tmp_path)))
    (tmp_path / "2.png").unlink()
    with pytest.raises(FileNotFoundError, match=r"2\.png"):
        data.items.take(torch.arange(4), Draw(0))
    (tmp_path / "2.png").write_bytes(b"no picture")
    with pytest.raises(OSError, match=r"2\.png: no picture"):
        data.items.take(torch.arange(4), Draw(0))


def test_large_pictures_are_measured_whole_and_shrunk_before_use(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGE_PIXELS", 1000)
    ramp = np.linspace(0, 255, 640).astype(np.uint8)[None].repeat(480, 0)
    for name in ("a.jpg", "b.png", "c.webp", "d.bmp"):
        Image.fromarray(ramp).convert("RGB").save(tmp_path / name)
    Image.fromarray(ramp).quantize(200).save(tmp_path / "e.png")
    Image.fromarray(ramp.astype(np.uint16) * 257).save(tmp_path / "f.png")
    Image.fromarray(ramp).convert("CMYK").save(tmp_path / "g.jpg")
    Image.fromarray(ramp > 127).save(tmp_path / "h.png")
    for file in sorted(tmp_path.iterdir()):
        found, size = look(file, lambda picture: picture.size, (40, 40))
        assert found.size == (480, 640), file
        assert 120 <= size[1] < 480, file
    items = modality.load(str(tmp_path), size=16, channels=1).items.items.float()
    assert (items[:7] - items[1]).abs().max() < 8
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(ramp).save(tmp_path / "turned.jpg", exif=exif)
    assert header(tmp_path / "turned.jpg").size == (640, 480)


IN_A_PROCESS = """
import sys
from pathlib import Path
from multigan.doctor.inspect import inspect_data

def most_kb():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

before = most_kb()
for one in inspect_data(sys.argv[1], recipe="image/folder").findings:
    print(one.name, *one.evidence)
print("more:", most_kb() - before)
"""


def doctored(folder):
    """What the doctor prints of a folder in a process of its own, and how many kB more it needed at most."""
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc")
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
    return done.stdout, int(done.stdout.split()[-1])


def test_a_picture_of_too_many_pixels_is_named_before_it_is_decoded(tmp_path):
    side = 13_000
    (good(tmp_path) / "huge.png").write_bytes(png(side, side, blank_rows(side, side)))
    noise().save(tmp_path / "four.jpg", progressive=True)
    whole = bytearray((tmp_path / "four.jpg").read_bytes())
    at = whole.index(b"\xff\xc2") + 5
    whole[at : at + 4] = struct.pack(">HH", side, side)
    (tmp_path / "four.jpg").write_bytes(whole)
    said, more_kb = doctored(tmp_path)
    assert "huge.png: 13,000 × 13,000 pixels, more than the 50,000,000 that are read" in said
    assert "four.jpg: 13,000 × 13,000 pixels" in said
    assert more_kb < 300_000  # nets are built too; the pixels alone are 507 MB


@pytest.mark.slow
def test_large_pictures_are_read_in_little_memory(tmp_path):
    for k in range(3):
        Image.new("RGB", (12_000 + k, 12_000), "teal").save(good(tmp_path) / f"photo-{k}.jpg")
    for k in range(4):
        Image.new("RGBA", (7_000 + k, 7_000), (9, 8, 7, 99)).save(tmp_path / f"{k}.png", compress_level=1)
    said, more_kb = doctored(tmp_path)
    assert "unreadable" not in said
    assert more_kb < 700_000


def test_frames_after_the_first_are_said(tmp_path):
    frames = [noise(k) for k in range(3)]
    frames[0].save(good(tmp_path) / "moving.webp", save_all=True, append_images=frames[1:], lossless=True)
    frames[0].save(tmp_path / "moving.png", save_all=True, append_images=frames[1:])
    assert any("2 with more frames than one" in line for line in modality.load(str(tmp_path)).report)
    (found,) = [one for one in inspect_data(tmp_path).findings if one.name == "several-frames"]
    assert found.count == 2


def test_results_come_in_order_with_their_count(tmp_path):
    ticks = []
    assert each([3, 1, 2], lambda n: n * n, lambda *tick: ticks.append(tick)) == [9, 1, 4]
    assert ticks == [(1, 3), (2, 3), (3, 3)]


def damaged(random, whole):
    """A file with some bytes changed, lost, added or cut off; the header more often than the rest."""
    raw = bytearray(whole)
    for _ in range(random.choice([1, 1, 2, 4, 16])):
        at, kind = random.randrange(max(1, min(len(raw), random.choice([40, 200, 10**6])))), random.random()
        if kind < 0.5 and raw:
            raw[at] = random.choice([0, 255, 127, 128, random.randrange(256)])
        elif kind < 0.7:
            del raw[at : at + random.randrange(1, 30)]
        elif kind < 0.85:
            raw[at:at] = random.randbytes(random.randrange(1, 9))
        else:
            del raw[at:]
    return bytes(raw)


def test_no_damage_to_a_file_raises(tmp_path):
    random, exif, wholes = Random(0), Image.Exif(), []
    exif[0x0112] = 6
    deep = Image.fromarray(np.arange(400, dtype=np.uint16).reshape(20, 20) * 100)
    saved = [(noise(size=(30, 40)), {"format": name}) for name in ("BMP", "GIF", "TIFF", "AVIF", "PPM", "ICO")]
    saved += [(noise(size=(30, 40)), {"format": name, "exif": exif}) for name in ("PNG", "JPEG", "WEBP")]
    saved += [(noise().quantize(9), {"format": "PNG"}), (deep, {"format": "PNG"}), (deep, {"format": "TIFF"})]
    for image, options in [*saved, (noise(), {"format": "JPEG", "progressive": True})]:
        packed = io.BytesIO()
        image.save(packed, **options)
        wholes.append(packed.getvalue())
    path, faults = tmp_path / "a.png", 0
    with quiet():
        for _ in range(1000):
            path.write_bytes(damaged(random, random.choice(wholes)))
            found, item = look(path, lambda picture: fitted(picture, (8, 8), "RGB", "pad"))
            assert (item is None) == bool(found.fault)
            assert item is None or item.shape == (3, 8, 8)
            faults += bool(found.fault)
    assert 300 < faults < 1000


def test_a_picture_that_alarms_its_decoder_is_named_with_its_pixels(tmp_path):
    side = 20_000
    (tmp_path / "bomb.png").write_bytes(png(side, side, b""))
    assert header(tmp_path / "bomb.png").fault == "400,000,000 pixels, more than the 50,000,000 that are read"


def test_a_picture_of_too_many_pixels_is_told_what_to_type(tmp_path):
    good(tmp_path)
    Image.new("1", (20_000, 20_000)).save(tmp_path / "big one.png")
    line = f"of big one.png make it smaller: magick '{tmp_path}/big one.png' -resize 4000x4000 smaller.png"
    assert any(said.startswith(line) for said in modality.load(str(tmp_path)).report)
    (fault,) = [one for one in inspect_data(tmp_path).findings if one.severity == "fault" and "large" in one.what]
    assert fault.name == "too-many-pixels"
    assert f"magick '{tmp_path}/big one.png'" in fault.fix
