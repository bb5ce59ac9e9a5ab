import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.join import Join
from multigan.core.types import Spec


def test_sample_and_input_become_one_and_a_small_input_is_enlarged():
    join = Join(Spec("image", (3, 4, 4)), Spec("image", (1, 2, 2)))
    source = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    both = join(torch.zeros(1, 3, 4, 4), source)
    assert join.spec().shape == both.shape[1:] == (4, 4, 4)
    assert both[0, 3, :, 0].tolist() == [1, 1, 3, 3]
    assert not both[:, :3].any()


def test_other_axes_are_refused_in_words():
    with pytest.raises(RecipeError, match=r"the same axes, channels first.*input\.judged=false"):
        Join(Spec("image", (3, 4, 4)), Spec("text", (12,)))


def test_texts_are_joined_position_by_position():
    text, given = Spec("text", (2, 3), (), {"end": 0}, 1), Spec("text", (4, 5), (), {"end": 0}, 1)
    join = Join(text, given)
    x, source = torch.rand(6, 2, 3), torch.rand(6, 4, 5)
    seen = join(x, source)
    assert (seen.shape[1:], join.spec().shape, join.spec().meta["joined"]) == ((4, 8), (4, 8), 3)
    assert torch.equal(seen[:, :2, :3], x)
    assert torch.equal(seen[..., 3:], source)
    assert not seen[:, 2:, :3].any()
