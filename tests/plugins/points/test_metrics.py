import torch

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins.points import modality


def test_reals_cover_everything():
    data = modality.load("ring", n=5000)
    real = modality.to_real(data.items.take(torch.arange(5000), Draw(0)), data.spec)
    scores = modality.metrics(real, real, data.spec)
    assert scores["modes"] == 8
    assert scores["high_quality"] > 0.98
    assert scores["reverse_kl"] < 0.002


def test_unknown_mixtures_have_no_modes():
    spec = Spec("points", (2,), (), {"centre": [0, 0], "scale": 1})
    assert modality.metrics(torch.zeros(2, 2), torch.zeros(2, 2), spec) == {}
