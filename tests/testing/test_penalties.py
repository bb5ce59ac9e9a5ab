import pytest
import torch

from multigan import losses
from multigan.core.errors import PluginError
from multigan.testing import check_penalty


@pytest.mark.parametrize("name", losses.penalties.names())
def test_every_built_in_penalty_passes(name):
    thing = losses.penalties.get(name)
    made = {"consistency": lambda: thing({"halve": lambda x, draw: x / 2}), "lecam": lambda: thing(0.9)}
    check_penalty(made[name]() if name in made else thing, name)


BROKEN_PENALTIES = {
    "reduces": (lambda D, real, fake, cond, draw: D(real).mean(), r"returns \(\)"),
    "hidden randomness": (
        lambda D, real, fake, cond, draw: D(real) * torch.rand(len(real)),
        "differs between equal draws",
    ),
    "detached": (
        lambda D, real, fake, cond, draw: D(real).detach() + fake.requires_grad_(True).sum(1),
        "no gradient in D",
    ),
}


@pytest.mark.parametrize("fault", BROKEN_PENALTIES)
def test_broken_penalties_are_caught(fault):
    penalty, message = BROKEN_PENALTIES[fault]
    with pytest.raises(PluginError, match=message):
        check_penalty(penalty)


ORDERS = {
    "D, fake, real, cond, draw": "given 'real' as 'fake'; expected (D, real, fake, cond, draw)",
    "D, real, fake, draw, cond": "given 'cond' as 'draw'",
    "D, _real, x, cond, draw": "",
    "net, a, b, c, d": "",
}


@pytest.mark.parametrize("names", ORDERS)
def test_names_at_another_place_are_said(names):
    first, second, *_ = names.split(", ")
    penalty = eval(f"lambda {names}: {first}({second}).square()")
    if not ORDERS[names]:
        check_penalty(penalty)
        return
    with pytest.raises(PluginError) as caught:
        check_penalty(penalty, "mine")
    assert ORDERS[names] in str(caught.value)
