import pytest
import torch

from multigan.core.errors import DataError
from multigan.generator.generator import load
from multigan.latent.items import fit_item, read_hole, read_item


def test_a_picture_that_the_generator_wrote_reads_back(tiny_runs, tmp_path):
    generator = load(tiny_runs("image/digits"))
    (path,) = generator.save(tmp_path, 1, 3)
    item = read_item(generator, path)
    assert (item - generator.tensors(1, 3)[0]).abs().max() <= 1 / 255 + 1e-6


def test_holes_are_read_by_the_modality(tiny_runs):
    hole = read_hole(load(tiny_runs("image/digits")), "1,2,3,2")
    assert int(hole.sum()) == 6
    assert hole[0, 2, 1]
    assert int(read_hole(load(tiny_runs("audio/drums")), "0.01-0.02").sum()) == 160


def test_what_has_no_files_of_one_sample_says_so(tiny_runs, tmp_path):
    generator = load(tiny_runs("points/ring"))
    with pytest.raises(DataError, match="points has no files"):
        read_item(generator, tmp_path / "a.csv")
    with pytest.raises(DataError, match="points has no holes"):
        read_hole(generator, "1,2")
    assert torch.is_tensor(generator.tensors(1))


def test_a_modality_that_only_reads_is_served_too(tiny_runs, tmp_path, monkeypatch):
    generator = load(tiny_runs("image/digits"))
    (path,) = generator.save(tmp_path, 1, 3)
    fitted = fit_item(generator, path, "1,2,3,2")
    monkeypatch.setattr(type(generator.modality), "fit", None)
    plain = fit_item(generator, path, "1,2,3,2")
    assert torch.equal(plain.real, fitted.real)
    assert torch.equal(plain.hole, fitted.hole)
    assert fit_item(generator, path).hole is None
    assert (plain.note, plain.back, dict(plain.saving)) == ("", None, {})
    with pytest.raises(DataError, match="leave out --at"):
        fit_item(generator, path, at=1.0)


def test_a_file_that_is_not_there_is_told_from_one_that_is_no_picture(tiny_runs, tmp_path):
    generator = load(tiny_runs("image/digits"))
    (tmp_path / "seven.png").write_text("no picture")
    with pytest.raises(DataError, match=r"there is no file .*sevn\.png.*seven\.png"):
        read_item(generator, tmp_path / "sevn.png")
    with pytest.raises(DataError, match="no readable picture"):
        read_item(generator, tmp_path / "seven.png")
