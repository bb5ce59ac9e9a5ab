"""Two processes train a recipe as one does, channels-last nets and every cure included."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

WORKER = Path(__file__).with_name("processes_worker.py")


def train_on(torchrun, processes, folder):
    folder.mkdir()
    torchrun(WORKER, processes, folder, timeout_s=400)
    return {path.stem: load_file(path) for path in folder.iterdir()}


@pytest.mark.slow
def test_two_processes_take_the_steps_of_one_with_every_cure(torchrun, tmp_path):
    alone, together = train_on(torchrun, 1, tmp_path / "one"), train_on(torchrun, 2, tmp_path / "two")
    assert alone.keys() == together.keys() != set()
    for cure, state in alone.items():
        for name, value in state.items():
            torch.testing.assert_close(together[cure][name], value, rtol=0, atol=1e-5, msg=f"{cure}: {name}")
