import pytest
import torch
from torch import nn

from multigan.core.errors import RecipeError, ShapeError
from multigan.nets.conditional_norm import ConditionalNorm, Conditioned, class_norm

COND = torch.tensor([0, 2, 1, 2])


def filled(kind, channels=3):
    """A layer whose classes differ, in float64."""
    layer = ConditionalNorm(channels, 3, kind).double()
    generator = torch.Generator().manual_seed(1)
    for table in (layer.gain, layer.bias):
        table.weight.data = torch.randn(3, channels, generator=generator, dtype=torch.float64)
    return layer


def by_hand(layer, x, cond):
    out = torch.empty_like(x)
    for n, label in enumerate(cond.tolist()):
        for c in range(x.shape[1]):
            pool = {"batch": x[:, c], "instance": x[n, c], "film": torch.tensor([0.0])}[layer.kind]
            mean = pool.mean() if layer.kind != "film" else 0.0
            scale = (pool.var(correction=0) + 1e-5).sqrt() if layer.kind != "film" else 1.0
            out[n, c] = layer.gain.weight[label, c] * (x[n, c] - mean) / scale + layer.bias.weight[label, c]
    return out


@pytest.mark.parametrize("kind", ["batch", "instance", "film"])
@pytest.mark.parametrize("size", [(5,), (2, 3)])
def test_values_are_those_of_the_equation(kind, size):
    layer, x = filled(kind), torch.randn(4, 3, *size, dtype=torch.float64)
    torch.testing.assert_close(layer(x, COND), by_hand(layer, x, COND), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", ["instance", "film"])
def test_gradients(kind):
    layer, x = filled(kind), torch.randn(4, 3, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: layer(v, COND), (x,))


@pytest.mark.parametrize("kind", ["batch", "instance", "film"])
def test_it_starts_as_the_plain_norm_for_every_class(kind):
    layer, x = ConditionalNorm(3, 3, kind), torch.randn(4, 3, 8)
    plain = {"batch": nn.BatchNorm1d(3), "instance": nn.InstanceNorm1d(3), "film": nn.Identity()}[kind]
    torch.testing.assert_close(layer(x, COND), plain(x), rtol=1e-5, atol=1e-6)


def test_evaluation_uses_running_statistics_so_that_a_sample_stands_alone():
    layer, x = filled("batch"), torch.randn(4, 3, 5, dtype=torch.float64)
    layer(x, COND)
    layer.eval()
    torch.testing.assert_close(layer(x, COND)[:1], layer(x[:1], COND[:1]))


def test_a_single_element_and_a_single_sample_are_finite():
    x = torch.randn(1, 3, 1, dtype=torch.float64, requires_grad=True)
    filled("instance")(x, COND[:1]).sum().backward()
    assert torch.isfinite(x.grad).all()


def test_layers_in_a_row_pass_labels_where_they_are_wanted():
    torch.manual_seed(0)
    net = Conditioned(nn.Conv1d(2, 3, 1), filled("film").float(), nn.ReLU())
    x = torch.randn(4, 2, 5)
    torch.testing.assert_close(net(x, COND), torch.relu(net[1](net[0](x), COND)))
    assert set(Conditioned(nn.Linear(1, 1)).state_dict()) == set(nn.Sequential(nn.Linear(1, 1)).state_dict())


def test_missing_labels_and_classes_are_named():
    with pytest.raises(ShapeError, match="without labels"):
        filled("film")(torch.randn(4, 3, 2), None)
    with pytest.raises(RecipeError, match=r"game\.conditional"):
        class_norm("film", 0, 3)
    assert class_norm("concat", 0, 3) is None
