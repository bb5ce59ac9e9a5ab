import math
import threading
import zipfile

import pytest
from PIL import Image

from multigan import provenance
from multigan.demo import actions as module
from multigan.demo.actions import LARGEST_SEED
from multigan.errors import DataError, UnknownNameError


@pytest.mark.parametrize("modality", ["image", "audio", "text", "points"])
def test_generating_leaves_labelled_files_and_an_archive(actions, modality):
    one = actions(modality)
    result = one.generate(5, seed=2)
    assert len(result.files) == (5 if modality in ("image", "audio") else 1)
    for path in (*result.files, *result.extra):
        assert provenance.read(path)["seed"] == "2"
    assert len(result.texts) == (5 if modality == "text" else 0)
    assert len(result.extra) == (1 if modality in ("audio", "points") else 0)
    with zipfile.ZipFile(result.archive) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert {path.name for path in (*result.files, *result.extra)} <= set(names)
    assert result.archive.name not in names
    again = one.generate(5, seed=2)
    assert again.texts == result.texts
    assert again.archive != result.archive


def test_classes_and_controls_are_those_of_the_generator(actions):
    image, text = actions("image"), actions("text")
    assert image.classes == ("cat", "dog")
    assert [path.name for path in image.generate(2, 7, "dog").files] == ["dog-7-00000.png", "dog-7-00001.png"]
    assert (image.can_walk, image.has_temperature) == (True, False)
    assert (text.classes, text.can_walk, text.has_temperature) == ((), False, True)
    with pytest.raises(UnknownNameError, match="no class"):
        image.generate(1, 0, "cow")


def test_a_walk_of_pictures_moves(actions):
    result = actions("image").walk(0, 1, steps=4)
    (gif,) = result.extra
    with Image.open(gif) as image:
        assert image.n_frames == 6  # there and back
    assert len(result.files) == 4
    assert provenance.read(gif)["generator"] == "image"


BAD = [
    {"n": 0},
    {"n": 65},
    {"n": 2.5},
    {"n": "5"},
    {"n": None},
    {"n": True},
    {"n": math.nan},
    {"seed": LARGEST_SEED + 2},
    {"seed": math.inf},
    {"scale": -0.1},
    {"scale": 9},
    {"temperature": 0},
]


@pytest.mark.parametrize("values", BAD, ids=str)
def test_values_out_of_bounds_are_refused(actions, values):
    one = actions("points")
    with pytest.raises(DataError, match="expected a"):
        one.generate(**values)
    assert not one.folder.exists()
    with pytest.raises(DataError):
        one.walk(0, 1, steps=1)


def test_old_results_go(actions, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 3)
    one = actions("points")
    results = [one.generate(1, seed) for seed in range(5)]
    assert [result.archive.exists() for result in results] == [False, False, True, True, True]


def test_threads_wait_for_each_other(actions):
    one = actions("text")
    truth = [one.generate(4, seed, temperature=0.1 + seed / 4).texts for seed in range(6)]
    found = {}

    def work(seed):
        found[seed] = one.generate(4, seed, temperature=0.1 + seed / 4).texts

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[seed] for seed in range(6)] == truth
