import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from multigan.core.errors import CheckpointError
from multigan.engine.checkpoint import load_checkpoint, save_checkpoint
from multigan.engine.distributed import World
from multigan.engine.memory import memory_of, share_memory
from multigan.engine.trainer import Quiet, Trainer

WORKER = Path(__file__).with_name("memory_worker.py")


@pytest.fixture
def stateful():
    spec = importlib.util.spec_from_file_location("memory_worker", WORKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.stateful


def train_on(torchrun, processes, folder):
    folder.mkdir()
    torchrun(WORKER, processes, folder)
    return [load_file(folder / f"rank{rank}.safetensors") for rank in range(processes)]


def test_two_processes_remember_what_one_does(torchrun, tmp_path):
    (alone,) = train_on(torchrun, 1, tmp_path / "one")
    left, right = train_on(torchrun, 2, tmp_path / "two")
    for name, value in alone.items():
        if name.endswith("calls"):
            continue
        assert torch.equal(left[name], right[name]), name
        torch.testing.assert_close(left[name], value, rtol=0, atol=1e-5, msg=name)
    assert alone["memory.view-0.p"] not in (0.0, 0.4, 1.0)
    assert alone["memory.penalty-0-lecam.averages"].all()


def test_four_micro_batches_remember_what_the_whole_does(tiny, stateful):
    states = []
    for parts in (1, 4):
        made = tiny(batch=16, **stateful())
        trainer = Trainer(made.game, made.batches, made.phases, accumulate=parts)
        trainer.fit()
        states.append(trainer.game.memory.state_dict())
    for name, value in states[0].items():
        torch.testing.assert_close(states[1][name], value, rtol=0, atol=1e-5, msg=name)


@pytest.mark.parametrize("stop", [3, 5, 10])
def test_a_resume_remembers_exactly(tiny, stateful, tmp_path, stop):
    class Stop(Quiet):
        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == stop

    whole, halted, resumed = (tiny(**stateful()) for _ in range(3))
    whole.fit()
    halted.handlers = [Stop()]
    halted.fit()
    load_checkpoint(resumed, save_checkpoint(halted, tmp_path, "f"), "f")
    resumed.fit()
    for a, b in zip(
        [whole.game.memory, *whole.game.players.values()],
        [resumed.game.memory, *resumed.game.players.values()],
        strict=True,
    ):
        for name, value in a.state_dict().items():
            assert torch.equal(value, b.state_dict()[name]), name


def test_a_game_without_a_memory_has_an_empty_one_and_loads_what_never_had_any(tiny, tmp_path):
    trainer = tiny()
    checkpoint = save_checkpoint(trainer, tmp_path, "f")
    assert not [name for name in load_file(checkpoint / "tensors.safetensors") if name.startswith("memory")]

    class Bare:
        players, turns = trainer.game.players, trainer.game.turns

        def after(self, player):
            """Nothing."""

    trainer.game = Bare()
    assert not list(memory_of(trainer.game).buffers())
    share_memory(trainer.game, World(0, 2))
    load_checkpoint(trainer, checkpoint, "f")
    trainer.fit()


def test_a_checkpoint_without_the_memory_that_is_needed_is_refused(tiny, stateful, tmp_path):
    checkpoint = save_checkpoint(tiny(), tmp_path, "f")
    with pytest.raises(CheckpointError, match="does not fit"):
        load_checkpoint(tiny(**stateful()), checkpoint, "f")


def test_lecam_moves_only_on_turns_of_d_that_computed_it(tiny, stateful):
    trainer = tiny(**stateful())
    seen = []

    class Watch(Quiet):
        def stepped(self, trainer, parts):
            seen.append((trainer.game.memory["penalty-0-lecam"].averages.clone(), "penalty/lecam" in parts))

    trainer.handlers = [Watch()]
    trainer.fit()
    assert isinstance(trainer.game.memory, nn.ModuleDict)
    for (before, _), (after, computed) in pairwise(seen):
        assert torch.equal(before, after) != computed
