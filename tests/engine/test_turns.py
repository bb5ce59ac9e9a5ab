"""What a turn gives is a loss that can be descended."""

import pytest
import torch

from multigan.core.errors import PluginError
from multigan.core.types import Loss
from multigan.engine.turns import check_loss, check_reached, kind_of


class Mine:
    pass


def test_a_loss_is_handed_on_and_another_thing_named_with_the_games_package():
    whole = Loss(torch.ones((), requires_grad=True), {"loss/Q": torch.ones(())})
    assert check_loss(Mine(), "q", whole) is whole
    assert kind_of(Mine()) == f"game {__name__}:Mine"
    with pytest.raises(PluginError, match=f"^game {__name__}:Mine: turn 'q' gives tuple; expected a Loss"):
        check_loss(Mine(), "q", (torch.ones(()), {}))
    with pytest.raises(PluginError, match=r"gives a total of \(\) of torch.int64"):
        check_loss(Mine(), "q", Loss(torch.ones((), dtype=torch.int64), {}))


def test_one_gradient_is_enough_and_none_is_not():
    params = [torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)]
    with pytest.raises(PluginError, match="the loss of player 'Q' does not depend on it"):
        check_reached(Mine(), "Q", params)
    params[1].sum().backward()
    check_reached(Mine(), "Q", params)
