import pytest
import torch

from multigan.core.errors import PluginError, ShapeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.shown import judge_view

POINTS = Spec("points", (2,))


class With:
    """Points, with a view of its own."""

    name = "points"

    def __init__(self, view):
        self.view = view

    def shown_to_judge(self, known, spec):
        return self.view


def test_a_modality_without_a_view_is_shown_as_it_is():
    x = torch.randn(4, 2)
    assert torch.equal(judge_view(modalities.get("points"), [], POINTS)(x), x)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (lambda x: x[:2], r"gives \(2, 2\)"),
        (lambda x: x.flatten(), r"gives \(8,\)"),
        (lambda x: x.tolist(), "gives list"),
        (lambda x: x / 0, "not finite"),
    ],
)
def test_what_is_no_view_is_named(view, said):
    with pytest.raises(ShapeError, match=said):
        judge_view(With(view), [], POINTS)(torch.ones(4, 2))


def test_a_view_that_fails_is_the_plugins_fault():
    with pytest.raises(PluginError, match="fails in shown_to_judge"):
        judge_view(With(lambda x: x.nothing), [], POINTS)(torch.ones(4, 2))


def test_a_modality_that_gives_no_view_is_told_what_is_expected():
    with pytest.raises(PluginError, match="'points': shown_to_judge gives None; expected a function of samples"):
        judge_view(With(None), [], POINTS)
