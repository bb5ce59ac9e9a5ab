import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.image.degrade import HOLE, Downsample, Grey, Hole, build_hole


def test_holes_lie_inside_and_have_the_sizes_that_are_asked_for():
    mask = Hole(0.25, 0.5)(torch.ones(500, 1, 8, 12), Draw(0))[:, 1]
    rows, columns = mask.any(2).sum(1), mask.any(1).sum(1)
    assert sorted(rows.unique().tolist()) == [2, 3, 4]
    assert sorted(columns.unique().tolist()) == [3, 4, 5, 6]
    assert torch.equal(mask.sum((1, 2)), (rows * columns).float())


def test_grey_is_pillows():
    values = torch.randint(0, 256, (1, 3, 5, 7), dtype=torch.uint8)
    picture = Image.fromarray(values[0].permute(1, 2, 0).numpy()).convert("L")
    grey = Grey()(values.float() / 127.5 - 1, Draw(0))
    assert np.abs((grey[0, 0].numpy() + 1) * 127.5 - np.asarray(picture, float)).max() < 1


def test_a_smaller_picture_of_one_value_has_that_value():
    small = Downsample(2)(torch.full((2, 3, 8, 4), 0.25), Draw(0))
    assert small.shape == (2, 3, 4, 2)
    torch.testing.assert_close(small, torch.full((2, 3, 4, 2), 0.25))


def test_holes_are_told_by_one_channel_more_and_the_word_for_it():
    spec = Hole(0.2, 0.4).spec(Spec("image", (3, 8, 8), meta={"x": 1}))
    assert (spec.shape, dict(spec.meta)) == ((4, 8, 8), {"x": 1, HOLE: True})
    with pytest.raises(RecipeError, match="least no larger than most"):
        build_hole(None, spec, least=0.5, most=0.25)
