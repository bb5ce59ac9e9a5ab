import pytest
import torch

from multigan.augment.policy import INTERVAL, Adaptive, Augment, build_augment, choose
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, UnknownNameError
from multigan.core.types import Spec
from multigan.plugins.points import modality as points

SPEC = Spec("points", (2,))
ADD = {"one": lambda x, draw: x + 1, "ten": lambda x, draw: x + 10}


def turn(view, margins, draw=None):
    view.observe(torch.as_tensor(margins), draw or Draw(0))
    view.settle()


def test_every_augmentation_has_its_own_coin_for_every_sample():
    out = Augment(ADD, 0.25)(torch.zeros(20_000, 1), Draw(0))
    share = {value: (out == value).float().mean().item() for value in (0.0, 1.0, 10.0, 11.0)}
    for value, expected in {0.0: 0.5625, 1.0: 0.1875, 10.0: 0.1875, 11.0: 0.0625}.items():
        assert abs(share[value] - expected) < 0.015


@pytest.mark.parametrize(("p", "value"), [(0.0, 0.0), (1.0, 11.0)])
def test_the_ends_are_none_and_all(p, value):
    assert torch.equal(Augment(ADD, p)(torch.zeros(50, 1), Draw(0)), torch.full((50, 1), value))


@pytest.mark.parametrize(("margins", "direction"), [([1.0] * 8, 1), ([1.0] * 7 + [-1.0], 1), ([1.0, -1.0], -1)])
def test_the_strength_follows_the_signs_towards_the_target(margins, direction):
    view = Adaptive(ADD, cap=1.0, target=0.6, speed_samples=1000)
    view.p.fill_(0.5)
    for _ in range(INTERVAL):
        turn(view, margins)
    torch.testing.assert_close(view.p, torch.tensor(0.5 + direction * INTERVAL * len(margins) / 1000))
    assert not view.seen.any()


def test_it_moves_every_fourth_turn_only_and_stays_in_its_range():
    view = Adaptive(ADD, cap=0.3, speed_samples=100)
    seen = []
    for _ in range(12):
        turn(view, [1.0] * 5)
        seen.append(round(view.p.item(), 4))
    assert seen == [0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3]
    for _ in range(40):
        turn(view, [-1.0] * 5)
    assert view.p == 0
    assert view.report()["augment/p"] == 0


def test_two_micro_batches_count_like_their_whole():
    whole, micro = (Adaptive(ADD, cap=1.0, speed_samples=100) for _ in range(2))
    signs = torch.tensor([1.0, 1.0, 1.0, -1.0])
    for _ in range(INTERVAL):
        turn(whole, signs)
        micro.observe(signs[:2], Draw(0, rank=0, world_size=2))
        turn(micro, signs[2:], Draw(0, rank=1, world_size=2))
    assert torch.equal(whole.p, micro.p)


def test_patches_and_the_size_of_logits_do_not_matter():
    a, b = (Adaptive(ADD, cap=1.0, speed_samples=100) for _ in range(2))
    for _ in range(INTERVAL):
        turn(a, torch.full((4, 2, 2), 50.0))
        turn(b, torch.full((4,), 1e-3))
    assert torch.equal(a.p, b.p)


def test_its_state_is_two_buffers():
    assert set(Adaptive(ADD, 1.0).state_dict()) == {"p", "seen"}


def test_an_empty_policy_is_the_modalitys_usual_one():
    assert list(choose(points, (), "x")) == list(points.augmentation_policy)
    assert list(choose(points, ("jitter",), "x")) == ["jitter"]


def test_names_and_numbers_are_checked():
    with pytest.raises(UnknownNameError, match="did you mean 'jitter'"):
        build_augment(points, SPEC, policy=("jiter",))
    for wrong in ({"p": 1.5}, {"target": 1.0}, {"speed_samples": 0}):
        with pytest.raises(RecipeError, match="augment with"):
            build_augment(points, SPEC, **wrong)


def test_a_modality_without_augmentations_is_told():
    class Plain:
        name = "plain"

    with pytest.raises(RecipeError, match="modality 'plain' offers none"):
        build_augment(Plain(), SPEC)
