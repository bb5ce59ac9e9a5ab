import pytest
import torch
from torch.nn import functional as F

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.games.contrastive import Heads
from multigan.plugins.image.resnet import ResNet, _Double, _Half, build_resnet

RGB = Spec("image", (3, 64, 64))


def count(net):
    return sum(param.numel() for param in net.parameters())


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize(
    ("width", "blocks", "expected"),
    [
        (64, 9, 11_378_179),
        (64, 6, 7_837_699),
        (64, 4, 5_477_379),
        (16, 9, 715_651),
        (16, 6, 494_083),
        (16, 4, 346_371),
        (8, 9, 180_419),
        (8, 6, 124_931),
        (8, 4, 87_939),
    ],
)
def test_the_generators_of_the_paper_to_the_last_parameter(width, blocks, expected, smooth):
    with torch.device("meta"):
        assert count(ResNet(3, 3, width, blocks, "instance", smooth=smooth)) == expected


def test_the_layers_that_are_compared_and_their_heads():
    with torch.device("meta"):
        net = ResNet(3, 3, 64, 9, "instance", smooth=True)
        found = [tuple(x.shape[1:]) for x in net.features(torch.zeros(1, 3, 64, 64))]
        assert found == [(3, 70, 70), (128, 64, 64), (256, 32, 32), (256, 16, 16), (256, 16, 16)]
        assert net.taps == (0, 4, 8, 12, 16)
        assert net.feature_maps == (3, 128, 256, 256, 256)
        assert count(Heads(net.feature_maps, 256)) == 560_384


def test_features_are_the_outputs_of_layers_on_the_way():
    net = build_resnet(RGB, RGB, width=2, blocks=1)
    x = torch.randn(2, 3, 16, 16)
    first, *_, last = net.features(x)
    assert torch.equal(first, F.pad(x, [3] * 4, mode="reflect"))
    assert last.shape == (2, 8, 4, 4)
    rest = last
    for layer in net.layers[net.taps[-1] + 1 :]:
        rest = layer(rest)
    assert torch.equal(rest, net(torch.zeros(2, 0), source=x))


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("size", [(64, 64), (65, 3), (1, 1), (4, 4), (33, 100)])
def test_size_out_is_size_in_and_training_and_use_compute_the_same(size, smooth):
    net = build_resnet(RGB, Spec("image", (1, 64, 64)), width=2, blocks=1, smooth=smooth)
    x = torch.randn(2, 1, *size)
    made = net.train()(torch.zeros(2, 0), source=x)
    assert made.shape == (2, 3, *size)
    assert torch.equal(made, net.eval()(torch.zeros(2, 0), source=x))
    assert made.isfinite().all()


def test_the_untrained_net_copies_bit_for_bit_where_it_is_asked_to():
    net = build_resnet(RGB, RGB, width=2, blocks=1, copy=True)
    x = torch.rand(2, 3, 15, 18) * 2 - 1
    made = net(torch.zeros(2, 0), source=x)
    assert torch.equal(made, x)
    made.sum().backward()
    assert net.layers[-1].weight.grad.abs().sum() > 0


def test_sizes_are_halved_and_doubled_by_the_filters_of_the_paper():
    x = torch.randn(1, 1, 6, 6)
    halved = _Half(1)(x)
    assert halved.shape == (1, 1, 3, 3)
    one = torch.tensor([1.0, 2.0, 1.0]) / 4
    torch.testing.assert_close(halved[0, 0, 1, 1], (x[0, 0, 1:4, 1:4] * one[:, None] * one).sum())
    two = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 4
    wide = F.pad(x, [1] * 4, mode="replicate")
    theirs = F.conv_transpose2d(wide, (two[:, None] * two)[None, None], stride=2, padding=1)[:, :, 2:-2, 2:-2]
    torch.testing.assert_close(_Double()(x), theirs)


def test_other_sizes_and_copies_of_other_channels_are_refused():
    with pytest.raises(RecipeError, match="inputs of 8 × 8 for pictures of 64 × 64; expected one size"):
        build_resnet(RGB, Spec("image", (3, 8, 8)))
    with pytest.raises(RecipeError, match=r"G\.copy = true with inputs of 1 channels"):
        build_resnet(RGB, Spec("image", (1, 64, 64)), copy=True)


def test_flat_pictures_stay_finite():
    net = build_resnet(RGB, RGB, width=2, blocks=1)
    made = net(torch.zeros(1, 0), source=torch.zeros(1, 3, 16, 16))
    made.sum().backward()
    assert all(param.grad.isfinite().all() for param in net.parameters())
