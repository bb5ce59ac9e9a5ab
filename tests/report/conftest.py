import json
import shutil

import pytest

from multigan.training import train


@pytest.fixture(scope="session")
def ring(tmp_path_factory):
    """A tiny finished run, with its report."""
    folder = tmp_path_factory.mktemp("report") / "ring"
    train("points/ring", run=folder, overrides=["train.samples=1500", "train.vitals=2"], quiet=True)
    return folder


@pytest.fixture
def run(ring, tmp_path):
    """A copy that may be changed."""
    return shutil.copytree(ring, tmp_path / "run")


@pytest.fixture
def evaluation():
    """The layout of `evaluation.json`."""
    score = {
        "key": "frechet", "title": "Fréchet distance", "group": "similarity", "value": 2.5, "low": 2.0, "high": 3.0,
        "interval": "95 % bootstrap", "better": "lower", "floor": 0.5, "floor_note": "held-out reals", "baseline": 9.0,
        "baseline_note": "one item", "n_fake": 1000, "n_real": 900, "extractor": "default", "note": None,
    }  # fmt: skip
    return {
        "generator": {"which": "last"},
        "counts": {"fake": 1000, "held_out": 900},
        "extractor": {"name": "default", "sha256": "ab" * 32},
        "seed": 0,
        "scores": [score],
        "verdict": ["far above the floor"],
        "warnings": ["few <items>"],
    }


@pytest.fixture
def write_runs(ring, tmp_path):
    """Copies of the tiny run with a planted seed, learning rate and score each."""

    def write(lr_of, values, **frame):
        folders = []
        for seed, value in enumerate(values):
            folder = shutil.copytree(ring, tmp_path / f"lr{lr_of}-{seed}")
            text = (folder / "recipe.toml").read_text().replace("seed = 0", f"seed = {seed}")
            (folder / "recipe.toml").write_text(text.replace("\nlr = ", f"\nlr = {lr_of}  # was ", 1))
            given = {"key": "s", "title": "Score", "better": "lower"}
            row = {**given, **(value if isinstance(value, dict) else {"value": value})}
            found = {"scores": [row], "extractor": {"sha256": "e"}, "counts": {"fake": 10}, **frame}
            (folder / "evaluation.json").write_text(json.dumps(found))
            folders.append(folder)
        return folders

    return write
