"""The checks catch what they say: every rule is broken once."""

import pytest
import torch
from torch import nn

from multigan import losses
from multigan.augment import views
from multigan.draw import Draw
from multigan.errors import PluginError
from multigan.losses.adversarial import AdversarialLoss
from multigan.plugins import modalities
from multigan.plugins.points import modality as points
from multigan.testing import check_loss, check_modality, check_nets, check_penalty, check_view
from multigan.types import Data, Latent, Spec


@pytest.mark.parametrize("name", losses.losses.names())
def test_every_built_in_loss_passes(name):
    check_loss(losses.losses.get(name))


@pytest.mark.parametrize("name", losses.penalties.names())
def test_every_built_in_penalty_passes(name):
    thing = losses.penalties.get(name)
    made = {"consistency": lambda: thing({"halve": lambda x, draw: x / 2}), "lecam": lambda: thing(0.9)}
    check_penalty(made[name]() if name in made else thing, name)


@pytest.mark.parametrize("modality", sorted(modalities.names()))
@pytest.mark.parametrize("name", views.names())
def test_every_built_in_view_passes_in_every_modality(name, modality):
    source, options = SMALL[modality]
    plugin = modalities.get(modality)
    data = plugin.load(source, **options)
    real = plugin.to_real(data.source.take(torch.arange(8), Draw(0)), data.spec)
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


SMALL = {
    "audio": ("drums", {"samples": 1024}),
    "image": ("digits", {"size": 8}),
    "points": ("ring", {"n": 100}),
    "text": ("oracle", {"vocab": 20, "length": 5, "hidden": 4, "n": 20}),
}


@pytest.mark.parametrize("name", sorted(SMALL))
def test_every_built_in_modality_passes(name):
    source, options = SMALL[name]
    modality = modalities.get(name)
    check_modality(modality, modality.load(source, **options))


def pair(d=lambda r, f: (f - r).flatten(1).mean(1) if r.ndim > 1 else f - r, g=None, needs_real=False):
    return AdversarialLoss("mine", d, g or (lambda f, r: -f.flatten(1).mean(1) if f.ndim > 1 else -f), needs_real)


BROKEN_LOSSES = {
    "reduces": (pair(d=lambda r, f: (f - r).mean()), r"mine\.d returns \(\)"),
    "ignores patches": (pair(d=lambda r, f: f - r), r"mine\.d returns \(4, 3, 2\)"),
    "overflows": (
        pair(d=lambda r, f: (f.flatten(1).mean(1) if f.ndim > 1 else f).mul(9).exp() * 1e30),
        "not finite at logits",
    ),
    "loses the gradient": (
        pair(g=lambda f, r: -torch.log(torch.sigmoid((f.flatten(1).mean(1) if f.ndim > 1 else f) * 9))),
        "not finite|no finite",
    ),
    "lies about reals": (pair(needs_real=True), "needs_real = True"),
}


@pytest.mark.parametrize("fault", BROKEN_LOSSES)
def test_broken_losses_are_caught(fault):
    loss, message = BROKEN_LOSSES[fault]
    with pytest.raises(PluginError, match=message):
        check_loss(loss)


BROKEN_PENALTIES = {
    "reduces": (lambda D, real, fake, cond, draw: D(real).mean(), r"returns \(\)"),
    "hidden randomness": (
        lambda D, real, fake, cond, draw: D(real) * torch.rand(len(real)),
        "differs between equal draws",
    ),
    "detached": (
        lambda D, real, fake, cond, draw: D(real).detach() + fake.requires_grad_(True).sum(1),
        "no gradient in D",
    ),
}


@pytest.mark.parametrize("fault", BROKEN_PENALTIES)
def test_broken_penalties_are_caught(fault):
    penalty, message = BROKEN_PENALTIES[fault]
    with pytest.raises(PluginError, match=message):
        check_penalty(penalty)


class G(nn.Module):
    def __init__(self, fault=""):
        super().__init__()
        self.fault, self.latent = fault, Latent((2,))
        self.net, self.spare = nn.Linear(2, 3), nn.Linear(2, 3)

    def forward(self, z, cond=None, draw=None):
        x = self.net(z) + (0 if self.fault == "dead" else self.spare(z))
        faults = {"shape": lambda: x[:, :2], "nan": lambda: x / 0, "random": lambda: x + torch.rand(1)}
        return faults.get(self.fault, lambda: x)()


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 1)

    def forward(self, x, cond=None, draw=None):
        return self.net(x).squeeze(1)


@pytest.mark.parametrize(
    ("fault", "message"),
    [("shape", r"G returns \(1, 2\)"), ("nan", "not finite"), ("random", "equal draws"), ("dead", r"G\.spare")],
)
def test_broken_nets_are_caught(fault, message):
    check_nets(G(), D(), (3,))
    with pytest.raises(PluginError, match=message):
        check_nets(G(fault), D(), (3,))


class Wrong:
    """The points modality with one method broken."""

    def __init__(self, **replaced):
        self.__dict__.update(replaced)

    def __getattr__(self, name):
        return getattr(points, name)


class Forgetful:
    def __init__(self, source):
        self.source = source

    def __len__(self):
        return len(self.source)

    def take(self, indices, draw):
        return self.source.take(indices, draw)[1:]


BROKEN_MODALITIES = {
    "shape": (Wrong(to_real=lambda raw, spec: raw[:, :1]), r"to_real gives \(4, 1\)"),
    "dtype": (Wrong(to_real=lambda raw, spec: raw.double()), "float64"),
    "nan": (Wrong(to_real=lambda raw, spec: raw / 0 * 0), "not finite"),
    "render": (Wrong(render=lambda fake, spec: []), "render loses samples"),
    "features": (Wrong(features=lambda real, spec: real.mean()), "features are"),
}


@pytest.mark.parametrize("fault", BROKEN_MODALITIES)
def test_broken_modalities_are_caught(fault):
    modality, message = BROKEN_MODALITIES[fault]
    with pytest.raises(PluginError, match=message):
        check_modality(modality, points.load("ring", n=50))


def test_broken_data_is_caught():
    data = points.load("ring", n=50)
    with pytest.raises(PluginError, match="take gives 3 items for 4"):
        check_modality(points, Data(Forgetful(data.source), data.spec, data.labels))
    with pytest.raises(PluginError, match="labels and items differ"):
        check_modality(points, Data(data.source, data.spec, data.labels[:-1]))
    assert Draw(0).progress == 1
