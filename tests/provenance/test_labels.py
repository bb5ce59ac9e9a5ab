import json
from datetime import UTC, datetime

import numpy as np
import pytest
import soundfile
from PIL import Image

from multigan.core.errors import DataError, RunError
from multigan.core.types import Spec
from multigan.exporters.exporting import export
from multigan.generator.generator import Generator, make_config
from multigan.nets.lookup import net_builder
from multigan.plugins import modalities
from multigan.plugins.adapter import Adapter
from multigan.provenance import labels as provenance

WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
LABEL = provenance.label("müller <&>-1", "ab" * 32, "digits", 7, WHEN)


def test_a_label_has_everything():
    assert LABEL["digital_source_type"].endswith("trainedAlgorithmicMedia")
    assert LABEL["created"] == "2030-01-02T03:04:05Z"
    assert (LABEL["seed"], LABEL["recipe"]) == ("7", "digits")


def test_the_time_can_be_pinned(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.label("g", "h", "r", 0)["created"] == "1970-01-01T00:00:00Z"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_png_keeps_its_pixels_and_tells_its_label(tmp_path, mode):
    bands = len(Image.new(mode, (1, 1)).getbands())
    array = np.random.default_rng(0).integers(0, 256, (5, 7, bands), dtype=np.uint8)
    image = Image.fromarray(array.squeeze())
    path = tmp_path / "a.png"
    provenance.write_png(image, path, LABEL)
    with Image.open(path) as again:
        assert np.array_equal(np.asarray(again).reshape(array.shape), array)
        assert "trainedAlgorithmicMedia" in again.info["XML:com.adobe.xmp"]
    assert provenance.read(path) == LABEL


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("samples", [1, 100, 101])
@pytest.mark.parametrize("channels", [1, 2])
def test_wav_keeps_its_samples_and_tells_its_label(tmp_path, subtype, samples, channels):
    wave = np.random.default_rng(0).uniform(-0.9, 0.9, (samples, channels)).astype(np.float32)
    plain, labelled = tmp_path / "plain.wav", tmp_path / "a.wav"
    soundfile.write(plain, wave, 8000, subtype=subtype)
    provenance.write_wav(labelled, wave, 8000, LABEL, subtype)
    expected, _ = soundfile.read(plain)
    got, rate = soundfile.read(labelled)
    assert rate == 8000
    assert np.array_equal(got, expected)
    assert provenance.read(labelled) == LABEL
    assert b"_PMX" in labelled.read_bytes()
    assert int.from_bytes(labelled.read_bytes()[4:8], "little") == labelled.stat().st_size - 8


def test_text_has_its_label_beside_it(tmp_path):
    path = tmp_path / "poem.txt"
    provenance.write_text(path, "床前明月光\n", LABEL)
    assert path.read_text(encoding="utf-8") == "床前明月光\n"
    assert provenance.read(path) == LABEL
    assert sorted(p.name for p in tmp_path.iterdir()) == ["poem.txt", "poem.txt.json"]


def test_a_label_with_a_name_that_is_no_text_is_written_by_its_bytes(tmp_path):
    label = {**LABEL, "verb": "edit a\udcff.png"}
    provenance.write_png(Image.new("L", (3, 3)), tmp_path / "a\udcff.png", label)
    provenance.write_wav(tmp_path / "a\udcff.wav", np.zeros(8, np.float32), 8000, label)
    provenance.write_gif([Image.new("L", (3, 3))] * 2, tmp_path / "a\udcff.gif", label)
    for suffix in ("png", "wav", "gif"):
        assert provenance.read(tmp_path / f"a\udcff.{suffix}") == label


def test_same_label_same_bytes(tmp_path):
    for name in ("a.png", "b.png"):
        provenance.write_png(Image.new("L", (3, 3)), tmp_path / name, LABEL)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("content", [b"", b"RIFF", b"hello", b"\x89PNG\r\n\x1a\n"])
def test_a_file_without_a_label_is_an_error(tmp_path, content):
    (tmp_path / "x.bin").write_bytes(content)
    with pytest.raises(DataError, match="no label"):
        provenance.read(tmp_path / "x.bin")
    with pytest.raises(DataError, match="no file"):
        provenance.read(tmp_path / "missing")


def test_an_unwritable_place_is_one_clear_error_and_leaves_nothing(tmp_path):
    with pytest.raises(RunError, match="cannot write"):
        provenance.write_png(Image.new("L", (3, 3)), tmp_path / "no" / "a.png", LABEL)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot make"):
        provenance.make_folder(tmp_path / "file" / "folder")
    with pytest.raises(RunError, match=r"cannot make .*; expected names of at most 255 bytes; type a shorter name"):
        provenance.make_folder(tmp_path / (300 * "a"))


def test_a_gif_plays_and_tells_its_label(tmp_path):
    frames = [Image.new("RGB", (8, 8), (80 * k, 0, 90)) for k in range(3)]
    path = tmp_path / "walk.gif"
    provenance.write_gif(frames, path, LABEL, frame_ms=120)
    with Image.open(path) as image:
        assert image.n_frames == 3
        assert image.info["duration"] == 120
        assert image.info["loop"] == 0
        image.seek(2)
        assert image.convert("RGB").getpixel((0, 0)) == (160, 0, 90)
    assert b"XMP DataXMP<?xpacket" in path.read_bytes()
    assert path.read_bytes()[-1:] == b";"
    assert provenance.read(path) == LABEL
    frames[0].save(tmp_path / "other.gif", comment=b"by another program")
    with pytest.raises(DataError, match="no label"):
        provenance.read(tmp_path / "other.gif")


def test_lines_of_jsonl_each_carry_the_label(tmp_path):
    path = tmp_path / "texts.jsonl"
    provenance.write_jsonl(path, [{"text": "床前"}, {"text": "a\nb"}], LABEL)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == ["床前", "a\nb"]
    assert all(row["provenance"] == LABEL for row in rows)
    assert provenance.read(path) == LABEL


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize("content", ["", "[]", "{", '{"label": 3}', '{"label": {}}'])
def test_other_json_has_no_label(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match="no label"):
        provenance.read(tmp_path / name)


GENERATORS = {
    "image": ("dcgan", {"nz": 2, "width": 2}, Spec("image", (1, 8, 8))),
    "audio": ("wavegan", {"latent": 2, "width": 1}, Spec("audio", (1, 400), (), {"sample_rate_hz": 8000})),
    "points": ("mlp", {"width": 4}, Spec("points", (2,), (), {"centre": [0.0, 0.0], "scale": 1.0})),
    "text": ("lstm", {"hidden": 4}, Spec("text", (4, 5), (), {"vocabulary": {"kind": "number", "size": 5}})),
}


@pytest.mark.parametrize("modality", GENERATORS)
def test_every_file_of_every_modality_is_labelled(tmp_path, modality):
    name, options, spec = GENERATORS[modality]
    net = net_builder(modalities.get(modality), "G", name)(spec, **options)
    generator = Generator(net, spec, make_config("g", "r", name, options, {}))
    more = {"audio": {"sfz": True, "contact_sheet": True}, "text": {"jsonl": True}}.get(modality, {})
    generator.save(tmp_path, 2, 3)
    generator.save(tmp_path, 2, 3, **more)
    generator.sheet(tmp_path / "sheet", 2, 3)
    export(generator, "safetensors", tmp_path)
    files = sorted(tmp_path.iterdir())
    beside = [path.with_name(path.name + ".json") for path in files]
    outputs = [path for path in files if path not in beside]
    assert len(outputs) >= 3
    for path in outputs:
        label = provenance.read(path)
        assert label["weights_sha256"] == generator.config["weights_sha256"], path
        assert label["digital_source_type"] == provenance.SOURCE_TYPE
        assert "created" in label
        assert label.get("seed") == ("3" if path.suffix != ".safetensors" else None)


def test_the_file_beside_a_modalitys_own_says_what_it_says_of_it(tmp_path):
    label = provenance.label("trial", "0" * 64, "trial", 0)
    (path,) = type("Own", (Adapter,), {"name": "own", "suffixes": (".own",)})().save([[1.0]], tmp_path, ["0"], label)
    assert provenance.read(path) == provenance.read(path.with_name(path.name + ".json")) == label
    (tmp_path / "someone.json").write_text('{"software": "another", "seed": 3}')
    with pytest.raises(DataError, match="carries no label"):
        provenance.read(tmp_path / "someone.json")
