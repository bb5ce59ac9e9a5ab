import importlib.util
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from multigan.engine.distributed import World

WORKER = Path(__file__).with_name("gather_worker.py")
spec = importlib.util.spec_from_file_location("gather_worker", WORKER)
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)


@pytest.fixture(scope="module")
def whole():
    generator = torch.Generator().manual_seed(0)
    return {side: torch.randn(12, 2, generator=generator, dtype=torch.float64) for side in ("real", "fake")}


@pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_values_and_gradients_are_those_of_the_whole_batch(torchrun, whole, tmp_path, processes):
    """Each process descends its own mean, and the engine averages over processes: so 1/processes of each gradient."""
    save_file(whole, tmp_path / "whole.safetensors")
    torchrun(WORKER, processes, tmp_path / "whole.safetensors", tmp_path)
    ranks = [load_file(tmp_path / f"rank{rank}.safetensors") for rank in range(processes)]
    alone = worker.values_and_gradients(whole, World())
    assert {name.split(".")[0] for name in alone} == {"d", "g", "top-k", "features", "cubes"}
    for name, expected in alone.items():
        parts = [rank[name] for rank in ranks]
        found = torch.stack(parts).mean(0) if name.endswith("value") else torch.cat(parts) / processes
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14, msg=name)


def test_shares_alone_would_give_other_numbers(whole):
    """Else the comparison above would say nothing."""
    alone = worker.values_and_gradients(whole, World())
    shares = [{side: x.chunk(2)[rank] for side, x in whole.items()} for rank in range(2)]
    halves = [worker.values_and_gradients(share, World()) for share in shares]
    for name in ("d", "g", "top-k", "features", "cubes"):
        mean = torch.stack([half[f"{name}.value"] for half in halves]).mean()
        assert (mean - alone[f"{name}.value"]).abs() > 1e-4, name
