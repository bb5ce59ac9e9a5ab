from functools import partial

import pytest
import torch

from multigan.core.errors import PluginError
from multigan.core.returned import Maker, check_taken, per_sample, same_shape, shown


def mine(x, draw, *, width=1):
    return x


def test_the_program_is_named_under_its_options():
    assert str(Maker("view", "blur", partial(partial(mine, width=2)))) == f"view 'blur' ({__name__}:mine)"
    assert str(Maker("view", "", torch.nn.Linear(1, 1))) == "view 'Linear' (torch.nn.modules.linear:Linear)"


def test_values_are_shown_by_type_and_shape():
    assert [shown(one) for one in (None, [1], torch.ones(2, 1))] == ["None", "list", "a tensor (2, 1)"]


def test_what_fits_comes_back_as_it_is():
    x, maker = torch.ones(3), Maker("view", "blur", mine)
    assert per_sample(x, 3, maker) is x
    assert same_shape(x, torch.zeros(3), maker) is x
    check_taken(mine, ("x", "draw"), maker)
    check_taken(partial(mine, width=2), ("x", "draw"), maker)
    check_taken(lambda x, draw, *, source: x, ("x", "draw"), maker)
    check_taken(max, ("x", "draw"), maker)  # Python cannot tell


@pytest.mark.parametrize(
    ("called", "said"),
    [
        (3, r"view 'blur' \(.*:mine\) gives int; expected what is called as \(x, draw\)"),
        (lambda x: x, r"takes \(x\)"),
        (lambda x, draw, more: x, r"takes \(x, draw, more\)"),
    ],
)
def test_what_cannot_be_called_so_is_refused(called, said):
    with pytest.raises(PluginError, match=said):
        check_taken(called, ("x", "draw"), Maker("view", "blur", mine))
