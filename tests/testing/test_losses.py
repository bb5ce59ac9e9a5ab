import pytest
import torch

from multigan import losses
from multigan.core.errors import PluginError
from multigan.losses.adversarial import LossPair, batch_mean
from multigan.testing import check_loss


@pytest.mark.parametrize("name", losses.losses.names())
def test_every_built_in_loss_passes(name):
    check_loss(losses.losses.get(name))


def pair(
    d=lambda r, f: (f - r).flatten(1).mean(1) if r.ndim > 1 else f - r, g=None, needs_real=False, needs_mean=False
):
    g = g or (lambda f, r: -f.flatten(1).mean(1) if f.ndim > 1 else -f)
    return LossPair("mine", d, g, needs_real, needs_mean)


def around(logits, other, mean):
    values = logits - mean(other)
    return values.flatten(1).mean(1) if values.ndim > 1 else values


BROKEN_LOSSES = {
    "reduces": (pair(d=lambda r, f: (f - r).mean()), r"mine\.d returns \(\)"),
    "ignores patches": (pair(d=lambda r, f: f - r), r"mine\.d returns \(4, 3, 2\)"),
    "overflows": (
        pair(d=lambda r, f: (f.flatten(1).mean(1) if f.ndim > 1 else f).mul(9).exp() * 1e30),
        "not finite at logits",
    ),
    "loses the gradient": (
        pair(g=lambda f, r: -torch.log(torch.sigmoid((f.flatten(1).mean(1) if f.ndim > 1 else f) * 9))),
        "not finite|no finite",
    ),
    "takes no mean": (pair(needs_mean=True), r"mine\.d takes no mean"),
    "ignores the mean": (
        pair(lambda r, f, mean=batch_mean: around(f, r, batch_mean), needs_mean=True),
        r"mine\.d ignores the mean",
    ),
    "has another mean": (
        pair(lambda r, f, mean=lambda x: 2 * batch_mean(x): around(f, r, mean), needs_mean=True),
        r"mine\.d has another mean",
    ),
    "lies about reals": (pair(needs_real=True), "needs_real = True"),
}


@pytest.mark.parametrize("fault", BROKEN_LOSSES)
def test_broken_losses_are_caught(fault):
    loss, message = BROKEN_LOSSES[fault]
    with pytest.raises(PluginError, match=message):
        check_loss(loss)
