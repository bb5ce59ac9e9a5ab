"""Synthetic histories: each has one fault, or none."""

import pytest

from multigan.doctor import signs
from multigan.doctor.history import Facts, History

FACTS = Facts(samples=1000, items=500)
FAR = [0.9, 0.88, 0.86, 0.87, 0.86, 0.86]


@pytest.mark.parametrize("sign", [sign for _, _, sign in signs.SIGNS])
def test_a_well_run_shows_no_sign(sign, history):
    assert sign(history(), FACTS) is None


@pytest.mark.parametrize(
    ("sign", "changes", "said"),
    [
        (signs.not_finite, {"spread": [1.0] * 5 + [float("nan")]}, "vitals/spread is not finite"),
        (signs.not_finite, {"fake_finite": [1.0] * 5 + [0.75]}, "25% of the fakes"),
        (signs.ran_away, {"distance": FAR, "logits_fake": [-1.0] * 5 + [-4e4]}, "40,000"),
        (signs.ran_away, {"distance": [0.9, 0.1, 0.2, 0.4, 0.6, 0.6]}, "was 0.1 after 200 samples"),
        (signs.collapsed, {"spread": [0.5, 0.3, 0.2, 0.1, 0.1, 0.1]}, "10%"),
        (signs.steps_too_far, {"G_step": [0.3, 0.3, 0.2, 0.2, 0.1, 0.01]}, "20% of their size"),
        (signs.collapsed, {"spread": [0.0] * 6, "variety": [0.0] * 6}, "0%"),
        (signs.collapsed, {"variety": [0.5, 0.3, 0.2, 0.1, 0.1, 0.04]}, "4% of theirs"),
        (signs.g_stands_still, {"G_moved": [0.0] * 6}, "G's weights do not move"),
        (signs.d_stands_still, {"D_moved": [0.0] * 6}, "D's weights do not move"),
        (signs.starves, {"distance": FAR, "D_accuracy": [1.0] * 6, "G_gradient": [0.05] * 5 + [1e-6]}, "2e-05"),
        (signs.undirected, {"distance": FAR, "D_accuracy": [0.5] * 6}, "only 50.0%"),
        (signs.overpowered, {"distance": FAR, "D_accuracy": [1.0] * 6}, "100.0%"),
        (signs.forgot, {"surprise": [4.0, 2.8, 2.5, 2.4, 2.8, 3.0]}, "by 2.40 after 600 samples and by 2.90 now"),
        (signs.unordered, {"order": [6.0, 4.0, 3.0, 2.95, 2.95, 2.95]}, "little order (0.90"),
        (signs.memorises, {"nearest": [0.1] * 6, "nearer": [0.99] * 6}, "0.10 times as far"),
        (signs.d_remembers, {"D_memory": [0.5, 0.7, 0.9, 0.9, 0.9, 0.9]}, "90%"),
        (signs.labels_tell_nothing, {"labels_real": [0.12] * 6, "labels_chance": [0.1] * 6}, "12%"),
        (signs.gains, {"distance": [0.9, 0.6, 0.4, 0.3, 0.2, 0.1]}, "still falls"),
        (signs.gains, {"distance": [0.9, 0.89, 0.85, 0.83, 0.8, 0.78]}, "falls slowly"),
    ],
)
def test_each_fault_shows_its_sign(sign, changes, said, history):
    assert said in sign(history(**changes), FACTS)


@pytest.mark.parametrize(
    ("sign", "changes"),
    [
        (signs.collapsed, {"spread": [0.1, 0.1, 0.15, 0.2, 0.3, 0.39], "variety": [0.1, 0.1, 0.2, 0.3, 0.4, 0.5]}),
        (signs.collapsed, {"spread": [0.1] * 6, "variety": [0.1] * 6}),  # never apart, as an untrained G
        (signs.overpowered, {"D_accuracy": [1.0] * 6}),  # certain, but G is near
        (signs.overpowered, {"D_accuracy": [1.0] * 6, "distance": [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]}),  # G comes nearer
        (signs.ran_away, {"logits_real": [5e3] * 6}),  # loud, but near
        (signs.forgot, {"surprise": [4.0, 2.8, 2.7, 2.68, 2.8, 3.0]}),  # never knew more than shares: nothing to forget
        (signs.forgot, {"surprise": [4.0, 2.8, 2.5, 2.3, 2.6, 2.6]}),  # knows less than it did, yet more than shares
        (signs.unordered, {"order": [6.0, 5.0, 4.0, 3.5, 3.2, 2.95]}),  # on its way
        (signs.unordered, {"order": [6.0, 3.0, 2.4, 2.3, 2.3, 2.3]}),  # likelier than reals is not without order
        (signs.memorises, {"nearest": [0.9] * 6, "nearer": [0.6] * 6}),
        (signs.labels_tell_nothing, {"labels_real": [0.9] * 6, "labels_chance": [0.1] * 6}),
    ],
)
def test_what_looks_like_a_fault_and_is_none(sign, changes, history):
    assert sign(history(**changes), FACTS) is None


def test_a_young_run_is_not_judged(history):
    young = history(rows=2, spread=[0.01] * 6, D_accuracy=[1.0] * 6)
    assert not any(sign(young, FACTS) for sign in (signs.collapsed, signs.overpowered, signs.starves, signs.ran_away))
    assert "measured 2 times only" in signs.gains(history(rows=2), FACTS)
    assert "too early" in signs.gains(history(rows=1), FACTS)


def test_what_no_modality_measures_is_no_sign(history):
    plain = history()
    for row in plain.rows:
        for name in ("order", "order_floor", "order_trivial", "surprise", "surprise_trivial"):
            del row[f"vitals/{name}"]
    assert signs.forgot(plain, FACTS) is None
    assert signs.unordered(plain, FACTS) is None


def test_what_was_learned_in_an_earlier_phase_can_be_forgotten(history):
    """As after pre-training: the best is of the first phase, the values that count are of the last."""
    run = history(surprise=[4.0, 2.4, 2.3, 3.0, 3.0, 3.0])
    for row in run.rows[:3]:
        row["phase"] = "pretrain"
    assert "by 2.30 after 400 samples and by 3.00 now" in signs.forgot(History(run.rows), FACTS)


def test_a_change_of_order_within_its_noise_is_none(history):
    order = [6.0, 4.0, 3.0, 2.95, 2.95, 2.9]
    assert signs.unordered(history(order=order), FACTS) is None
    assert "0.85" in signs.unordered(history(order=order, order_floor_deviation=[0.06] * 6), FACTS)


def test_few_items_seen_often(history):
    assert "8 items" in signs.too_few_items(history(), Facts(samples=1000, items=8))
    assert signs.too_few_items(history(), Facts(samples=1000, items=63)) is None  # 16 epochs
    assert signs.too_few_items(history(), Facts(samples=1000, items=0)) is None


def test_a_failure_is_repeated_as_it_was(history):
    assert signs.not_finite(history(), Facts(failure="loss/D is not finite")) == "loss/D is not finite"
