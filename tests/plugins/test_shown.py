import pytest
import torch

from multigan.core.errors import PluginError, ShapeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.shown import judge_view, judge_views

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


class Told(With):
    """Points, with numbers of its own and what they were made of."""

    def __init__(self, numbers):
        super().__init__(lambda x: x)
        self.numbers, self.known = numbers, None

    def numbers_for_judge(self, known, spec):
        self.known = list(known)
        return self.numbers


def test_both_views_read_the_same_reals_and_see_all_parts():
    known = [torch.zeros(3, 2)]
    modality = Told(lambda x: x.repeat(1, 3))
    found = judge_views(modality, lambda: iter(known), POINTS).of([torch.ones(4, 2), torch.zeros(1, 2)])
    assert found.x.shape == (5, 2)
    assert found.numbers.shape == (5, 6)
    assert torch.equal(modality.known[0], known[0])


@pytest.mark.parametrize("modality", [Told(None), With(lambda x: x), modalities.get("points")])
def test_without_numbers_the_net_is_alone(modality):
    assert judge_views(modality, list, POINTS).of([torch.ones(4, 2)]).numbers is None


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (lambda x: x[:2], r"numbers_for_judge gives \(2, 2\)"),
        (lambda x: x[:, 0], r"numbers_for_judge gives \(4,\)"),
        (lambda x: x.tolist(), "numbers_for_judge gives list"),
        (lambda x: x / 0, "numbers_for_judge makes numbers that are not finite"),
        (lambda x: x.double() * 1e300, "numbers_for_judge makes numbers that are not finite"),
        (lambda x: x[:, :0], r"numbers_for_judge gives \(4, 0\)"),
        (lambda x: x.to(torch.complex64), "numbers_for_judge makes complex numbers"),
    ],
)
def test_what_are_no_numbers_is_named(numbers, said):
    with pytest.raises(ShapeError, match=said):
        judge_views(Told(numbers), list, POINTS).of([torch.ones(4, 2)])


def test_numbers_that_fail_are_the_plugins_fault():
    with pytest.raises(PluginError, match="fails in numbers_for_judge"):
        judge_views(Told(lambda x: x.nothing), list, POINTS).of([torch.ones(4, 2)])
    with pytest.raises(PluginError, match="'points': numbers_for_judge gives int; expected a function of samples"):
        judge_views(Told(3), list, POINTS)


def test_numbers_that_are_more_in_one_part_than_in_another_are_named():
    modality = Told(lambda x: x if len(x) == 4 else x[:, :1])
    with pytest.raises(ShapeError, match=r"numbers_for_judge gives samples of shape \(1,\) in one part and \(2,\)"):
        judge_views(modality, list, POINTS).of([torch.ones(4, 2), torch.ones(3, 2)])


def test_a_function_that_writes_into_samples_changes_what_nobody_else_sees():
    found = judge_views(Told(lambda x: x.zero_()), list, POINTS).of([torch.ones(4, 2)])
    assert found.x.eq(1).all()
    assert found.numbers.eq(0).all()


def test_numbers_carry_no_gradient():
    weight = torch.ones(2, requires_grad=True)
    assert not judge_views(Told(lambda x: x * weight), list, POINTS).of([torch.ones(4, 2)]).numbers.requires_grad


@pytest.mark.parametrize("numbers", [3, lambda x: x.nothing, lambda x: x / 0, lambda x: x if len(x) == 4 else x[:, :1]])
def test_a_second_witness_that_fails_costs_itself_alone_and_is_named(numbers):
    said = []
    views = judge_views(Told(numbers), list, POINTS, said.append)
    found = views.of([torch.ones(4, 2), torch.zeros(3, 2)])
    assert found.x.shape == (7, 2)
    assert found.numbers is None
    assert len(said) == 1
    assert "no second witness" in said[0]
    assert "numbers_for_judge" in said[0]


def test_other_reals_are_read_once_for_both_views():
    read = []

    def known():
        read.append(1)
        yield torch.zeros(3, 2)

    class Both(Told):
        def shown_to_judge(self, known, spec):
            self.first = list(known)
            return super().shown_to_judge(known, spec)

    modality = Both(lambda x: x)
    judge_views(modality, known, POINTS)
    assert read == [1]
    assert torch.equal(modality.first[0], modality.known[0])


def test_the_second_witness_is_told_alone():
    parts = [torch.ones(4, 2), torch.zeros(1, 2)]
    assert judge_views(Told(lambda x: x.repeat(1, 3)), list, POINTS).told(parts).shape == (5, 6)
    assert judge_views(Told(None), list, POINTS).told(parts) is None
    said = []
    assert judge_views(Told(lambda x: x / 0), list, POINTS, said.append).told(parts) is None
    assert "no second witness" in said[0]
