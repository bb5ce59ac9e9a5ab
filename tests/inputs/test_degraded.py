import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Data, Spec
from multigan.engine.batches import Batches
from multigan.engine.distributed import World
from multigan.inputs.assemble import check_table, degrading
from multigan.inputs.degraded import Degraded
from multigan.plugins.image import modality
from multigan.plugins.image.sources import Pictures
from multigan.recipe.schema import InputTable

SPEC = Spec("image", (3, 8, 8))


def table(*views):
    return InputTable.model_validate({"degrade": [*views]}).degrade


def degraded(*views):
    return Degraded(degrading(table(*views), modality, SPEC), SPEC)


def test_views_follow_each_other_and_so_do_their_specs():
    inputs = degraded({"name": "grey"}, {"name": "downsample", "factor": 4}, {"name": "hole"})
    assert inputs.spec.shape == (2, 2, 2)
    x = torch.rand(5, 3, 8, 8) * 2 - 1
    assert inputs.make(x, inputs.take(torch.arange(5), Draw(0)), Draw(0)).shape == (5, 2, 2, 2)


def test_every_view_is_a_degradation():
    inputs = degraded({"name": "augment", "policy": ["cutout"]}, {"name": "noise", "sigma": 0.5})
    x = torch.ones(200, 3, 8, 8)
    made = inputs.make(x, None, Draw(0))
    assert inputs.spec == SPEC
    assert float(made.std()) > 0.5
    assert not torch.equal(made[0], made[1])


def batches(inputs, world=None, batch=8):
    items = torch.arange(20, dtype=torch.uint8).view(-1, 1, 1, 1).expand(20, 3, 8, 8)
    data = Data(Pictures(items), SPEC, inputs=inputs)
    return Batches(data, modality, batch=batch, seed=3, world=world)


def test_a_batch_is_degraded_alike_at_every_call_and_by_any_number_of_processes():
    inputs = degraded({"name": "noise"}, {"name": "hole"})
    whole = batches(inputs).take("adversarial", 5)
    again = batches(inputs).take("adversarial", 5)
    shares = [batches(inputs, World(rank, 2)).take("adversarial", 5) for rank in range(2)]
    assert torch.equal(whole.source, again.source)
    assert torch.equal(torch.cat([share.source for share in shares]), whole.source)
    assert not torch.equal(whole.source, batches(inputs).take("adversarial", 6).source)
    picked = batches(inputs).pick(torch.tensor([3, 4]))
    assert torch.equal(picked.source, batches(inputs).pick(torch.tensor([3, 4])).source)
    assert picked.cond is None


def test_options_and_contradictions_are_found_before_data_is_read():
    for wrong, words in (
        ({"degrade": [{"name": "downsample", "factor": 1}]}, "a whole number from 2 to 64"),
        ({"degrade": [{"name": "downsample", "fctor": 2}]}, "did you mean 'factor'"),
        ({"degrade": [{"name": "pack"}]}, "an input for each target"),
        ({"degrade": [{"name": "grey"}], "source": "x"}, "remove source"),
        ({"source": "x", "swap": True}, "swap the two sources"),
        ({"degrade": [{"name": "noise", "sigma": -1}]}, "a deviation of 0 or more"),
    ):
        with pytest.raises(RecipeError, match=words):
            check_table(InputTable.model_validate(wrong), modality)


def test_sizes_that_do_not_fit_are_told_which_would():
    with pytest.raises(RecipeError, match=r"8 × 8 pixels and factor = 3; .*data\.size=9"):
        degraded({"name": "downsample", "factor": 3})
    with pytest.raises(RecipeError, match="1 channels turned grey"):
        degraded({"name": "grey"}, {"name": "grey"})
