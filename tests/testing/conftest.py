"""A small modality that keeps every rule, to be broken one rule at a time."""

import json
from pathlib import Path
from typing import ClassVar

import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.types import Data, Latent, Spec
from multigan.files.findings import Survey
from multigan.metrics.rows import About, row
from multigan.nets import mlp
from multigan.plugins.adapter import Adapter, Trial
from multigan.plugins.fitted import Taken


class Items:
    resident = True

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def take(self, indices, draw):
        return self.values[indices]


class Translator(nn.Module):
    """Adds to its input."""

    def __init__(self):
        super().__init__()
        self.latent, self.shift = Latent((0,)), nn.Parameter(torch.zeros(4))

    def forward(self, z, cond=None, draw=None, *, source):
        return source + self.shift


class Tiny(Adapter):
    """Vectors of four numbers between 1 and 2, halved in D's space, in files of JSON lines."""

    name = "tiny"
    summary = "four numbers"
    suffixes = (".tiny",)
    embedded = ("demo",)
    generators: ClassVar = {"mlp": mlp.build_flat_g}
    discriminators: ClassVar = {"mlp": mlp.build_flat_d}
    objectives: ClassVar = {
        "mean": lambda G, batch, draw: (G(G.latent.sample(len(batch.real), draw)) - batch.real).mean(1)
    }
    augmentations: ClassVar = {"shift": lambda x, draw: x + draw.uniform("shift", (len(x), 1)).to(x)}
    augmentation_policy = ("shift",)
    translators: ClassVar = {"shifted": lambda spec, source: Translator()}
    recipe_for_files = "points/ring"
    real_range = (0.0, 1.0)
    trial = Trial("demo", {"n": 64}, ("modality=tiny", "G.width=8", "D.width=8", "G.layers=2"), {})
    items = Items

    def load(self, source, *, n: int = 64):
        if source == "demo":
            values = 1 + Draw(0).uniform("demo", (n, 4))
        elif Path(source).is_file():
            values = torch.tensor([json.loads(line) for line in Path(source).read_text().splitlines()])
        else:
            raise DataError(f"no '{source}'", "demo or a file", "check the path")
        labels = (torch.arange(len(values)) % 2).long()
        names = tuple(f"line {number}" for number in range(len(values)))
        spec = Spec("tiny", (4,), ("a", "b"), {"scale": 2.0})
        return Data(self.items(values), spec, labels, ("read",), names=names)

    def take_in(self, path, spec):
        (raw,) = self.load(str(path)).items.values
        scale = spec.meta["scale"]
        same = (lambda x: x / scale, lambda x: x * scale, lambda x: x / scale)
        return Taken(raw, *same, lambda kept: kept.tolist())

    def to_real(self, raw, spec):
        return raw / spec.meta["scale"]

    def render(self, fake, spec):
        return (fake.cpu() * spec.meta["scale"]).tolist()

    def inspect(self, path, options, tick):
        data = self.load(str(path), **options)
        return Survey({"lines": str(len(data.items))}, [], len(data.items), data.spec)

    def own_scores(self, samples, real, train, spec):
        about = About("mean", "mean", "similarity", "near floor")
        return [row(about, lambda side: float(torch.tensor(side).mean()), (samples, train, None), "")]


@pytest.fixture
def tiny():
    """The class, to inherit from."""
    return Tiny
