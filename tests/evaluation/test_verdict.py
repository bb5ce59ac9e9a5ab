"""Words for numbers."""

from dataclasses import replace

import pytest
import torch

from multigan.evaluation.copying import Copying
from multigan.evaluation.score import Score
from multigan.evaluation.sets import Chosen, Sets
from multigan.evaluation.verdict import verdict, warnings_of

NOTHING = Copying((), False, False, {}, "no items are held out")


def sets_of(n, dim, unseen=True, trained=50):
    items = torch.zeros(0, dtype=torch.int64)
    x = torch.arange(n, dtype=torch.float32)[:, None].expand(n, dim)
    return Sets(x, x, x, x, torch.zeros(trained, dim), x[:0], x, Chosen(items, items, items, items, unseen))


def score(key, value, floor, half, baseline=0.0):
    return Score(key, key, "quality", value, "lower", value - half, value + half, floor=floor, baseline=baseline)


def lines(fd=12.0, vendi=210.0, coverage=0.9, *, precision=0.8, recall=0.9, more=()):
    scores = [
        *more,
        score("frechet", fd, 3.0, 1.0, 60.0),
        score("precision", precision, 0.9, 0.05),
        score("recall", recall, 0.9, 0.05),
        score("vendi", vendi, 340.0, 5),
        score("coverage", coverage, 0.95, 0.01),
    ]
    return verdict(scores, NOTHING, sets_of(50, 4))


def test_the_distance_is_put_between_floor_and_baseline():
    frame = "distance: FD 12 is 4.0 x that of other reals (3) and 0.20 x that of the untrained generator (60)"
    assert lines()[0] == f"{frame}: averages of features are surely others than those of reals"
    assert lines(fd=3.5)[0].endswith("averages of features are not surely others than those of reals")
    assert lines(fd=4.2)[0].endswith("averages of features are surely others than those of reals, by little")


def test_precision_above_that_of_reals_is_no_praise_where_recall_is_low():
    assert "where no reals are" in lines()[1]
    assert lines(precision=0.9)[1].endswith("it does not tell fakes from reals")
    assert "crowd where reals are dense" in lines(precision=0.99)[1]
    assert lines(precision=0.99, recall=0.2)[1].endswith("recall is 20%, of other reals 90%: few kinds, drawn often")


def test_where_the_judge_tells_them_apart_that_comes_first_and_nothing_praises():
    found = lines(fd=3.5, vendi=330, precision=0.9, more=[score("judge", 0.7, 0.5, 0.05)])
    assert found[0].startswith("told apart: a fresh judge calls 70% rightly (65% to 75%, 50% by chance)")
    assert found[0].endswith("The distance, which is small, compares averages of all items; the judge looks at each")
    assert lines(fd=12, more=[score("judge", 0.7, 0.5, 0.05)])[0].endswith("by chance)")
    assert "told apart" not in " ".join(lines(more=[score("judge", 0.5, 0.5, 0.05)]))


@pytest.mark.parametrize(
    ("value", "words"), [(0.15, "do next to nothing"), (0.5, "do something, and not yet"), (0.9, "are obeyed")]
)
def test_labels_are_said_to_be_obeyed_as_far_as_they_are(value, words):
    said = lines(more=[score("labels", value, 0.94, 0.02, 0.1)])[2]
    assert said.startswith(f"labels: {value:.0%} ({value - 0.02:.0%} to {value + 0.02:.0%}) of samples")
    assert words in said


def test_reals_that_are_all_the_same_are_said_and_no_ratio_is():
    sets = replace(sets_of(50, 4), real=torch.ones(50, 4), floor=torch.ones(50, 4))
    assert sets.same.startswith("all 100 reals that fakes are compared with are the same (to these features): no")
    assert sets_of(50, 4).same == ""
    assert [line[:11] for line in verdict([], NOTHING, sets)] == ["memorising:"]


@pytest.mark.parametrize(
    ("vendi", "words"),
    [
        (10, "collapsed"),
        (210, "differ less than reals do"),
        (330, "differ less than reals do"),  # surely: reals have 340, the interval ends at 335
        (338, "as reals do, which noise may too"),
        (600, "differ more"),
    ],
)
def test_diversity_is_judged_by_that_of_reals(vendi, words):
    assert words in lines(vendi=vendi)[2]


def test_diverse_fakes_far_from_reals_are_told():
    assert "most reals have no fake near them" in lines(vendi=338, coverage=0.2)[2]


def test_without_held_out_items_copying_cannot_be_told():
    assert lines()[3] == "memorising: cannot be told, no items are held out"


def test_what_spoils_the_numbers_is_warned_of():
    assert warnings_of(NOTHING, sets_of(50, 4), 50) == []
    assert "mostly bias" in warnings_of(NOTHING, sets_of(50, 64), 50)[0]
    assert "too few" in warnings_of(NOTHING, sets_of(50, 4, unseen=False), 50)[0]
    assert "50 of 90 trained items" in warnings_of(NOTHING, sets_of(50, 4), 90)[0]
    assert warnings_of(Copying((), True, False, {}), sets_of(50, 4), 50)[0].startswith("memorising")


def test_coverage_is_said_in_percent_with_its_counts():
    rows = [replace(one, n_fake=148, n_real=148) for one in (score("coverage", 0.04, 0.95, 0.01),)]
    rows += [score("frechet", 12.0, 3.0, 1.0, 60.0), score("vendi", 210.0, 340.0, 5)]
    said = verdict(rows, NOTHING, sets_of(50, 4))[1]
    assert "coverage 4% of 148 reals by 148 fakes, 95% by as many other reals" in said
