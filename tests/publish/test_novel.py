import torch

from multigan.build import build_data
from multigan.core.draw import Draw
from multigan.generator.generator import load
from multigan.publish.facts import RunFiles, read_facts
from multigan.publish.novel import near_copies, pick
from multigan.recipe.recipe import load_recipe


def real_items(run, items):
    data = build_data(load_recipe(str(run / "recipe.toml")))
    generator = load(run)
    return generator, data, generator.modality.to_real(data.items.take(torch.tensor(items), Draw(0)), data.spec)


def test_planted_copies_are_found_and_nothing_else(tiny_runs):
    generator, data, real = real_items(tiny_runs("image/digits"), [3, 500])
    noisy = (real[:1] + 0.02 * torch.randn(real[:1].shape, generator=torch.Generator().manual_seed(0))).clamp(-1, 1)
    other = torch.randn(1, *real.shape[1:], generator=torch.Generator().manual_seed(1)).clamp(-1, 1)
    copied, compared = near_copies(torch.cat([real, noisy, other]), generator, data)
    assert copied.tolist() == [True, True, True, False]
    assert compared == len(data.items)


def test_a_text_is_a_copy_only_when_it_is_equal(tiny_runs):
    generator, data, real = real_items(tiny_runs("text/surnames"), [7])
    changed = real.clone()
    changed[0, 0] = real[0, 0].roll(1)
    changed[0, 1] = real[0, 1].roll(5)
    copied, _ = near_copies(torch.cat([real, changed]), generator, data)
    assert copied.tolist() == [True, False]


def test_copies_are_left_out_and_counted(tiny_runs):
    generator, _, real = real_items(tiny_runs("image/digits"), [0, 1, 2])
    fake = generator.tensors(8, 0)
    fake[1:4] = real
    generator.tensors = lambda n, seed: fake[:n]
    shown = pick(generator, read_facts(tiny_runs("image/digits")), 4, 0)
    assert torch.equal(shown.fake, fake[[0, 4, 5, 6]])
    assert shown.drawn == 7


def test_without_the_data_samples_are_shown_as_they_are(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    shown = pick(generator, RunFiles(), 4, 0)
    assert torch.equal(shown.fake, generator.tensors(4, 0))
    assert shown.compared == 0
