"""Files of formats that are not read: what MultiGAN made is known among them, by the doctor and by training."""

import json

import pytest
from PIL import Image

from multigan.doctor.inspect import inspect_data
from multigan.plugins import modalities
from multigan.provenance.labels import label, write_gif, write_text
from multigan.provenance.synthetic import is_own, other_findings, other_lines

LABEL = label("g", "0" * 64, "image/folder", 0)


@pytest.fixture
def folder(tmp_path):
    frames = [Image.new("L", (8, 8), shade) for shade in (0, 255)]
    write_gif(frames, tmp_path / "interpolation.gif", LABEL)
    frames[0].save(tmp_path / "theirs.gif")
    write_text(tmp_path / "found.lyrics", "a line", LABEL)
    (tmp_path / "directions.json").write_text(json.dumps({"label": LABEL}))
    (tmp_path / "mine.json").write_text(json.dumps({"label": "cat"}))
    (tmp_path / "net.onnx").write_bytes(b"no model")
    for number in range(12):
        Image.linear_gradient("L").rotate(30 * number).resize((8, 8)).save(tmp_path / f"{number}.png")
    return tmp_path


def test_a_label_tells_in_whatever_format(folder):
    own = {file.name for file in folder.iterdir() if is_own(file)}
    assert own == {"interpolation.gif", "found.lyrics", "found.lyrics.json", "directions.json"}


def test_a_file_that_is_gone_or_too_large_says_nothing(folder):
    assert not is_own(folder / "gone.gif")
    with (folder / "large.json").open("wb") as file:
        file.truncate(2**24 + 1)
    assert not is_own(folder / "large.json")


def test_training_and_the_doctor_say_the_same(folder):
    found = {one.name: one for one in inspect_data(folder).findings}
    assert found["synthetic"].what == "4 other files made by MultiGAN itself, left out"
    assert "interpolation.gif" in found["synthetic"].evidence
    assert found["unread-format"].evidence == ("theirs.gif",)
    report = modalities.get("image").load(str(folder)).report
    for name in ("synthetic", "unread-format", "other-files"):
        assert f"{found[name].what} ({', '.join(found[name].evidence)})" in report


def test_lines_are_the_findings(folder):
    others = sorted(folder.glob("*.gif"))
    found = other_findings(folder, others, (".png",), (".gif",), "pictures")
    assert [one.name for one in found] == ["synthetic", "unread-format"]
    assert other_lines(folder, others, (".png",), (".gif",), "pictures") == [
        "1 other file made by MultiGAN itself, left out (interpolation.gif)",
        "1 file may be pictures of a format that is not read (theirs.gif)",
    ]
