import pytest
import torch
from PIL import Image

from multigan.core.errors import DataError
from multigan.demo.repair import EDITED, fill_file, fill_line, repairs
from multigan.latent.invert import Search
from multigan.provenance import labels as provenance


def test_more_steps_come_nearer_to_what_is_known(tiny, tmp_path):
    generator = tiny("image")
    truth = generator.tensors(1, seed=9, label="dog")
    (path,) = generator.modality.save(generator.modality.render(truth, generator.spec), tmp_path, ["given"], {})
    made = fill_file(generator, path, "0,0,3,3", Search(60, 2), "dog", tmp_path / "out")
    after, before = (float(part.rsplit(" ", 1)[1]) for part in made.note.split("; ")[1].split(", "))
    assert after < before / 2
    assert provenance.read(made.before[0])["digital_source_type"] == EDITED
    with Image.open(made.before[0]) as image:
        assert image.getpixel((1, 1)) == (128, 128, 128)
        assert image.getpixel((5, 5)) == Image.open(path).getpixel((5, 5))


def test_fillings_come_likeliest_first(tiny, tmp_path):
    made = fill_line(tiny("text"), "b_c", {"seed": "0"}, tmp_path)
    assert len(made.texts) == len(set(made.texts)) > 1
    assert made.files[0].read_text().splitlines() == list(made.texts)
    with pytest.raises(DataError, match="nothing is masked"):
        fill_line(tiny("text"), "bc", {}, tmp_path)


def test_what_cannot_be_edited_is_not_offered(tiny, monkeypatch):
    image, text = tiny("image"), tiny("text")
    assert (repairs(image), repairs(text)) == ("picture", "line")
    monkeypatch.setattr(type(image.modality), "unsupported", {"edit": "no"}, raising=False)
    assert repairs(image) == ""
    monkeypatch.setattr(text, "net", torch.nn.Linear(1, 1))  # cannot say how likely a text is
    assert repairs(text) == ""
