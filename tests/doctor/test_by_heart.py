import pytest

from multigan.doctor.by_heart import only_rises, stopped_falling
from multigan.doctor.history import History

RISING = [0.9, 0.1, 0.12, 0.14, 0.15, 0.16, 0.17]


def run(history, distance, memory=1.0, heldout=30):
    """Seven measurements, 100 samples apart."""
    rows = [dict(row) for row in history().rows[:1] * len(distance)]
    for k, (row, value) in enumerate(zip(rows, distance, strict=True)):
        row |= {"step": 20 * k, "samples": 100 * k, "vitals/distance": value, "vitals/D_memory": memory}
        row |= {"vitals/heldout_items": heldout, "vitals/distance_floor_deviation": 0.005}
    return History(rows)


def test_what_only_rises_under_a_d_that_knows_the_set_by_heart_is_of_no_use(history):
    said = only_rises(run(history, RISING))
    assert "nearest after 100 samples, farther in the last 5" in said
    assert "(100% of pairs)" in said


@pytest.mark.parametrize(
    ("distance", "others"),
    [
        (RISING[:-1], {}),  # four in a row
        ([*RISING[:-1], 0.109], {}),  # one within the noise
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], {}),  # it still falls
        (RISING, {"memory": 0.7}),
        (RISING, {"heldout": 0}),
    ],
)
def test_all_else_may_go_on(distance, others, history):
    assert only_rises(run(history, distance, **others)) == ""


def test_who_asked_for_more_gets_five_measurements_more(history):
    assert only_rises(run(history, RISING), since=100)
    assert only_rises(run(history, RISING), since=200) == ""


def likelihood(history, unseen):
    """Measurements 100 samples apart of how unlikely held-out items are."""
    rows = [dict(row) for row in history().rows[:1] * len(unseen)]
    for k, (row, value) in enumerate(zip(rows, unseen, strict=True)):
        row |= {"step": 20 * k, "samples": 100 * k} | ({} if value is None else {"vitals/surprise_unseen": value})
    return History(rows)


def test_likelihood_that_has_stopped_falling_says_where_it_was_best(history):
    said = stopped_falling(likelihood(history, [1.0, 3.0, 2.5, 2.6, 2.55, 2.7]), 3)
    assert said == "held-out items were likeliest after 200 samples (2.500 nats a part, now 2.700)"


@pytest.mark.parametrize(
    "unseen",
    [
        [1.0, 3.0, 2.5, 2.6, 2.55],  # two in a row
        [1.0, 3.0, 2.5, 2.6, 2.55, 2.49],  # the third is better
        [9.0, 3.0, 2.5, 2.4, 2.3, 2.2],
        [1.0, 3.0],  # what an untrained G says does not count
        [None] * 6,  # not measured
    ],
)
def test_likelihood_that_may_still_fall_goes_on(unseen, history):
    assert stopped_falling(likelihood(history, unseen), 3) == ""
