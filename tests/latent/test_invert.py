import math
from pathlib import Path

import pytest
import torch
from torch import nn

from multigan.build import build_data, build_nets
from multigan.core.draw import Draw
from multigan.core.errors import DataError, DivergedError, UnknownNameError
from multigan.core.types import Latent, Spec
from multigan.generator.generator import Generator, load, make_config
from multigan.latent.invert import Search, invert, make_terms
from multigan.recipe.recipe import load_recipe


def test_a_point_of_the_generator_is_found_again(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    targets = generator.tensors(4, 9)
    found = invert(generator, targets, Search(steps=200))
    assert found.z.shape == (4, 2)
    assert torch.allclose(found.fake, targets, atol=0.02)
    assert torch.allclose(found.fake, generator.net(found.z), atol=1e-6)
    assert (found.loss <= found.first_loss).all()


@pytest.mark.parametrize("recipe", ["image/digits", "audio/drums"])
def test_the_descent_comes_nearer_than_the_nearest_sample(tiny_runs, recipe):
    generator = load(tiny_runs(recipe))
    found = invert(generator, generator.tensors(2, 9), Search(steps=30, starts=2))
    assert (found.loss < 0.8 * found.first_loss).all()
    if generator.net.latent.kind == "uniform":
        assert found.z.abs().max() <= 1


def test_each_target_is_found_on_its_own_and_again_by_the_same_seed(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    targets = generator.tensors(3, 9)
    search = Search(steps=20, starts=2)
    together, again = invert(generator, targets, search), invert(generator, targets, search)
    assert torch.equal(together.z, again.z)
    alone = invert(generator, targets[1:2], search)
    assert torch.allclose(alone.z, together.z[1:2], atol=1e-4)


def test_more_starts_are_never_worse(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    targets = generator.tensors(4, 9)
    one, four = (invert(generator, targets, Search(steps=10, starts=starts)).loss for starts in (1, 4))
    assert (four <= one + 1e-6).all()


def test_what_is_not_known_does_not_count(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    targets = generator.tensors(2, 9)
    known = torch.tensor([1.0, 0.0])
    spoilt = targets.clone()
    spoilt[:, 1] = 50.0
    search = Search(steps=20, starts=2)
    assert torch.equal(
        invert(generator, targets, search, known=known).z, invert(generator, spoilt, search, known=known).z
    )


def test_classes_are_chosen_or_searched():
    recipe = load_recipe("image/digits", ["game.conditional=true", "G.width=4", "D.width=4"])
    spec = build_data(recipe).spec
    net = build_nets(recipe, spec)[0]
    config = make_config("d", "d", recipe.G.net, {**recipe.G.options, "conditional": True}, {"seed": 0})
    generator = Generator(net, spec, config)
    target = generator.tensors(1, 3, "7")
    search = Search(steps=3, starts=2)
    assert invert(generator, target, search, label="7").cond.tolist() == [7]
    assert invert(generator, target, search).cond.shape == (1,)


def test_the_generator_is_not_changed(tiny_runs):
    generator = load(tiny_runs("image/digits"))
    before = generator.tensors(2, 1)
    invert(generator, before, Search(steps=2, starts=1))
    assert torch.equal(generator.tensors(2, 1), before)
    assert not any(parameter.requires_grad for parameter in generator.net.parameters())


def test_terms_come_from_the_registry_by_name(tiny_runs):
    generator = load(tiny_runs("audio/drums"))
    terms = make_terms(generator)
    assert {term.name: term.weight for term in terms} == dict(generator.modality.inversion)
    (plain,) = make_terms(load(tiny_runs("points/ring")))
    assert plain.name == "multi-scale"
    values = terms[1].function(None, torch.zeros(2, 1, 1024), torch.zeros(2, 1, 1024), None, Draw(0))
    assert values.tolist() == [0, 0]
    with pytest.raises(UnknownNameError, match="multi-scale"):
        make_terms(generator, {"multi-scael": 1.0})


def test_what_cannot_be_inverted_says_so(tiny_runs):
    generator = load(tiny_runs("text/surnames"))
    with pytest.raises(DataError, match="no z"):
        invert(generator, generator.tensors(1))
    with pytest.raises(DataError, match="steps"):
        Search(steps=0)


class Line(nn.Module):
    """G(z) = 3 z + 1, of which z is known on paper."""

    def __init__(self, kind):
        super().__init__()
        self.latent = Latent((2,), kind)
        self.weight = nn.Parameter(torch.tensor(3.0))

    def forward(self, z, cond=None, draw=None):
        return self.weight * z + 1


def line(kind="normal"):
    meta = {"scale": 1.0, "centre": [0.0, 0.0]}
    return Generator(Line(kind), Spec("points", (2,), (), meta), make_config("line", "line", "mlp", {}, {}))


def test_z_is_that_on_paper_and_g_is_left_alone():
    generator, targets = line(), torch.tensor([[4.0, 1.0], [1.0, -2.0]])
    found = invert(generator, targets, Search(steps=400, lr=0.02))
    assert torch.allclose(found.z, (targets - 1) / 3, atol=5e-3)
    assert generator.net.weight.item() == 3
    assert generator.net.weight.grad is None


def test_z_is_kept_where_noise_lies():
    far = torch.tensor([[300.0, 400.0]])
    assert invert(line(), far, Search(steps=200, lr=0.2)).z.norm().item() == pytest.approx(math.sqrt(2) + 2, abs=1e-3)
    assert invert(line("uniform"), far, Search(steps=200, lr=0.2)).z.tolist() == [[1.0, 1.0]]


def test_progress_is_told_after_each_step():
    told = []
    invert(line(), torch.zeros(1, 2), Search(steps=3), tick=lambda *numbers: told.append(numbers))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_numbers_that_are_not_finite_end_the_search():
    with pytest.raises(DivergedError, match="not finite after the search"):
        invert(line(), torch.full((1, 2), torch.nan), Search(steps=2))


def test_the_search_is_as_good_as_the_engine_s_was():
    """Losses of the search by way of a trainer, on a generator kept since then."""
    generator = load(Path(__file__).parents[1] / "data" / "generator-points-first-layout")
    targets = torch.tensor([[1.0, 0.3], [-0.4, 0.2], [0.1, -1.2]])
    before = {None: [0.61914456, 3.0545890e-4, 1.9690767e-4], 0.5: [0.92871678, 4.5822188e-4, 2.9536150e-4]}
    for weight, losses in before.items():
        weights = weight and {"multi-scale": 1.0, "features": weight}
        found = invert(generator, targets, Search(steps=60, starts=2, seed=3), weights=weights)
        assert found.loss.tolist() == pytest.approx(losses, rel=1e-3)


class Waves(nn.Module):
    """A decoder of sines, in which a search is soon lost, and an encoder that nearly undoes it; counts what it made."""

    def __init__(self, classes):
        super().__init__()
        self.latent, self.made, self.scale = Latent((32,)), 0, 0.003 if classes else 2.0
        mix = torch.linalg.qr(torch.randn(32, 32, generator=torch.Generator().manual_seed(2)))[0]
        self.mix = nn.Parameter(mix + 4e-4 * torch.randn(32, 32, generator=torch.Generator().manual_seed(3)))
        self.undo = nn.Parameter(mix.T)
        self.label = nn.Embedding(classes, 32) if classes else None

    def forward(self, z, cond=None, draw=None):
        return self.decode(self.to_code(z, cond), cond)

    def encode(self, x, cond=None):
        return torch.arcsin(x.clamp(-1, 1)) / 40 @ self.undo, x.new_zeros(len(x), 32)

    def decode(self, code, cond=None):
        self.made += len(code)
        return torch.sin(40 * code @ self.mix)

    def to_code(self, z, cond=None):
        return self.scale * z + (0 if self.label is None else self.label(cond))

    def to_z(self, code, cond=None):
        return (code - (0 if self.label is None else self.label(cond))) / self.scale

    def surprise(self, code, cond=None):
        return self.to_z(code, cond).square().sum(1)


def encoding_generator(classes=()):
    spec = Spec("points", (32,), classes, {"centre": [0.0] * 32, "scale": 1.0})
    return Generator(Waves(len(classes)), spec, make_config("x", "x", "mlp", {"conditional": bool(classes)}, {}))


def test_from_an_encoder_the_descent_comes_nearer_with_less_than_a_tenth_of_the_work():
    generator = encoding_generator()
    targets = generator.tensors(5, 9)
    generator.net.made = 0
    found, by_encoder = invert(generator, targets), generator.net.made
    searched, by_search = invert(generator, targets, Search(from_noise=True)), generator.net.made - by_encoder
    assert (found.loss < searched.loss).all()
    assert (found.loss <= found.first_loss).all()
    assert by_encoder < by_search / 10
    assert torch.allclose(generator.net(found.z), found.fake)


def test_of_a_part_the_encoder_gives_one_start_among_others():
    generator = encoding_generator()
    targets = generator.tensors(3, 9)
    known = torch.ones(32)
    known[20:] = 0
    spoilt = targets.clone()
    spoilt[:, 20:] = 7.0
    search = Search(steps=5, starts=2)
    found = invert(generator, targets * known, search, known=known)
    assert torch.equal(found.z, invert(generator, spoilt * known, search, known=known).z)
    assert found.z.shape == (3, 32)


def test_the_class_is_the_one_that_foresees_the_code_best():
    generator = encoding_generator(("a", "b"))
    with torch.no_grad():
        generator.net.label.weight.copy_(torch.tensor([[0.005], [-0.005]]).expand(2, 32))
    targets = torch.cat([generator.tensors(2, 9, label) for label in ("b", "a")])
    assert invert(generator, targets).cond.tolist() == [1, 1, 0, 0]
    assert invert(generator, targets, label="a").cond.tolist() == [0, 0, 0, 0]
