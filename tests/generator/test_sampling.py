import math

import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.generators import Steered
from multigan.core.types import Latent
from multigan.generator.generator import load
from multigan.generator.sampling import Sampling

NORMAL, UNIFORM = Latent((4,)), Latent((4,), "uniform")


def test_the_defaults_change_nothing(tiny_runs):
    generator = load(tiny_runs("image/digits"))
    assert torch.equal(generator.tensors(5, 1, how=Sampling()), generator.tensors(5, 1))


def test_a_truncated_normal_has_its_distribution_and_keeps_the_order():
    z = Draw(0).normal("z", (20_000, 4))
    cut = Sampling(truncation=1.0).latent(z, NORMAL)
    assert cut.abs().max() <= 1
    density = math.exp(-0.5) / math.sqrt(2 * math.pi)
    variance = 1 - 2 * density / math.erf(1 / math.sqrt(2))
    assert cut.var() == pytest.approx(variance, abs=0.005)
    assert (cut.flatten()[z.flatten().argsort()].diff() >= 0).all()


def test_uniform_z_shrinks_its_box():
    z = UNIFORM.sample(1000, Draw(0))
    assert Sampling(truncation=0.5).latent(z, UNIFORM).abs().max() <= 0.5
    assert torch.equal(Sampling(truncation=3.0).latent(z, UNIFORM), z)


def test_scale_zero_is_one_sample(tiny_runs):
    fake = load(tiny_runs("image/digits")).tensors(4, 1, "3", Sampling(scale=0.0))
    assert torch.equal(fake, fake[:1].expand_as(fake))


def test_a_cold_text_generator_repeats_itself_and_is_itself_again_afterwards(tiny_runs):
    generator = load(tiny_runs("text/surnames"))
    before = generator.tensors(32, 1)
    cold = generator.tensors(32, 1, how=Sampling(temperature=1e-4))
    assert len(cold.unique(dim=0)) == 1
    assert torch.equal(generator.tensors(32, 1), before)


def test_a_small_nucleus_is_the_likeliest_text_and_a_whole_one_changes_nothing(tiny_runs):
    generator = load(tiny_runs("text/surnames"))
    before = generator.tensors(32, 1)
    assert torch.equal(generator.tensors(32, 1, how=Sampling(top_p=1.0)), before)
    narrow = generator.tensors(32, 1, how=Sampling(top_p=1e-6))
    assert torch.equal(narrow, generator.tensors(32, 1, how=Sampling(temperature=1e-4)))
    assert not torch.equal(generator.tensors(32, 1, how=Sampling(top_p=0.5)), before)
    assert torch.equal(generator.tensors(32, 1), before)


def test_what_a_generator_has_not_is_refused(tiny_runs):
    with pytest.raises(DataError, match="no temperature"):
        load(tiny_runs("image/digits")).tensors(1, how=Sampling(temperature=0.5))
    with pytest.raises(DataError, match="no z"):
        load(tiny_runs("text/surnames")).tensors(1, how=Sampling(truncation=0.5))
    with pytest.raises(DataError, match="no nucleus"):
        load(tiny_runs("image/digits")).tensors(1, how=Sampling(top_p=0.5))
    for wrong in (
        {"top_p": 0.0},
        {"top_p": 1.01},
        {"top_p": math.nan},
        {"scale": -1.0},
        {"truncation": 0.0},
        {"temperature": -2.0},
        {"scale": math.nan},
    ):
        with pytest.raises(DataError, match=next(iter(wrong))):
            Sampling(**wrong)


def test_a_form_is_refused_where_there_is_none(tiny_runs):
    with pytest.raises(DataError, match="form of a generator of points"):
        load(tiny_runs("points/ring")).generate(1, form="5x4")
    with (
        pytest.raises(DataError, match="cannot be kept to a form"),
        Sampling(steered=Steered(None, {})).applied(nn.ReLU()),
    ):
        pass
