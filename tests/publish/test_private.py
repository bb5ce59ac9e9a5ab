import json

import pytest

from multigan.publish.facts import RunFiles
from multigan.publish.private import data_lines, without_places


def told(folder, *lines):
    return data_lines(RunFiles(folder, {"data": list(lines)}), "image")


def test_names_that_the_run_knows_are_not_told(tmp_path):
    files = ["0" * 32 + " 10 " + name for name in ("Otto Meier/trip to Rome", "cat/pixels.idx3-ubyte")]
    identity = {"source": "/data/holidays", "classes": ["cat", "Otto Meier"], "files": files}
    (tmp_path / "data.json").write_text(json.dumps({"identity": identity}))
    (tmp_path / "recipe.toml").write_text('[data]\nsource = "my pets"\n')
    lines = told(tmp_path, "my pets: 3 pictures", "trip to Rome is odd", "pixels.idx3-ubyte: 100 pictures", "holidays!")
    assert lines == ["the data: 3 pictures", "a file is odd", "a file: 100 pictures", "the data!"]


def test_embedded_sets_and_what_was_done_stay(tmp_path):
    (tmp_path / "recipe.toml").write_text('[data]\nsource = "digits"\n')
    lines = ["digits: 1,797 handwritten digits of 8 × 8 pixels", "resized from 8 × 8 to 16 × 16", "vocabulary 30, .5 %"]
    lines += ["with mirror images: 40", "torchvision:MNIST: 10 pictures", "only 30 pictures"]
    assert told(tmp_path, *lines) == lines


@pytest.mark.parametrize("name", ["/home/me/a b.png", "C:\\Users\\me\\a.png", "../x/y", "me.secret.jpg"])
def test_what_looks_like_a_place_is_hidden_even_where_nothing_is_known(name):
    (line,) = told(None, f"something about {name}")
    assert "me" not in line.removeprefix("something")
    assert "x/y" not in line


def test_hub_ids_are_no_places():
    assert without_places("hf:openai/clip") == "hf:openai/clip"
    assert without_places("hf:/home/me/clip") == "hf:…"
    assert without_places("inception:./mine/w.pt and 1 / 2") == "inception:… and 1 / 2"
