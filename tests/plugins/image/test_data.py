import os

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_digits

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.image import data as image_data
from multigan.plugins.image import modality
from multigan.plugins.image.data import DIGITS
from multigan.publish.facts import read_facts
from multigan.publish.folder import write_folder
from multigan.training import train

RNG = np.random.default_rng(0)


def picture(mode="RGB", size=(20, 20)):
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.fromarray(RNG.integers(0, 256, (size[1], size[0], bands), dtype=np.uint8).squeeze(), mode)


def everything(data):
    return data.items.take(torch.arange(len(data.items)), Draw(0))


def test_embedded_digits_are_real_and_labelled():
    data = modality.load("digits")
    assert data.spec.shape == (1, 16, 16)
    assert len(data.items) == 1797
    assert data.spec.classes == tuple("0123456789")
    assert torch.bincount(data.labels).min() > 170
    real = modality.to_real(everything(data), data.spec)
    assert real.min() >= -1
    assert real.max() <= 1
    assert modality.load("digits", size=8).spec.shape == (1, 8, 8)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".bmp"])
def test_every_format_is_read(tmp_path, ending):
    for k in range(3):
        picture().save(tmp_path / f"{k}{ending}")
    assert modality.load(str(tmp_path)).spec.shape == (3, 20, 20)


def test_sub_folders_become_labels(tmp_path):
    for name, count in (("cat", 2), ("dog", 3)):
        (tmp_path / name).mkdir()
        for k in range(count):
            picture().save(tmp_path / name / f"{k}.png")
    data = modality.load(str(tmp_path))
    assert data.spec.classes == ("cat", "dog")
    assert data.labels.tolist() == [0, 0, 1, 1, 1]


def test_pixels_of_the_right_size_are_untouched(tmp_path):
    image = picture()
    image.save(tmp_path / "a.png")
    assert np.array_equal(everything(modality.load(str(tmp_path)))[0].permute(1, 2, 0).numpy(), np.asarray(image))


def test_mixed_shapes_and_modes_become_one_and_are_counted(tmp_path):
    for k in range(4):
        picture().save(tmp_path / f"{k}.png")
    picture("L", (40, 30)).save(tmp_path / "grey.png")
    picture("RGBA", (20, 20)).save(tmp_path / "alpha.png")
    picture("RGB", (9, 33)).quantize(16).save(tmp_path / "palette.png")
    Image.new("CMYK", (20, 20)).save(tmp_path / "cmyk.jpg")
    Image.fromarray(RNG.integers(0, 65536, (20, 20)).astype(np.uint16)).save(tmp_path / "deep.png")
    data = modality.load(str(tmp_path))
    assert data.spec.shape == (3, 20, 20)
    assert len(data.items) == 9
    assert any("2 brought to that size" in line for line in data.report)
    assert any("converted to RGB" in line for line in data.report)


def test_sixteen_bits_keep_their_range(tmp_path):
    array = np.linspace(0, 65535, 400).astype(np.uint16).reshape(20, 20)
    Image.fromarray(array).save(tmp_path / "deep.png")
    item = everything(modality.load(str(tmp_path)))[0, 0]
    assert (item.min(), item.max()) == (0, 255)
    assert item.float().mean() == pytest.approx(127.5, abs=1)


def test_transparent_becomes_white_and_alpha_can_be_kept(tmp_path):
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert everything(modality.load(str(tmp_path), channels=3)).min() == 255
    assert modality.load(str(tmp_path), channels=4).spec.shape == (4, 20, 20)


BAD = {
    "zero.png": b"",
    "text.png": b"this is text",
    "truncated.png": None,
}


