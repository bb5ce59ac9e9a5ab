import pytest
import torch

from multigan.core.errors import ShapeError
from multigan.nets.conditioning import ClassEmbedding, Projection


def test_the_embedding_is_concatenated():
    embed = ClassEmbedding(3, 4)
    out = embed(torch.ones(2, 4), torch.tensor([2, 0]))
    assert out.shape == (2, 8)
    torch.testing.assert_close(out[:, 4:], embed.table.weight[[2, 0]])


def test_the_projection_is_a_scaled_inner_product():
    project = Projection(3, 4)
    features = torch.randn(2, 4)
    expected = (features * project.table.weight[[1, 1]]).sum(1) / 2
    torch.testing.assert_close(project(features, torch.tensor([1, 1])), expected)


def test_missing_labels_are_named():
    with pytest.raises(ShapeError, match="without labels"):
        Projection(3, 4)(torch.ones(2, 4), None)
