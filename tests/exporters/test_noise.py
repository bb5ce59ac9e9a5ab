import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import ExportError
from multigan.exporters.noise import Input, Listening, Told


def test_listening_draws_like_a_draw_and_notes_once_what_was_asked():
    listening, draw = Listening(3, batch=2), Draw(3)
    for _ in range(2):
        got = listening.child("layer").normal("noise", (2, 4))
        assert torch.equal(got, draw.child("layer").normal("noise", (2, 4)))
    assert torch.equal(listening.integers("k", 1, 9, (2,)), draw.integers("k", 1, 9, (2,)))
    assert torch.equal(listening.gumbel("g", (2, 3)), draw.gumbel("g", (2, 3)))
    assert listening.heard == [
        Input("noise_layer_noise", (4,), "normal", 0.0, 1.0, "layer/noise"),
        Input("noise_k", (), "integers", 1, 9, "k"),
        Input("noise_g", (3,), "uniform", 0.0, 1.0, "g"),
    ]


def test_told_gives_what_it_was_handed_and_keeps_it_whole():
    u = torch.full((2, 3), 0.25)
    told = Told(0, given={"a/g": u, "n": u, "k": u})
    expected = -torch.log(-torch.log(torch.tensor(0.25)))
    assert torch.allclose(told.child("a").gumbel("g", (2, 3)), expected.expand(2, 3))
    assert torch.equal(u, torch.full((2, 3), 0.25))
    assert torch.equal(told.normal("n", (2, 3)), u)
    assert torch.equal(told.integers("k", 0, 1, (2, 3)), u)
    with pytest.raises(ExportError, match="only now and then"):
        told.uniform("other", (2, 3))


def test_noise_without_a_row_a_sample_is_refused():
    with pytest.raises(ExportError, match="first axis is the batch"):
        Listening(0, batch=2).normal("style", (1, 4))


@pytest.mark.parametrize(
    ("one", "low", "high", "dtype"),
    [
        (Input("a", (50,), "uniform", -1.0, 1.0), -1.0, 1.0, "float32"),
        (Input("a", (50,), "integers", 2, 5), 2, 4, "int64"),
        (Input("a", (50,), "normal"), -9.0, 9.0, "float32"),
    ],
)
def test_inputs_are_sampled_in_their_range(one, low, high, dtype):
    values = one.sample(20, Draw(0))
    assert values.shape == (20, 50)
    assert str(values.dtype) == f"torch.{dtype}"
    assert one.dtype == dtype
    assert low <= values.min() < values.max() <= high
