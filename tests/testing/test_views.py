import pytest
import torch

from multigan.augment import views
from multigan.core.draw import Draw
from multigan.core.errors import PluginError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.testing import check_view

SMALL = {
    "audio": ("drums", {"samples": 1024}),
    "image": ("digits", {"size": 8}),
    "points": ("ring", {"n": 100}),
    "text": ("oracle", {"vocab": 20, "length": 5, "hidden": 4, "n": 20}),
}


@pytest.mark.parametrize("modality", sorted(modalities.names()))
@pytest.mark.parametrize("name", views.names())
def test_every_built_in_view_passes_in_every_modality(name, modality):
    source, options = SMALL[modality]
    plugin = modalities.get(modality)
    data = plugin.load(source, **options)
    real = plugin.to_real(data.items.take(torch.arange(8), Draw(0)), data.spec)
    check_view(views.get(name)(plugin, data.spec), real, data.spec, name)


BROKEN_VIEWS = {
    "shape": (lambda x, draw: x[:, :1], r"mine gives \(8, 1\)"),
    "nan": (lambda x, draw: x / 0, "not finite"),
    "hidden randomness": (lambda x, draw: x + torch.rand(1), "differs between equal draws"),
    "global rows": (lambda x, draw: x + torch.randn(x.shape, generator=draw.generator("n")), "differs on two"),
    "detached": (lambda x, draw: x.detach() + 0 * torch.zeros(1, requires_grad=True), "no gradient"),
}


@pytest.mark.parametrize("fault", BROKEN_VIEWS)
def test_broken_views_are_caught(fault):
    view, message = BROKEN_VIEWS[fault]
    with pytest.raises(PluginError, match=message):
        check_view(view, torch.randn(8, 3), Spec("points", (3,)), "mine")
