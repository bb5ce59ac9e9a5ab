import pytest

from multigan.doctor.best import Best
from multigan.doctor.vitals import Vitals
from multigan.run.ledger import Ledger

BASE = {"phase": "adversarial", "vitals/distance_floor": 0.01, "vitals/heldout_items": 40.0}
BASE |= {"vitals/distance_trivial": 1.01}


def play(trainer, folder, distances, held_out=40.0, since=None):
    """Measurements as a metrics file and vitals would bring them; returns the steps that were kept."""
    vitals, kept = Vitals(lambda x: x), []
    ledger = Ledger(folder / "m.jsonl")
    best = Best(ledger, vitals, lambda t: kept.append(t.state.step), since)
    for step, distance in distances:
        trainer.state.step = step
        vitals.latest = {} if distance is None else {"vitals/distance": distance}
        ledger.append({"step": step, "samples": 8 * step, **BASE, "vitals/heldout_items": held_out, **vitals.latest})
        best.stepped(trainer, {})
    return best, kept


def test_only_lower_distances_are_kept(tiny, tmp_path):
    best, kept = play(tiny(), tmp_path, [(0, 0.01), (5, 0.5), (10, 0.3), (15, 0.4), (20, 0.2), (25, 0.25)])
    assert kept[1:] == [5, 10, 20]
    assert best.summary() == "best at 160 samples: distance 0.2 to held-out items (floor 0.01); last: 0.25"


def test_where_the_last_is_the_nearest_its_distance_stands_there_once(tiny, tmp_path):
    best, _ = play(tiny(), tmp_path, [(5, 0.5), (10, 0.3)])
    assert best.summary() == "best: the last one, distance 0.3 to held-out items (floor 0.01)"


@pytest.mark.parametrize(("last", "kept"), [(0.22, [5, 10]), (0.24, [5])])
def test_a_run_that_ends_level_with_the_lowest_keeps_its_last_generator(tiny, tmp_path, last, kept):
    trainer = tiny()
    play(trainer, tmp_path, [(5, 0.2)])
    trainer.stopping = True
    best, again = play(trainer, tmp_path, [(10, last)])
    assert [5, *again] == kept  # 1 / 40 of the way from .01 to 1.01
    said = best.summary()
    assert said.startswith("best: the last one, distance 0.22" if again else "best at 40 samples: distance 0.2")


@pytest.mark.parametrize(("last", "kept"), [(0.29, [10]), (0.31, [])])
def test_with_nothing_held_out_only_a_clear_rise_counts(tiny, tmp_path, last, kept):
    trainer = tiny()
    play(trainer, tmp_path, [(5, 0.2)], held_out=0.0)
    trainer.stopping = True
    assert play(trainer, tmp_path, [(10, last)], held_out=0.0)[1] == kept  # a tenth of the way from .01 to 1.01


def test_a_resume_knows_what_was_best(tiny, tmp_path):
    play(tiny(), tmp_path, [(5, 0.2)])
    _, kept = play(tiny(), tmp_path, [(10, 0.3), (15, 0.1)])
    assert kept == [15]


def test_distances_to_the_data_of_before_do_not_count(tiny, tmp_path):
    play(tiny(), tmp_path, [(5, 0.2)])
    best, kept = play(tiny(), tmp_path, [(10, 0.4), (15, 0.3), (20, 0.35)], since=40)
    assert kept == [10, 15]
    assert best.summary() == "best at 120 samples: distance 0.3 to held-out items (floor 0.01); last: 0.35"


def test_nothing_measured_nothing_kept(tiny, tmp_path):
    best, kept = play(tiny(), tmp_path, [(5, None)])
    assert kept == []
    assert best.summary() is None


@pytest.mark.parametrize("value", [float("nan")])
def test_a_distance_that_is_no_number_is_never_the_best(tiny, tmp_path, value):
    _, kept = play(tiny(), tmp_path, [(5, 0.3), (10, value), (15, 0.2)])
    assert kept == [5, 15]
