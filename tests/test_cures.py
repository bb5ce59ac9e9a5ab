"""Cures together, and options of nets, train in every modality and resume bit for bit."""

import pytest
import torch

from multigan.build import build_data, build_trainer
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.trainer import Quiet
from multigan.recipe.recipe import load_recipe

SMALL = {
    "image/digits": ["G.width=4", "D.width=4"],
    "audio/drums": [
        'G={net="wavegan",width=2}',
        'D={net="wavegan",width=2}',
        'game={loss="relativistic"}',
        "data.samples=1024",
    ],
    "text/surnames": ["G.hidden=8", "D.filters=4"],
    "points/ring": ["G.width=8", "D.width=8", "data.n=64"],
}
TOGETHER = [
    'game.views=[{name="instance-noise"}, {name="augment", adaptive=true, speed_samples=20}]',
    'game.penalties=[{name="lecam", weight=0.1}, {name="r1-fd", weight=0.1}, {name="consistency", weight=1}]',
    'game.reduction={name="top-k", nu=0.5}',
    "D.spectral_norm=true",
    "train.accumulate=2",
]


class StopAt:
    """Stops after so many iterations."""

    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step >= self.step


def made(name, sets):
    base = [*SMALL[name], "train.batch=8", "train.samples=48", "phases=[]"]
    recipe = load_recipe(name, [*base, *sets])
    return build_trainer(recipe, build_data(recipe))


def state_of(trainer):
    nets = {**trainer.game.players, "ema": trainer.ema.net, "memory": trainer.game.memory}
    return {f"{net}.{key}": value.clone() for net, module in nets.items() for key, value in module.state_dict().items()}


def train_in_two_sittings(name, sets, folder):
    """State after an unbroken run, and after one that was saved at step 3 and taken up by a new trainer."""
    whole = made(name, sets)
    whole.fit()
    first = made(name, sets)
    first.handlers.append(type("Stop", (StopAt, Quiet), {})(3))
    first.fit()
    save_checkpoint(first, folder, "mark")
    second = made(name, sets)
    restore_latest(second, folder, "mark")
    assert second.state.step == 3
    second.fit()
    return state_of(whole), state_of(second)


def check(name, sets, folder):
    start = state_of(made(name, sets))
    whole, resumed = train_in_two_sittings(name, sets, folder)
    assert all(torch.isfinite(value).all() for value in whole.values())
    assert {key for key in whole if not torch.equal(whole[key], resumed[key])} == set()
    assert sum(not torch.equal(start[key], whole[key]) for key in whole) > len(whole) // 2


@pytest.mark.parametrize("name", SMALL)
def test_many_cures_at_once(name, tmp_path):
    check(name, TOGETHER, tmp_path)


@pytest.mark.parametrize("name", ["image/digits", "audio/drums", "points/ring"])
def test_the_spread_of_groups(name, tmp_path):
    check(name, ["D.minibatch_std=4"], tmp_path)


@pytest.mark.parametrize("conditioning", ["concat", "batch", "instance", "film"])
@pytest.mark.parametrize("name", ["image/digits", "audio/drums"])
def test_classes(name, conditioning, tmp_path):
    check(name, ["game.conditional=true", f"G.conditioning={conditioning}"], tmp_path)
