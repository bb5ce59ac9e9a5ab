"""Packages from templates: their own tests pass untouched."""

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import multigan
from multigan.build import build_data
from multigan.core.errors import DataError, MultiGANError
from multigan.extend.scaffold import KINDS, scaffold
from multigan.plugins import modalities
from multigan.recipe.recipe import load_recipe

ROOT = Path(multigan.__file__).parent.parent


SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS if kind != "modality"]


@pytest.mark.parametrize("kind", ["modality", *SLOW])
def test_the_tests_of_a_new_package_pass_untouched(kind, tmp_path):
    folder = scaffold(kind, "heart-rate", tmp_path / "new")
    env = {name: value for name, value in os.environ.items() if name != "MULTIGAN_PLUGINS"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if kind == "modality":  # the whole kit is tried in tests/testing; here that the package's own tests find it
        command += ["-k", "contract or round_trip or save_load or short_run or recipe or bad_files"]
    done = subprocess.run(
        command, cwd=folder, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100%" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_whole(kind, tmp_path):
    folder = scaffold(kind, "heart-rate", tmp_path / "new")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"README.md", "pyproject.toml", "src/multigan_heart_rate/__init__.py", "tests/conftest.py"} <= files
    for name in files:
        text = (folder / name).read_text()
        assert "{{" not in text, name
        assert "NAME" not in name
        assert "PACKAGE" not in name
        if name.endswith(".py"):
            assert max(map(len, text.splitlines())) <= 120, name
            compile(text, name, "exec")
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == "multigan-heart-rate"
    for group, things in project["entry-points"].items():
        assert group.startswith("multigan.")
        assert all(value.startswith("multigan_heart_rate:") for value in things.values())


BAD_NAMES = [
    "Heart",
    "heart_rate",
    "1st",
    "",
    "a" * 41,
    "-x",
    "x--y",
    "../up",
    "class",
    "import",
    "test",
    "multigan",
    "con",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_bad_names_are_refused(name, tmp_path):
    with pytest.raises(MultiGANError, match=r"no name|reserved"):
        scaffold("modality", name, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("kind", "name"), [("modality", "image"), ("loss", "hinge"), ("loss", "bce"), ("recipe", "text")]
)
def test_names_that_are_taken_are_refused(kind, name, tmp_path):
    with pytest.raises(MultiGANError, match=f"there is a {kind} '{name}' already"):
        scaffold(kind, name, tmp_path / "new")


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.txt").write_text("mine")
    with pytest.raises(MultiGANError, match="exists already"):
        scaffold("loss", "mine", tmp_path / "new")
    with pytest.raises(MultiGANError, match="exists already"):
        scaffold("loss", "mine", tmp_path / "new" / "mine.txt")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine.txt"]
    with pytest.raises(MultiGANError, match="did you mean 'modality'"):
        scaffold("modalty", "mine", tmp_path)


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (["data.n=0"], "--set data.n=0: data.n = 0; expected 1 or more"),
        (["data.n=-4"], "--set data.n=-4: data.n = -4; expected 1 or more"),
        (["data.source=nowhere"], "--set data.source=nowhere: no curves in 'nowhere'; expected demo, or a file"),
    ],
)
def test_a_new_modality_refuses_its_options_in_their_place(sets, said, tmp_path, monkeypatch):
    folder = scaffold("modality", "heart-rate", tmp_path / "new")
    monkeypatch.syspath_prepend(folder / "src")
    module = importlib.import_module("multigan_heart_rate")
    monkeypatch.delitem(sys.modules, "multigan_heart_rate")
    with modalities.lend("heart-rate", module.modality), pytest.raises(DataError) as caught:
        build_data(load_recipe(str(module.recipes / "heart-rate" / "demo.toml"), sets))
    assert str(caught.value).startswith(said)
