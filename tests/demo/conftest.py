"""Untrained generators of every modality, named by it."""

import pytest
import torch

from multigan.core.types import Spec
from multigan.demo.actions import Actions
from multigan.generator.generator import Generator, make_config
from multigan.nets.lookup import net_builder
from multigan.plugins import modalities

VOCABULARY = {"kind": "character", "entries": ["", "�", *"<b>&cde"], "tokenizer": ""}
GENERATORS = {
    "image": ("dcgan", {"nz": 3, "width": 2, "conditional": True}, Spec("image", (3, 8, 8), ("cat", "dog"))),
    "audio": ("wavegan", {"latent": 4, "width": 1}, Spec("audio", (1, 2000), (), {"sample_rate_hz": 8000})),
    "text": ("lstm", {"hidden": 8}, Spec("text", (9, 9), (), {"vocabulary": VOCABULARY, "end": 0}, 1)),
    "points": ("mlp", {"width": 8}, Spec("points", (2,), (), {"centre": [0.0, 0.0], "scale": 1.0})),
}


def make_generator(modality):
    torch.manual_seed(0)
    name, options, spec = GENERATORS[modality]
    net = net_builder(modalities.get(modality), "G", name)(spec, **options)
    with torch.no_grad():
        for value in net.parameters():
            value.mul_(3)
    return Generator(net, spec, make_config(modality, f"{modality}/tiny", name, options, {}))


@pytest.fixture
def tiny():
    """`tiny(modality)` is a generator."""
    return make_generator


@pytest.fixture
def actions(tmp_path):
    """`actions(modality)` are its actions, in a folder of the test."""
    return lambda modality: Actions(make_generator(modality), tmp_path / modality)
