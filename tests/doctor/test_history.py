import pytest

from multigan.doctor.history import Circumstances, History


def rows(distances, phase="adversarial", **more):
    return [
        {
            "step": 10 * k,
            "samples": 100 * k,
            "phase": phase,
            "vitals/distance": distance,
            "vitals/distance_floor": 0.1,
            "vitals/distance_floor_deviation": 0.01,
            "vitals/distance_trivial": 1.1,
            **{name: values[k] for name, values in more.items()},
        }
        for k, distance in enumerate(distances)
    ]


def test_rows_without_vitals_do_not_count_as_measurements():
    history = History([{"step": 1, "samples": 8, "phase": "a", "loss/D": 1.0}, *rows([0.5, 0.4])])
    assert history.series("distance") == [0.5, 0.4]
    assert history.last("distance") == 0.4
    assert history.last("nothing") is None
    assert history.recent("nothing") is None


def test_series_are_of_the_last_phase():
    history = History([*rows([9.0], phase="pretrain"), *rows([0.5, 0.4])])
    assert history.series("distance") == [0.5, 0.4]


def test_recent_is_a_mean_of_two_at_least():
    assert History(rows([1.0, 0.6, 0.4])).recent("distance") == pytest.approx(0.5)
    assert History(rows([9, 9, 9, 9, 9, 9, 3, 2, 1])).recent("distance") == pytest.approx(2)


def test_the_gap_is_zero_like_reals_and_one_like_one_item_repeated():
    history = History(rows([0.5, 0.4]))
    assert history.gap(0.1) == 0
    assert history.gap(1.1) == pytest.approx(1)
    assert history.gap(None) is None
    same = History([row | {"vitals/distance_floor": 0.0, "vitals/distance_trivial": 0.0} for row in rows([0.5, 0.4])])
    assert same.gap(0.4) is None  # all reals are one and the same


def test_gain_is_the_part_of_the_way_that_was_left():
    assert History(rows([2.1, 2.1, 2.1, 1.1, 0.6])).gain(0.5) == pytest.approx(0.75)
    assert History(rows([0.6, 0.6, 0.6, 0.8, 1.1])).gain(0.5) == pytest.approx(-1)
    assert History(rows([0.6, 0.6, 0.6, 0.61, 0.585])).gain(0.5) == 0  # within two deviations of the floor
    assert History(rows([2.0, 1.0])).gain(0.5) == 0


def test_best_leaves_out_the_start():
    assert History(rows([0.1, 0.5, 0.3, 0.4])).best() == (0.3, 200)
    assert History(rows([0.1])).best() is None


def test_other_vitals_have_gaps_gains_and_bests_of_their_own():
    order = {"vitals/order": [3.0, 2.5, 2.0], "vitals/order_floor": [1.0] * 3, "vitals/order_trivial": [5.0] * 3}
    history = History(rows([0.4, 0.3, 0.2], **order))
    assert history.gap(2.0, "order") == pytest.approx(0.25)
    assert history.gap(2.0, "surprise") is None
    assert history.gain(0.5, "order") == pytest.approx(1 / 3)
    assert history.best("order") == (2.0, 200)
    assert history.best("surprise") is None


def test_progress_is_of_the_whole_run():
    assert History(rows([0.5, 0.4])).progress(Circumstances(samples=400)) == 0.25
    assert History([]).progress(Circumstances(samples=400)) == 0


def test_the_run_before_its_phase():
    run = rows([0.5, 0.4, 0.3])
    for row, phase in zip(run, ("pretrain", "pretrain", "adversarial"), strict=True):
        row["phase"] = phase
    assert History(run).before_phase().rows == run[:2]
    assert History(run[:2]).before_phase() is None
    assert History([]).before_phase() is None