def test_bad_files_are_named_and_nothing_is_skipped_in_silence(tmp_path):
    picture().save(tmp_path / "good.png")
    whole = (tmp_path / "good.png").read_bytes()
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(whole[: len(whole) // 2] if content is None else content)
    (tmp_path / "notes.txt").write_text("x")
    data = modality.load(str(tmp_path))
    text = "\n".join(data.report)
    assert len(data.items) == 1
    assert "3 unreadable" in text
    assert all(name in text for name in BAD)
    assert "1 other file left out (1 × .txt)" in text
    assert "only 1 picture" in text


def test_nothing_readable_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match="no readable picture"):
        modality.load(str(tmp_path))
    (tmp_path / "zero.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"zero\.png: empty file"):
        modality.load(str(tmp_path))
    (tmp_path / "pictures").mkdir()
    with pytest.raises(DataError, match="did you mean 'pictures'"):
        modality.load(str(tmp_path / "picturs"))


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("size", [8, (17, 23), (64, 32)])
def test_any_size_by_any_fit(tmp_path, fit, size):
    picture(size=(50, 30)).save(tmp_path / "a.png")
    height, width = (size, size) if isinstance(size, int) else size
    assert modality.load(str(tmp_path), size=size, fit=fit).spec.shape == (3, height, width)


def test_large_pictures_come_to_a_trainable_size(tmp_path):
    picture(size=(512, 256)).save(tmp_path / "a.png")
    assert modality.load(str(tmp_path)).spec.shape == (3, 64, 128)


def test_a_size_too_small_is_refused(tmp_path):
    picture().save(tmp_path / "a.png")
    with pytest.raises(DataError, match="at least 4"):
        modality.load(str(tmp_path), size=2)


def test_flip_doubles_with_mirror_images(tmp_path):
    picture().save(tmp_path / "a.png")
    items = everything(modality.load(str(tmp_path), flip=True))
    assert torch.equal(items[1], items[0].flip(-1))


def test_reading_as_needed_gives_the_same_pictures(tmp_path, monkeypatch):
    for k in range(5):
        picture(size=(30, 20)).save(tmp_path / f"{k}.png")
    resident = modality.load(str(tmp_path), size=16, flip=True)
    monkeypatch.setattr(image_data, "IN_MEMORY_BYTES", 10)
    streamed = modality.load(str(tmp_path), size=16, flip=True)
    assert not streamed.items.resident
    assert torch.equal(everything(resident), everything(streamed))


def test_torchvision_by_name_from_local_files(tmp_path):
    with pytest.raises(DataError, match="MNIST"):
        modality.load("torchvision:MNISTT", root=str(tmp_path))
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name, count in (("train", 6), ("t10k", 4)):
        images = RNG.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        head = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in images.shape)
        (folder / f"{name}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        labels = np.arange(count, dtype=np.uint8)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(
            b"\0\0\x08\x01" + count.to_bytes(4, "big") + labels.tobytes()
        )
    data = modality.load("torchvision:MNIST", root=str(tmp_path))
    assert data.spec.shape == (1, 28, 28)
    assert data.labels.tolist() == list(range(6))


def test_real_cifar_class(real_data):
    folder = next(path for path in sorted((real_data / "image" / "cifar10").iterdir()) if path.is_dir())
    data = modality.load(str(folder))
    assert data.spec.shape == (3, 32, 32)
    assert len(data.items) == 500


def test_loose_files_beside_class_folders_cost_the_labels_and_it_is_said(tmp_path):
    for name in ("cat/1.png", "dog/2.png", "loose.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        picture().save(tmp_path / name)
    data = modality.load(str(tmp_path))
    assert data.labels is None
    assert "1 picture beside 2 class folders: no labels are used (loose.png)" in data.report


def test_runs_and_hidden_folders_in_the_data_are_no_data_and_it_is_said(tmp_path):
    for name in ("a/1.png", "b/2.PNG", "runs/x-1/samples/samples-0000000064.png", ".ipynb_checkpoints/1.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        picture().save(tmp_path / name)
    (tmp_path / "runs/x-1/recipe.toml").touch()
    data = modality.load(str(tmp_path))
    assert data.spec.classes == ("a", "b")
    assert "1 left out (a run's folder): runs/x-1" in data.report
    assert "1 left out (hidden): .ipynb_checkpoints" in data.report


def test_links_to_class_folders_are_classes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / "store" / name).mkdir(parents=True)
        picture().save(tmp_path / "store" / name / "1.png")
    (tmp_path / "set").mkdir()
    for name in ("one", "two"):
        (tmp_path / "set" / f"class {name}").symlink_to(f"../store/{name}")
    assert modality.load(str(tmp_path / "set")).spec.classes == ("class one", "class two")


def test_names_that_are_no_text_leave_a_generator(tmp_path):
    odd = os.fsdecode(b"caf\xe9")
    for name in ("tea", "cafe\u0301", odd):
        (tmp_path / "set" / name).mkdir(parents=True)
        for k in range(6):
            picture(size=(8, 8)).save(tmp_path / "set" / name / f"{k}.png")
    (tmp_path / "set" / "tea" / f"{odd}.png").touch()
    sets = [f'data.source="{tmp_path / "set"}"', "game.conditional=true", "train.samples=32", "train.batch=16"]
    sets += ["train.sheets=1", "train.vitals=0", "G.width=4", "D.width=4"]
    run = train("image/folder", run=tmp_path / "run", overrides=sets, quiet=True)
    assert run.generator.spec.classes == ("caf\\xe9", "caf\xe9", "tea")
    assert len(run.generator.generate(2, label="cafe\u0301")) == 2
    assert len(run.generator.save(tmp_path / "out", 3)) == 3
    written = write_folder(run.generator, tmp_path / "card", facts=read_facts(tmp_path / "run"))
    assert (written / "README.md").read_text(encoding="utf-8")


def test_the_embedded_digits_are_those_of_scikit_learn():
    bunch = load_digits()
    with np.load(DIGITS, allow_pickle=False) as kept:
        assert (kept["images"] == bunch.images).all()
        assert (kept["labels"] == bunch.target).all()
    assert DIGITS.with_suffix(".licence.txt").is_file()
