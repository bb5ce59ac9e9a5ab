import importlib.util
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from multigan.core.errors import RecipeError
from multigan.engine.checkpoint import save_checkpoint
from multigan.engine.distributed import World, check_norms
from multigan.engine.trainer import Quiet

WORKER = Path(__file__).with_name("distributed_worker.py")
spec = importlib.util.spec_from_file_location("distributed_worker", WORKER)
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)

FOUR = pytest.param(4, marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def trained(torchrun, tmp_path_factory):
    """All games on so many processes, each number of them started once."""
    folders = {}

    def on(processes):
        if processes not in folders:
            folders[processes] = tmp_path_factory.mktemp(f"on{processes}")
            torchrun(WORKER, processes, folders[processes], *worker.GAMES)
        return folders[processes]

    return on


def largest_difference(a, b):
    assert a.keys() == b.keys()
    return max(float((a[name].double() - b[name].double()).abs().max()) for name in a)


@pytest.mark.parametrize("processes", [2, FOUR])
@pytest.mark.parametrize("name", worker.GAMES)
def test_several_processes_take_the_steps_of_one(trained, name, processes, record_property):
    """Weights, average and logged losses of 10 steps; only the order of sums over the batch differs."""
    alone = worker.train(name)
    ranks = [load_file(trained(processes) / f"{name}-rank{rank}.safetensors") for rank in range(processes)]
    assert all(largest_difference(ranks[0], other) == 0 for other in ranks[1:])
    difference = largest_difference(alone, ranks[0])
    record_property("difference", difference)
    assert difference < 1e-5


def test_the_game_of_the_one_sided_parameter_is_one_sided():
    """Some batches lack the parameter on one of two processes and have it on the other: zeros must fill in."""
    t = worker.build("one-sided", World())
    halves = [
        t.batches.take("adversarial", k).real[:, 0].gt(worker.LARGE).view(2, -1).any(1).tolist() for k in range(30)
    ]
    assert [True, False] in halves or [False, True] in halves
    assert worker.train("one-sided")["D.unused"].ne(1).all()


class StopAt(Quiet):
    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step == 4


@pytest.fixture(scope="module")
def saved_alone(tmp_path_factory):
    """A checkpoint of step 4 of 10, written by a lone process."""
    folder, trainer = tmp_path_factory.mktemp("saved"), worker.build("everything", World())
    trainer.handlers = [StopAt()]
    trainer.fit()
    save_checkpoint(trainer, folder, "f")
    return folder


def test_a_lone_runs_checkpoint_goes_on_with_two_processes(torchrun, saved_alone, tmp_path):
    torchrun(WORKER, 2, tmp_path, "--resume", saved_alone)
    left, right = (load_file(tmp_path / f"resumed-rank{rank}.safetensors") for rank in range(2))
    assert largest_difference(left, right) == 0
    whole = {k: v for k, v in worker.train("everything").items() if not k.startswith("losses")}
    assert largest_difference(whole, {k: v for k, v in left.items() if not k.startswith("losses")}) < 1e-5


def test_a_lone_process_needs_no_connection():
    world = World()
    net = nn.Linear(2, 1)
    world.average_gradients(net.parameters())
    world.copy_from_first(net.parameters())
    world.barrier()
    assert net.weight.grad is None
    assert world.any(True)
    assert not world.any(False)
    assert world.mean({"a": 2.0}) == {"a": 2.0}


@pytest.mark.parametrize(("loss", "gathers"), [("relativistic", 0), ("relativistic-average", 4)])
def test_a_healthy_iteration_sends_one_vote_and_one_message_an_update(tiny, monkeypatch, loss, gathers):
    """That all are well travels with the gradients. Means over the batch: two a turn, and back where G or D learns."""
    reduced, gathered = [], []
    monkeypatch.setattr(torch.distributed, "all_reduce", lambda x: reduced.append(x.mul_(2).numel()))
    monkeypatch.setattr(torch.distributed, "all_gather", lambda parts, x: gathered.append([p.copy_(x) for p in parts]))
    t = tiny(world=World(0, 2), loss=worker.losses.losses.get(loss))
    assert t.fit().step == 20
    back = 3 * gathers // 4  # G's turn looks at reals without a gradient
    assert len(gathered) == 20 * gathers
    assert len(reduced) == 20 * (1 + 2 + back)


def test_a_flag_travels_with_the_gradients(monkeypatch):
    net = nn.Linear(2, 1)
    for mine, theirs in ((False, False), (True, False), (False, True)):
        monkeypatch.setattr(torch.distributed, "all_reduce", lambda x, theirs=theirs: x[2].add_(float(theirs)))
        net.weight.grad, net.bias.grad = torch.full((1, 2), 4.0), None
        assert World(0, 2).average_gradients(net.parameters(), mine) == (mine or theirs)
        assert net.weight.grad.tolist() == [[2.0, 2.0]]
        assert net.bias.grad is None
    assert World().average_gradients(net.parameters(), True)


@pytest.mark.parametrize("rank", [0, 1])
def test_only_the_first_is_first(rank):
    assert World(rank, 2).is_first == (rank == 0)


def test_batch_normalisation_is_said_aloud_and_synchronised_refused():
    plain, batch = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    sync = nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)))
    assert check_norms([plain], World(0, 2), 8) == ""
    assert check_norms([plain, batch, sync], World(), 8) == ""
    assert "normalises its own 8 samples" in check_norms([plain, batch], World(0, 2), 8)
    with pytest.raises(RecipeError, match="SyncBatchNorm on 2 processes"):
        check_norms([plain, sync], World(0, 2), 8)
