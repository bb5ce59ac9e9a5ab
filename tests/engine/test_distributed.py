import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from multigan.engine.distributed import World

WORKER = Path(__file__).with_name("distributed_worker.py")


def train_on(processes, folder):
    folder.mkdir()
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    done = subprocess.run(
        [*command, str(WORKER), str(folder)], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [load_file(folder / f"rank{rank}.safetensors") for rank in range(processes)]


def test_two_processes_take_the_steps_of_one(tmp_path):
    """Relativistic pairs, R1 every step, lazy R2, noise in D, a parameter outside the graph; whole batch 16."""
    (alone,) = train_on(1, tmp_path / "one")
    left, right = train_on(2, tmp_path / "two")
    for name, value in alone.items():
        if name.endswith("calls"):
            continue
        assert torch.equal(left[name], right[name]), name
        torch.testing.assert_close(left[name], value, rtol=0, atol=1e-5, msg=name)


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


@pytest.mark.parametrize("rank", [0, 1])
def test_only_the_first_is_first(rank):
    assert World(rank, 2).is_first == (rank == 0)
