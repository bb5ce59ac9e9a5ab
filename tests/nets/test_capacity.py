import warnings

import pytest
import torch
from torch import nn

from multigan.build import build_nets
from multigan.core.errors import DataError, RecipeError
from multigan.core.types import Spec
from multigan.nets.capacity import built, memory_bytes, refuse_batch, refuse_samples
from multigan.plugins import modalities
from multigan.plugins.contract import guarded
from multigan.recipe.recipe import load_recipe

SPEC = Spec("image", (1, 16, 16))
SIZES = [
    ("image/digits", "G.width", "dcgan"),
    ("image/digits", "D.width", "dcgan"),
    ("image/digits", "G.nz", "dcgan"),
    ("image/residual", "G.width", "residual"),
    ("points/ring", "G.width", "mlp"),
    ("points/ring", "D.layers", "mlp"),
    ("text/surnames", "G.hidden", "lstm"),
    ("audio/drums", "G.width", "fourier"),
]
SPECS = {
    "image": SPEC,
    "points": Spec("points", (2,)),
    "text": Spec("text", (8, 20), (), {"end": 0}, 1),
    "audio": Spec("audio", (1, 4096), (), {"sample_rate_hz": 8000}),
}


@pytest.mark.parametrize("value", [0, -1, 10**9, 10**18])
@pytest.mark.parametrize(("name", "key", "net"), SIZES)
def test_sizes_out_of_range_are_refused_before_memory_is_filled(name, key, net, value):
    recipe = load_recipe(name, [f"{key}={value}"])
    with pytest.raises(RecipeError) as caught:
        build_nets(recipe, SPECS[recipe.modality])
    assert key in str(caught.value)
    assert str(value) in str(caught.value)


def test_what_fits_is_built_with_the_weights_that_it_always_had():
    torch.manual_seed(3)
    alone = nn.Linear(3, 4)
    torch.manual_seed(3)
    net = built("G", "linear", {}, lambda: nn.Linear(3, 4))
    assert torch.equal(net.weight, alone.weight)
    assert net.weight.device.type == "cpu"


def test_a_net_that_cannot_be_counted_is_built_all_the_same():
    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.tensor(torch.ones(2).sum().item()))

    assert float(built("G", "odd", {"width": 3}, Odd).scale.detach()) == 2


def test_a_fault_of_a_net_without_options_is_not_put_on_the_recipe():
    def broken():
        raise ValueError("wrong way")

    with pytest.raises(ValueError, match="wrong way"):
        built("G", "broken", {}, broken)
    with pytest.raises(RecipeError, match=r"G\.width = 3 cannot be built: ValueError: wrong way"):
        built("G", "broken", {"width": 3}, broken)


def test_counting_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        built("G", "linear", {}, lambda: nn.Linear(3, 4))


def test_batches_and_sets_beyond_memory():
    assert 2**28 < memory_bytes() < 2**50
    refuse_batch(64, SPEC)
    refuse_samples(10_000, SPEC)
    with pytest.raises(RecipeError, match=r"train\.batch = 1,000,000,000,000"):
        refuse_batch(10**12, SPEC)
    with pytest.raises(DataError, match="draw fewer"):
        refuse_samples(10**12, SPEC)


def test_memory_that_is_full_is_no_fault_of_a_plugin():
    with pytest.raises(DataError, match="the memory is full in load"):
        guarded(modalities.get("audio"), "load", lambda: bytearray(2**62))
