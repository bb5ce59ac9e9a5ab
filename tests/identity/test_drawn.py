import shutil

import numpy as np
import pytest
from PIL import Image

import multigan
from multigan.core.errors import DataError
from multigan.identity.opened import open_data
from multigan.run.folder import find_run


@pytest.fixture
def pictures(tmp_path):
    """Forty pictures of 16 × 16 in ten folders, which nobody has enlarged."""
    rng = np.random.default_rng(0)
    for k in range(40):
        (tmp_path / "own" / str(k % 10)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (16, 16), np.uint8)).save(tmp_path / "own" / str(k % 10) / f"{k}.png")
    return tmp_path / "own"


def test_other_pictures_are_scored_and_trained_on_by_the_net_of_the_run(tiny_runs, tmp_path, pictures):
    run = shutil.copytree(tiny_runs("image/digits"), tmp_path / "run")
    opened = open_data(*find_run(run), pictures)
    assert opened.data.spec.meta["enlarged"] == 2
    assert len(opened.data.items) == 40
    assert "the data is not what it was in training" in opened.warnings[0]
    with pytest.raises(DataError, match="--changed-data"):
        multigan.resume(run, samples=128, data=pictures, quiet=True)
    multigan.resume(run, samples=128, data=pictures, changed_data=True, quiet=True)
    net = multigan.load(run, "last")
    assert net.spec.meta["enlarged"] == 2
    drawn = net.tensors(4)
    again = multigan.load(shutil.copytree(run, tmp_path / "again"), "last").tensors(4)
    assert drawn.equal(again)


def test_data_that_was_enlarged_says_nothing_to_a_run_whose_own_was_not(tiny_runs, tmp_path):
    run = shutil.copytree(tiny_runs("image/digits"), tmp_path / "run")
    text = (run / "data.json").read_text()
    assert text.count('"enlarged": 2') == 1
    (run / "data.json").write_text(text.replace('"enlarged": 2', ""))
    assert "enlarged" not in open_data(*find_run(run)).data.spec.meta
