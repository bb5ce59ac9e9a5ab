"""Planted faults are seen by the default features, and the more of them the better."""

import importlib.util
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("monotonicity", ROOT / "benchmarks" / "monotonicity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "fault"),
    [("digits", "noise"), ("digits", "blur"), ("surnames", "shuffle"), ("surnames", "duplicates")],
)
def test_the_distance_rises_with_the_fault(bench, name, fault):
    modality, data = bench.load(name, ROOT)
    found = torch.tensor([bench.distances(modality, data, getattr(bench, fault), 300, seed) for seed in range(2)])
    mean = found.mean(0)[[0, 3, 4, 5]]  # the floor and what is strong enough for 300 items
    assert (mean.diff() > 0).all(), mean
