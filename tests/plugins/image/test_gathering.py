import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.draw import Draw
from multigan.doctor.inspect import inspect_data
from multigan.plugins.image import modality
from multigan.provenance.labels import label, write_png


def noise(seed, size=(16, 16)):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8))


def made(path, seed):
    write_png(noise(seed), path, label("g", "0" * 64, "image/digits", 0))


def test_multigans_own_pictures_are_left_out_and_named(tmp_path):
    noise(0).save(tmp_path / "a.png")
    for k in range(3):
        made(tmp_path / f"0-{k:05d}.png", k)
    data = modality.load(str(tmp_path))
    assert len(data.items) == 1
    assert "3 made by MultiGAN itself, left out: 0-00000.png, 0-00001.png, 0-00002.png" in data.report
    (found,) = [one for one in inspect_data(tmp_path).findings if one.name == "synthetic"]
    assert (found.severity, found.count) == ("note", 3)


def test_where_there_are_no_others_they_are_what_is_wanted(tmp_path):
    for k in range(3):
        made(tmp_path / f"{k}.png", k)
    data = modality.load(str(tmp_path))
    assert len(data.items) == 3
    assert "3 made by MultiGAN itself, trained on all the same, as there are no others" in data.report
    (found,) = [one for one in inspect_data(tmp_path).findings if one.name == "synthetic"]
    assert found.severity == "warning"


@pytest.mark.parametrize("most", [0, 2**31])
def test_labels_stay_with_their_pictures_with_mirror_images_too(tmp_path, most, monkeypatch):
    monkeypatch.setattr("multigan.plugins.image.data.IN_MEMORY_BYTES", most)
    for name, grey in (("a", 10), ("b", 200)):
        (tmp_path / name).mkdir()
        for k in range(3):
            Image.new("L", (8, 8), grey + k).save(tmp_path / name / f"{k}.png")
    (tmp_path / "a" / "1.png").write_bytes(b"broken")
    data = modality.load(str(tmp_path), flip=True)
    values = data.items.take(torch.arange(len(data.items)), Draw(0)).float().mean((1, 2, 3))
    assert data.labels.tolist() == [0, 0, 1, 1, 1] * 2
    assert ((values > 100).long() == data.labels).all()
    assert "with mirror images: 10" in data.report


def test_doctor_and_loader_say_the_same_of_them_and_a_class_of_nothing_else_is_no_empty_one(tmp_path):
    for name in ("cats", "dogs", "made"):
        (tmp_path / name).mkdir()
        for k in range(3):
            noise(k).save(tmp_path / name / f"{k}.png")
    for k in range(3):
        made(tmp_path / "made" / f"{k}.png", k)
    (tmp_path / "made" / "broken.png").write_bytes(b"broken")
    said = "1 class folder whose readable pictures MultiGAN itself made, left out: no class"
    data = modality.load(str(tmp_path))
    assert data.spec.classes == ("cats", "dogs")
    assert f"{said} (made)" in data.report
    assert not any("without a readable file" in line for line in data.report)
    found = {one.name: one for one in inspect_data(tmp_path).findings}
    assert found["synthetic"].what == "3 pictures made by MultiGAN itself, left out"
    assert (found["synthetic-class"].what, found["synthetic-class"].evidence) == (said, ("made",))
    assert "empty-class" not in found


def test_the_files_that_are_trained_on_are_named(tmp_path):
    noise(0).save(tmp_path / "a.png")
    noise(1).save(tmp_path / "b.png")
    made(tmp_path / "c.png", 2)
    (tmp_path / "d.png").write_bytes(b"broken")
    data = modality.load(str(tmp_path), flip=True)
    assert (data.files, data.root) == ((tmp_path / "a.png", tmp_path / "b.png"), tmp_path)
