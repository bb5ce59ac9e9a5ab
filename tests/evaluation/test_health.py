import pytest

from multigan.evaluation.fresh import Fresh
from multigan.evaluation.health import health_of
from multigan.evaluation.score import Score

UNTOLD = Fresh(None, False, "40 reals a side: a judge needs 60", {})


def judge(accuracy, far=False):
    half = 0.03
    ends = {"low": accuracy - half, "high": accuracy + half, "floor": 0.5, "n_real": 184}
    score = Score("judge", "", "similarity", accuracy, "near floor", **ends)
    return Fresh(score, far, "", {}, "fakes of the best generator", "of the last one: --which last")


def scores(precision=0.9, coverage=0.9, vendi=9.0):
    rows = {"precision": (precision, 0.95), "coverage": (coverage, 0.95), "vendi": (vendi, 10.0)}
    return [
        Score(key, key, "quality", value, "near floor", value - 0.05, value + 0.05, floor=floor, n_fake=184, n_real=184)
        for key, (value, floor) in rows.items()
    ]


@pytest.mark.parametrize(
    ("name", "fresh", "changes", "options"),
    [
        ("healthy", judge(0.6), {}, {}),
        ("healthy", judge(0.74), {}, {}),
        ("undecided", judge(0.77), {}, {}),
        ("undecided", judge(0.77), {}, {"unsure": "scores compare with trained items"}),
        ("still far", judge(0.77), {"coverage": 0.5}, {}),
        ("still far", judge(0.9, far=True), {}, {}),
        ("still far", judge(0.6), {"precision": 0.5}, {}),
        ("still far", judge(0.6), {"coverage": 0.5}, {}),
        ("collapsed", judge(0.9, far=True), {"vendi": 1.5}, {}),
        ("memorising", judge(0.6), {}, {"memorising": "the fakes are copies"}),
        ("too short to say", judge(0.9, far=True), {}, {"batches": 20.0}),
        ("too short to say", judge(0.9, far=True), {"vendi": 1.5}, {"batches": 20.0}),
        ("too short to say", judge(0.9, far=True), {"vendi": 1.5}, {"batches": 320.0, "samples": 320}),
        ("cannot be told", UNTOLD, {}, {}),
        ("still far", UNTOLD, {"coverage": 0.2}, {}),
        ("cannot be told", judge(0.6), {}, {"unsure": "scores compare with trained items"}),
        ("still far", judge(0.9, far=True), {}, {"unsure": "scores compare with trained items"}),
    ],
)
def test_healthy_needs_the_judge_and_the_neighbours(name, fresh, changes, options):
    found = health_of(scores(**changes), fresh, **{"memorising": "", "batches": 5000.0, **options})
    assert found.name == name
    assert found.line().startswith(f"{name}: ")


def test_near_the_bar_is_said_with_what_would_settle_it():
    why = health_of(scores(), judge(0.76), memorising="", batches=None).why[0]
    assert "near the bar of 75%, which lies in the interval: more items would settle it (184 a side" in why


def test_of_reals_that_are_all_the_same_the_judge_alone_says_something():
    options = {"memorising": "", "batches": None, "same": "all reals are the same"}
    alike = scores(vendi=1.0, precision=0.0)
    assert health_of(alike, UNTOLD, **options).name == "cannot be told"
    assert health_of(alike, judge(0.6), **options).why[0] == "all reals are the same"
    assert health_of(alike, judge(0.9, far=True), **options).name == "still far"


def test_how_far_is_said():
    found = health_of(scores(coverage=0.5), judge(0.9, far=True), memorising="", batches=None)
    assert found.why == (
        "a fresh judge calls 90% of reals and fakes of the best generator rightly (87% to 93%; 184 a side; reals "
        "against reals 50%), above the bar of 75% (of the last one: --which last)",
        "coverage 50%, other reals 95% (184 fakes, 184 reals)",
    )


@pytest.mark.parametrize("changes", [{"vendi": 3.0}, {"spread": 0.3}])
def test_fakes_that_are_told_apart_and_much_alike_are_called_so(changes):
    rows = scores(**{key: value for key, value in changes.items() if key == "vendi"})
    spread = changes.get("spread", 1.0)
    far = health_of(rows, judge(0.9, far=True), memorising="", batches=None, spread=spread)
    assert far.name == "still far"
    assert far.why[-1].startswith("fakes are much alike: they differ ")
    passed = health_of(rows, judge(0.6), memorising="", batches=None, spread=spread)
    assert "alike" not in passed.line()


def test_sounds_that_clip_are_still_far_and_clipped_reals_are_no_alarm():
    tops = Score("flat_tops", "", "health", 0.2, "near floor", floor=0.0)
    clean, own = (Score("near_peaks", "", "health", 0.3, "near floor", floor=floor) for floor in (0.05, 0.25))
    found = health_of([*scores(), tops, clean], judge(0.6), memorising="", batches=None)
    assert found.name == "still far"
    assert any(why.startswith("fakes clip: 20.0%") for why in found.why)
    assert health_of([*scores(), tops, own], judge(0.6), memorising="", batches=None).name == "healthy"
