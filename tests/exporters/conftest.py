"""A tiny generator of every net that ships."""

import pytest
import torch

from multigan.core.types import Spec
from multigan.generator.generator import Generator, make_config
from multigan.nets.lookup import net_builder
from multigan.plugins import modalities

VOCABULARY = {"kind": "character", "entries": ["", "�", *"abcdefgh"], "tokenizer": ""}
CLASSES = ("low", "mid", "high")
SPECS = {
    "image": Spec("image", (3, 12, 10), CLASSES),
    "text": Spec("text", (5, 10), (), {"vocabulary": VOCABULARY, "end": 0}, 1),
    "audio": Spec("audio", (1, 300), CLASSES, {"sample_rate_hz": 8000}),
    "points": Spec("points", (2,), (), {"centre": [1.0, -2.0], "scale": 3.0}),
}
NETS = {
    "dcgan": ("image", "dcgan", {"nz": 5, "width": 4}),
    "dcgan-nearest-film": ("image", "dcgan", {"nz": 5, "width": 4, "up": "nearest", "conditioning": "film"}),
    "dcgan-enlarged": ("image", "dcgan", {"nz": 5, "width": 4, "norm": "none", "enlarged": 2}),
    "dcgan-classes": ("image", "dcgan", {"nz": 5, "width": 4, "norm": "none", "conditioning": "concat"}),
    "residual": ("image", "residual", {"nz": 5, "width": 4}),
    "residual-instance": ("image", "residual", {"nz": 5, "width": 4, "conditioning": "instance"}),
    "lstm": ("text", "lstm", {"hidden": 8, "embed": 4}),
    "lstm-z": ("text", "lstm", {"hidden": 8, "embed": 4, "nz": 3}),
    "transformer": ("text", "transformer", {"width": 8, "heads": 2}),
    "wavegan": ("audio", "wavegan", {"width": 2, "latent": 6, "kernel": 24}),
    "wavegan-post": ("audio", "wavegan", {"width": 2, "latent": 6, "upsample": "linear", "post_filter": True}),
    "autoencoder": ("points", "autoencoder", {"width": 4, "nz": 3}),
    "dcgan-autoencoder": ("image", "autoencoder", {"width": 4, "nz": 3}),
    "fourier": ("audio", "fourier", {"width": 4, "nz": 6, "bands": 8}),
    "spectrogram": ("audio", "spectrogram", {"width": 2, "nz": 6, "iterations": 1}),
    "wavegan-batch": ("audio", "wavegan", {"width": 2, "latent": 6, "conditioning": "batch"}),
    "mlp": ("points", "mlp", {"nz": 2, "width": 8}),
}


def make_generator(name):
    modality, net, options = NETS[name]
    spec = SPECS[modality]
    if "conditioning" in options:
        options = {**options, "conditional": True}
    torch.manual_seed(0)
    built = net_builder(modalities.get(modality), "G", net)(spec, **options)
    with torch.no_grad():
        for value in built.parameters():  # away from zeros and ones, so that every layer has a say
            value.add_(0.2 * torch.randn_like(value))
    return Generator(built, spec, make_config(name, f"{modality}/tiny", net, options, {"samples_seen": 1}))


@pytest.fixture
def tiny():
    """`tiny(name)` is a generator of that net, untrained."""
    return make_generator


@pytest.fixture(params=NETS)
def every(request):
    """Each net in turn."""
    return make_generator(request.param)
