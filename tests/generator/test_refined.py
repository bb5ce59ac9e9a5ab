"""Rejection as a generator: exact, repeatable, bounded, and refused where it cannot be."""

import json
import shutil

import pytest
import torch
from torch import nn

from multigan.core.errors import CheckpointError, DataError, UnsupportedError
from multigan.core.types import Latent, Spec
from multigan.generator.critic import Critic, Known, Made, NetOf
from multigan.generator.generator import Generator, load, make_config
from multigan.generator.refined import RefinedGenerator, identity_of, load_refined
from multigan.generator.sampling import Sampling
from multigan.metrics.calibration import Calibration

SPEC = Spec("points", (2,), meta={"centre": [0.0, 0.0], "scale": 1.0})
LABELLED = Spec("points", (2,), ("left", "right"), meta={"centre": [0.0, 0.0], "scale": 1.0})


class _Square(nn.Module):
    """z in [-1, 1)² as it is; of a class, its first number has the class's sign."""

    latent = Latent((2,), "uniform")

    def __init__(self):
        super().__init__()
        self.one = nn.Parameter(torch.ones(1))

    def forward(self, z, cond=None, draw=None):
        x = z * self.one
        sign = 1 if cond is None else (2 * cond - 1)[:, None]
        return torch.cat([x[:, :1].abs() * sign if cond is not None else x[:, :1], x[:, 1:]], 1)


class _Upper(nn.Module):
    """Says that reals are exp(4) times as dense in the upper half."""

    def __init__(self):
        super().__init__()
        self.by = nn.Parameter(torch.ones(1))

    def forward(self, x, cond=None, draw=None):
        return 4 * (x[:, 1] > 0).float() * self.by


FACTS = {
    **dict.fromkeys(("multigan_version", "created", "start", "ended"), "x"),
    **dict.fromkeys(("seed", "steps", "samples"), 0),
    **{key: {} for key in ("split", "fakes", "log_loss", "calibration_error")},
    **dict.fromkeys(("weights_sha256", "critic_sha256"), "0" * 64),
    "which": "",
    "batch": 1,
    "seconds": 1.0,
    "scale": 1.0,
    "bias": 0.0,
    "cells": 1,
    "curve": [],
    "history": [],
}


def known(ratios):
    n = len(ratios)
    zeros = torch.zeros(n, dtype=torch.long)
    return Known(ratios, zeros, torch.zeros(1, 2).double(), zeros[:1], torch.ones(1).double())


def made():
    return Made(**FACTS, net=NetOf(kind="judge"))


def refined(spec=SPEC, acceptance=0.4, *, conditional=False):
    options = {"conditional": True} if conditional else {}
    plain = Generator(_Square(), spec, make_config("square", "x", "mlp", options, {}))
    ratios = torch.tensor([0.0, 4.0]).repeat(500).double()
    return RefinedGenerator(plain, Critic(_Upper(), (2,), Calibration()), known(ratios), made(), acceptance)


def test_the_density_is_the_plain_one_times_the_clipped_ratio():
    generator = refined(acceptance=0.6)  # ceiling at 1/2 + 1/2 min(1, c)/c: lower ones pass with chance .2
    x = generator.tensors(4000, seed=1)
    assert float((x[:, 1] > 0).double().mean()) == pytest.approx(1 / 1.2, abs=0.02)
    assert generator.tally.acceptance == pytest.approx(0.6, abs=0.02)
    assert generator.tally.effective / generator.tally.drawn == pytest.approx(0.36 / 0.52, abs=0.02)


def test_acceptance_1_is_the_plain_generator():
    generator = refined(acceptance=1.0)
    assert torch.equal(generator.tensors(70, seed=3), generator.plain.tensors(70, seed=3))


def test_a_sample_does_not_depend_on_how_many_are_drawn():
    generator = refined()
    many = generator.tensors(75, seed=5)
    assert torch.equal(generator.tensors(3, seed=5), many[:3])
    assert [len(part) for part in generator.batches(75, seed=5)] == [32, 32, 11]


def test_classes_stay_in_turn():
    x = refined(LABELLED, conditional=True).tensors(50, seed=2)
    assert torch.equal(x[:, 0] > 0, torch.arange(50) % 2 == 1)
    only = refined(LABELLED, conditional=True).tensors(20, seed=2, label="left")
    assert bool((only[:, 0] <= 0).all())


@pytest.mark.parametrize("acceptance", [0.0, 0.001, 1.2, float("nan")])
def test_an_acceptance_that_cannot_be_is_refused(acceptance):
    with pytest.raises(DataError, match="acceptance"):
        refined(acceptance=acceptance)


def test_too_few_samples_that_count_are_refused():
    plain = Generator(_Square(), SPEC, make_config("square", "x", "mlp", {}, {}))
    ratios = torch.cat([torch.zeros(990), torch.full((10,), 9.0)]).double()
    with pytest.raises(DataError, match="weighted samples count"):
        RefinedGenerator(plain, Critic(_Upper(), (2,), Calibration()), known(ratios), made(), 0.01)


def test_samples_that_do_not_pass_are_given_up_on():
    generator = refined()
    generator.balance = generator.balance._replace(log_ceiling=60.0)  # nothing passes, though .4 were foretold
    with pytest.raises(DataError, match="0 of 3,232 samples passed"):
        generator.tensors(8, seed=0)


def test_other_draws_than_the_critic_knows_are_refused():
    with pytest.raises(UnsupportedError, match="truncation"):
        refined().tensors(4, how=Sampling(truncation=0.5))
    assert len(refined().tensors(4, how=Sampling())) == 4


def test_it_is_saved_beside_the_generator_and_read_again(refined_ring, tmp_path):
    generator = load(refined_ring, refined=True)
    generator.save_pretrained(tmp_path / "g")
    again = load(tmp_path / "g", refined=True)
    assert torch.equal(again.tensors(40, seed=1), generator.tensors(40, seed=1))
    assert identity_of(generator) != identity_of(generator.plain)


def test_a_critic_of_another_generator_is_refused(refined_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(refined_ring, folder)
    facts = folder / "refined" / "refined.json"
    plain = json.loads(facts.read_text())
    facts.write_text(json.dumps({**plain, "weights_sha256": "0" * 64}))
    with pytest.raises(CheckpointError, match="another generator"):
        load_refined(folder)


@pytest.mark.parametrize("damage", ["json", "layout", "weights", "nothing"])
def test_damage_is_said_in_words(damage, refined_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(refined_ring, folder)
    facts, weights = folder / "refined" / "refined.json", folder / "refined" / "critic.safetensors"
    if damage == "json":
        facts.write_text("{")
    elif damage == "layout":
        facts.write_text(json.dumps({**json.loads(facts.read_text()), "scale": -1.0}))
    elif damage == "weights":
        content = bytearray(weights.read_bytes())
        content[-3] ^= 4
        weights.write_bytes(content)
    else:
        weights.unlink()
    with pytest.raises(CheckpointError, match="damaged"):
        load_refined(folder)
