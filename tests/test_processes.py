"""Two processes train a recipe as one does, channels-last nets and every cure included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

WORKER = Path(__file__).with_name("processes_worker.py")


def train_on(processes, folder):
    folder.mkdir()
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    env = {**os.environ, "PYTHONPATH": str(WORKER.parents[1])}
    done = subprocess.run(
        [*command, str(WORKER), str(folder)], capture_output=True, text=True, timeout=400, check=False, env=env
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {path.stem: load_file(path) for path in folder.iterdir()}


@pytest.mark.slow
def test_two_processes_take_the_steps_of_one_with_every_cure(tmp_path):
    alone, together = train_on(1, tmp_path / "one"), train_on(2, tmp_path / "two")
    assert alone.keys() == together.keys() != set()
    for cure, state in alone.items():
        for name, value in state.items():
            torch.testing.assert_close(together[cure][name], value, rtol=0, atol=1e-5, msg=f"{cure}: {name}")
