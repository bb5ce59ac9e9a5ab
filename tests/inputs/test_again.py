import pytest
import torch

from multigan.build import build_data, build_trainer, check
from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError
from multigan.core.types import Spec
from multigan.inputs.again import Again
from multigan.inputs.degraded import Degraded
from multigan.plugins.image import modality
from multigan.recipe.recipe import load_recipe

SPEC = Spec("image", (3, 4, 4))
X, Y = torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4)


def test_outputs_are_compared_with_the_inputs_that_they_were_made_of():
    term = Again.build(modality, SPEC, degrade=({"name": "grey"}, {"name": "downsample", "factor": 2}))
    source = Degraded(term.views, SPEC).make(X, None, Draw(0))
    fake = Y.clone().requires_grad_()
    values = term(None, X, fake, None, Draw(1))
    torch.testing.assert_close(
        values, (source - Degraded(term.views, SPEC).make(Y, None, Draw(0))).abs().mean((1, 2, 3))
    )
    values.sum().backward()
    assert fake.grad.abs().sum() > 0
    assert not term(None, X, X, None, Draw(1)).any()


def test_both_are_degraded_by_one_draw():
    term = Again.build(modality, SPEC, degrade=({"name": "noise"},))
    assert not term(None, X, X, None, Draw(1)).any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", "game.matching.again.name: again degrades by nothing"),
        (", degrade=[{name='gray'}]", "did you mean 'grey'"),
        (", degrade=[{factor=2}]", "tables with a name"),
        (", degrade=[{name='downsample', factor=1}]", "a whole number from 2 to 64"),
    ],
)
def test_what_is_wrong_is_said_before_data_is_read(options, words):
    with pytest.raises(MultiGANError) as caught:
        check(load_recipe("image/upscale", [f"game.matching=[{{name='again'{options}}}]"]))
    assert words.partition(": ")[2] in str(caught.value) or words in str(caught.value)


def test_it_trains():
    sets = ["game.matching=[{name='again', degrade=[{name='downsample', factor=2}], weight=5.0}]", "train.samples=64"]
    recipe = load_recipe("image/upscale", [*sets, "phases.fit.samples=64", "G.width=4", "D.width=4"])
    check(recipe)
    trainer = build_trainer(recipe, build_data(recipe))
    trainer.fit()
    assert trainer.finished
