import math
from dataclasses import replace

import pytest
import torch

from multigan.exporters.explicit import make_explicit
from multigan.exporters.parity import compare


@pytest.fixture
def net(tiny):
    """Its outputs stay below 1, where differences are absolute."""
    generator = tiny("mlp")
    small = replace(generator.spec, meta={"scale": 0.01, "centre": [0.0, 0.0]})
    return make_explicit(generator.net, generator.modality, small, conditional=False)


def test_the_difference_is_measured_at_every_batch(net):
    rows = compare(net, lambda values: net(*values) + len(values[0]) / 100, seconds=2.0)
    assert [row.batch for row in rows] == [1, 3, 8]
    assert [row.difference for row in rows] == pytest.approx([0.01, 0.03, 0.08], abs=1e-5)
    for row in rows:
        assert row.torch_ms > 0
        assert row.real_time_factor == pytest.approx(row.batch * 2.0 / row.file_ms * 1000)


def frozen(values):
    if len(values[0]) != 1:
        raise RuntimeError("this batch was frozen")
    return torch.zeros(1, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        frozen,
        lambda values: torch.full((len(values[0]), 2), math.nan),
        lambda values: torch.zeros(1, 2),
        lambda values: torch.zeros(len(values[0]), 2, dtype=torch.float64),
    ],
)
def test_refusals_nans_shapes_and_types_are_infinite_differences(net, wrong):
    assert math.isinf(max(row.difference for row in compare(net, wrong)))
    assert compare(net, wrong)[0].real_time_factor is None


def test_large_outputs_are_compared_in_their_own_units(tiny):
    generator = tiny("mlp")
    far = replace(generator.spec, meta={"scale": 1e6, "centre": [1e7, 0.0]})
    net = make_explicit(generator.net, generator.modality, far, conditional=False)
    (row, *_) = compare(net, lambda values: net(*values) * (1 + 1e-3))
    assert row.difference == pytest.approx(1e-3, rel=0.01)
    tokens = tiny("lstm")
    text = make_explicit(tokens.net, tokens.modality, tokens.spec, conditional=False)
    wrong = compare(text, lambda values: text(*values) + 1)
    assert [row.difference for row in wrong] == [1.0, 1.0, 1.0]  # of tokens every difference counts
