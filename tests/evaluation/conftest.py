"""Small real runs, trained once, and generators with planted faults in their place."""

import shutil

import pytest
from torch import nn

from multigan import training as running
from multigan.core.types import Latent
from multigan.evaluation.subject import load_subject
from multigan.generator.generator import Generator


class Planted(nn.Module):
    """Gives rows of a table, by number of the first of its z: a generator that copies, or repeats."""

    def __init__(self, table, noise=0.0):
        super().__init__()
        self.latent, self.noise = Latent((1,), "uniform"), noise
        self.table = nn.Parameter(table.clone())

    def forward(self, z, cond=None, draw=None):
        rows = ((z[:, 0] + 1) / 2 * len(self.table)).long().clamp_max(len(self.table) - 1)
        return self.table[rows] + self.noise * draw.normal("planted", tuple(self.table[rows].shape))


@pytest.fixture(scope="session")
def ring(tmp_path_factory):
    """A run on eight Gaussians."""
    folder = tmp_path_factory.mktemp("runs") / "ring"
    sets = ["train.samples=12800", "data.n=4000", "train.vitals=2", "G.width=32", "D.width=32"]
    running.train("points/ring", run=folder, overrides=sets, quiet=True)
    return folder


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    """A run on 1,797 digits of 8 x 8."""
    folder = tmp_path_factory.mktemp("runs") / "digits"
    sets = ["train.samples=3200", "train.vitals=2", "data.holdout=300", "G.width=8", "D.width=8"]
    running.train("image/digits", run=folder, overrides=sets, quiet=True)
    return folder


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """No feature comes from an earlier test."""
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def copy_of(tmp_path):
    """`copy_of(run)`: the run in a folder of its own."""

    def make(run):
        return shutil.copytree(run, tmp_path / run.name)

    return make


@pytest.fixture
def plant(monkeypatch):
    """`plant(make_table, noise)`: from now on every run's generator gives rows of `make_table(subject)`."""

    def put(make_table, noise=0.0):
        def loaded(run, which, data=None):
            subject = load_subject(run, which, data)
            net = Planted(make_table(subject), noise)
            generator = Generator(net, subject.generator.spec, subject.generator.config)
            return type(subject)(**{**vars(subject), "generator": generator})

        monkeypatch.setattr("multigan.evaluation.run.load_subject", loaded)

    return put
