import pytest

from multigan.evaluation.paired_health import health_of_pairs
from multigan.evaluation.score import Score

NEARER, NO_NEARER = "better than what needs no training", "no better than what needs no training"


def judged(score, rivals, *, batches=500.0, samples=8000.0, unseen=True):
    table = {name: {"x": {"value": value}} for name, value in rivals.items()}
    return health_of_pairs([score], table, batches=batches, samples=samples, unseen=unseen)


def score(value, low, high, better="higher", n=100):
    return Score("x", "chrF", "similarity", value, better, low, high, n_real=n)


@pytest.mark.parametrize(
    ("own", "rivals", "name"),
    [
        (score(40, 35, 45), {"the input": 0.0, "a copy": 27.0}, NEARER),
        (score(40, 25, 45), {"the input": 0.0, "a copy": 27.0}, NO_NEARER),
        (score(0.1, 0.05, 0.15, "lower"), {"the input": 0.2}, NEARER),
        (score(0.1, 0.05, 0.15, "lower"), {"the input": 0.12}, NO_NEARER),
        (score(40, None, None), {"the input": 0.0}, NEARER),
        (score(40, 35, 45), {}, "cannot be told"),
        (score(40, 35, 45, n=20), {"the input": 0.0}, "cannot be told"),
    ],
)
def test_outputs_are_surely_nearer_or_not(own, rivals, name):
    found = judged(own, rivals)
    assert found.name == name
    assert found.why[-1] == "their targets judge the outputs, no fresh judge does"


def test_what_is_too_short_or_not_unseen_is_said_first():
    own, rivals = score(40, 35, 45), {"the input": 0.0}
    assert judged(own, rivals, batches=20.0).name == "too short to say"
    assert judged(own, rivals, batches=None, samples=None).name == NEARER
    assert judged(own, rivals, unseen=False).why[0] == "no pair is held out"
    told = judged(score(40, 25, 45), {"the input": 0.0, "a copy": 27.0}).why[0]
    assert told == "chrF 40 (25 to 45), beside 0 of the input and 27 of a copy: not surely better than a copy"


def test_shares_are_told_in_percent_as_the_table_has_them():
    exact = Score("x", "exact match", "similarity", 0.97, "higher", 0.963, 1.0, n_real=100, unit="%")
    assert judged(exact, {"the input": 0.02}).why[0] == "exact match 97% (96.3% to 100%), beside 2% of the input"
