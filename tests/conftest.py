"""Shared fixtures: fixed seeds, one thread, real data where it is at hand."""

import os
from pathlib import Path

import pytest
import torch

# The nets of tests are tiny: a second thread only costs, and here also in the processes that tests start.
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _fixed_seed() -> None:
    torch.manual_seed(0)


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets; the test is skipped where there is none."""
    folder = Path(os.environ.get("MULTIGAN_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}: set MULTIGAN_DATA to a folder that has image/, text/ and audio/")
    return folder
