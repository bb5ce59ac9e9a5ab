"""Synthetic histories: each has one fault, or none."""

from dataclasses import replace

import pytest

from multigan.doctor import signs
from multigan.doctor.history import Circumstances, History

FACTS = Circumstances(samples=1000, items=500)
NEAR = {"coverage_floor": [0.9] * 6, "distance": [0.9, 0.4, 0.1, 0.05, 0.03, 0.01]}
LABELS = {"labels_real": [0.95] * 6, "labels_chance": [0.1] * 6}
JUDGED = {f"judge_{name}": [value] * 6 for name, value in (("accuracy", 0.97), ("low", 0.93), ("high", 0.99))}
FAR = [0.9, 0.88, 0.86, 0.87, 0.86, 0.86]


@pytest.mark.parametrize("sign", [sign for _, _, sign in signs.SIGNS])
def test_a_well_run_shows_no_sign(sign, history):
    assert not sign(history(), FACTS)


@pytest.mark.parametrize(
    ("sign", "changes", "said"),
    [
        (signs.not_finite, {"spread": [1.0] * 5 + [float("nan")]}, "vitals/spread is not finite"),
        (signs.not_finite, {"fake_finite": [1.0] * 5 + [0.75]}, "25% of the fakes"),
        (signs.ran_away, {"distance": FAR, "logits_fake": [-1.0] * 5 + [-4e4]}, "40,000"),
        (signs.ran_away, {"distance": [0.9, 0.1, 0.2, 0.4, 0.6, 0.6]}, "was 0.1 after 200 samples"),
        (signs.collapsed, {"spread": [0.5, 0.3, 0.2, 0.1, 0.1, 0.1]}, "10%"),
        (
            signs.steps_too_far,
            {"G_step": [0.9, 0.02, 0.01, 0.01, 0.01, 0.01], "distance": FAR},
            "changed G's weights by 90%",
        ),
        (signs.steps_too_far, {"G_step": [0.3, 0.3, 0.2, 0.2, 0.1, 0.01], "distance": FAR}, "20% of their size"),
        (signs.steps_too_far, {"G_step": [0.05, 0.05, 0.05, 0.04, 0.04, 0.04]}, "5% of their size"),
        (signs.collapsed, {"spread": [0.0] * 6, "variety": [0.0] * 6}, "0%"),
        (signs.collapsed, {"variety": [0.5, 0.3, 0.2, 0.1, 0.1, 0.04]}, "4% of theirs"),
        (signs.g_stands_still, {"G_moved": [0.0] * 6}, "G's weights do not move"),
        (signs.d_stands_still, {"D_moved": [0.0] * 6}, "D's weights do not move"),
        (signs.starves, {"distance": FAR, "D_accuracy": [1.0] * 6, "G_gradient": [0.05] * 5 + [1e-6]}, "2e-05"),
        (signs.undirected, {"distance": FAR, "D_accuracy": [0.5] * 6}, "only 50.0%"),
        (signs.overpowered, {"distance": FAR, "D_accuracy": [1.0] * 6}, "100.0%"),
        (signs.forgot, {"surprise": [4.0, 2.8, 2.5, 2.4, 2.8, 3.0]}, "by 2.40 after 600 samples and by 2.90 now"),
        (signs.forgot, {"surprise": [4.0, 2.8, 2.4, 2.3, 2.66, 2.66]}, "has forgotten 90% of what it knew"),
        (signs.out_of_reach, {"distance": [9.2, 7.3, 5.3, 3.9, 3.0, 2.7]}, "after as long again ("),
        (signs.unordered, {"order": [6.0, 4.0, 3.0, 2.95, 2.95, 2.95]}, "little order (0.90"),
        (signs.memorises, {"nearest": [0.1] * 6, "nearer": [0.99] * 6}, "0.10 times as far"),
        (signs.d_remembers, {"D_memory": [0.5, 0.7, 0.9, 0.9, 0.9, 0.9]}, "90%"),
        (signs.labels_tell_nothing, {"labels_real": [0.12] * 6, "labels_chance": [0.1] * 6}, "12%"),
        (signs.never_apart, {"spread": [0.1] * 5 + [0.37], "variety": [0.01] * 5 + [0.07]}, "nearly all alike"),
        (signs.few_answers, {"spread": [1.7] * 5 + [1.1], "variety": [0.06] * 6}, "a few answers repeated"),
        (
            signs.judged_far,
            JUDGED,
            "calls 97% of reals and fakes of the last generator rightly (93% to 99%), above the bar of 75%",
        ),
        (
            signs.unseen_by_distance,
            {**JUDGED, "distance": [0.9, 0.4, 0.1, 0.05, 0.03, 0.02]},
            "hardly sees why (gap 0.0",
        ),
        (signs.uncovered_beside, {**NEAR, "coverage": [0.1] * 4 + [0.2, 0.2]}, "hardly sees why (gap 0.0"),
        (signs.strayed, {"precision": [0.1] * 5 + [0.3], "precision_floor": [0.9] * 6}, "only 30% of fakes lie among"),
        (signs.uncovered, {"coverage": [0.1] * 5 + [0.4], "coverage_floor": [0.9] * 6}, "only 40% of reals"),
        (
            signs.seen_by_both,
            {**JUDGED, "distance": [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]},
            "the distance is wide too (gap",
        ),
        (signs.faint, {"strength": [2.0, 0.5, 0.1, 0.05, 0.02, 0.001]}, "vary by 0.001 of what reals do or less"),
        (signs.disobeyed, {**LABELS, "labels_fake": [0.1, 0.2, 0.3, 0.3, 0.3, 0.31]}, "asked for in 31% of cases"),
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
        (signs.ran_away, {"distance": [0.9, 0.6, 0.3, 0.2, 0.1, 0.8]}),  # once, at the end
        (signs.ran_away, {"distance": [0.9, 0.1, 0.2, 0.4, 0.6, 0.6], "spread": [0.0] * 6}),  # one answer: collapsed
        (signs.forgot, {"surprise": [4.0, 2.8, 2.7, 2.68, 2.8, 3.0]}),  # never knew more than shares: nothing to forget
        (signs.uncovered, {"coverage": [0.5] * 6, "coverage_floor": [0.9] * 6, "heldout_items": [90.0] * 6}),  # noise
        (signs.strayed, {"precision": [0.37] * 6, "precision_floor": [0.9] * 6, "heldout_items": [90.0] * 6}),  # noise
        (signs.strayed, {"precision": [0.5] * 6, "precision_floor": [0.9] * 6}),
        (signs.strayed, {"precision": [0.2] * 6, "precision_floor": [0.3] * 6}),  # of these few reals lie among reals
        (
            signs.forgot,  # what came after the third measurement was learnt by heart
            {"surprise": [4.0, 2.8, 2.5, 0.5, 2.6, 2.6], "surprise_unseen": [4.0, 2.9, 2.7, 3.0, 2.8, 2.8]},
        ),
        (signs.forgot, {"surprise": [4.0, 2.8, 2.5, 2.3, 2.54, 2.56]}),  # knows less than it did, yet most of it
        (
            signs.d_remembers,
            {"D_memory": [0.9] * 6, "distance": [0.9, 0.8, 0.6, 0.4, 0.3, 0.2]},
        ),  # yet nearer to unseen
        (signs.unordered, {"order": [6.0, 5.0, 4.0, 3.5, 3.2, 2.95]}),  # on its way
        (signs.unordered, {"order": [6.0, 3.0, 2.4, 2.3, 2.3, 2.3]}),  # likelier than reals is not without order
        (signs.memorises, {"nearest": [0.9] * 6, "nearer": [0.6] * 6}),
        (signs.never_apart, {"spread": [0.1] * 5 + [0.6], "variety": [0.01] * 5 + [0.2]}),
        (signs.few_answers, {"spread": [1.7] * 5 + [1.1], "variety": [0.06] * 5 + [0.1]}),
        (signs.ran_away, {"distance": [3.0, 2.4, 2.5, 2.6, 2.7, 2.75]}),  # far all the time: a little farther is noise
        (signs.judged_far, {**JUDGED, "judge_low": [0.74] * 6}),
        (signs.unseen_by_distance, {**JUDGED, "distance": [0.9, 0.4, 0.2, 0.1, 0.08, 0.07]}),
        (signs.seen_by_both, {**JUDGED, "distance": [0.9, 0.4, 0.2, 0.1, 0.08, 0.07]}),
        (signs.faint, {"strength": [0.001, 0.01, 0.1, 0.1, 0.1, 0.1]}),  # softer than reals, and heard
        (signs.disobeyed, {**LABELS, "labels_fake": [0.1, 0.3, 0.4, 0.5, 0.5, 0.48]}),  # half-way, but for the noise
        (signs.disobeyed, {**LABELS, "labels_fake": [0.1, 0.1, 0.1, 0.15, 0.2, 0.35]}),  # just learning them
        (signs.disobeyed, {**LABELS, "labels_real": [0.15] * 6, "labels_fake": [0.1] * 6}),  # reals hardly show them
        (signs.uncovered_beside, {**NEAR, "coverage": [0.1] * 4 + [0.1, 0.3]}),  # rising
        (signs.uncovered_beside, {**NEAR, "coverage": [0.1] * 6, "distance": [0.9, 0.6, 0.3, 0.15, 0.08, 0.05]}),
        (signs.uncovered, {"coverage": [0.6] * 6, "coverage_floor": [0.9] * 6}),
        (signs.out_of_reach, {"distance": [2.5, 1.8, 1.2, 0.8, 0.5, 0.3]}),  # far, and there after as long again
        (signs.out_of_reach, {"distance": [0.9, 0.5, 0.2, 0.07, 0.07, 0.07]}),  # falls no more, and is near
        (signs.labels_tell_nothing, {"labels_real": [0.9] * 6, "labels_chance": [0.1] * 6}),
        (signs.gains, {"distance": [0.9, 0.5, 0.1, 0.009, 0.005, 0.001]}),  # below the floor already
    ],
)
def test_what_looks_like_a_fault_and_is_none(sign, changes, history):
    assert sign(history(**changes), FACTS) is None


def test_a_young_run_is_not_judged(history):
    young = history(rows=2, spread=[0.01] * 6, D_accuracy=[1.0] * 6)
    assert not any(sign(young, FACTS) for sign in (signs.collapsed, signs.overpowered, signs.starves, signs.ran_away))
    assert "measured 2 times only" in signs.gains(history(rows=2), FACTS)
    assert "measured 1 time only" in signs.gains(History(history().rows[5:]), FACTS)
    assert "too early" in signs.gains(history(rows=1), FACTS)


def test_what_no_modality_measures_is_no_sign(history):
    plain = history()
    for row in plain.rows:
        for name in ("order", "order_floor", "order_trivial", "surprise", "surprise_trivial"):
            del row[f"vitals/{name}"]
    assert signs.forgot(plain, FACTS) == signs.UNTOLD
    assert signs.unordered(plain, FACTS) == signs.UNTOLD
    assert not signs.raised(plain, FACTS)


def in_phases(run, *phases):
    """The same run with the first measurements in earlier phases."""
    for row, phase in zip(run.rows, phases, strict=False):
        row["phase"] = phase
    return History(run.rows)


COPIES = {"nearest": [5.0, 1.0, 0.1, 0.0, 0.0, 0.0], "nearer": [0.0, 0.5, 0.9, 1.0, 1.0, 1.0]}
PRETRAINED = ["pretrain"] * 4


def test_what_fakes_are_is_told_in_a_young_phase_too(history):
    """As where pre-training learnt the items by heart and the game after it was measured twice."""
    names = [name for name, _, _ in signs.raised(in_phases(history(**COPIES), *PRETRAINED), FACTS)]
    assert names == ["memorising", "too short to say", "still improving"]
    copies = {name: [*values[:5], well] for (name, values), well in zip(COPIES.items(), (1.2, 0.4), strict=True)}
    cleared = signs.raised(in_phases(history(**copies), *PRETRAINED), FACTS)
    assert [name for name, _, _ in cleared] == ["too short to say", "still improving"]


def long(run):
    """The same run in five times as many iterations."""
    return History([{**row, "step": 5 * row["step"]} for row in run.rows])


def test_a_sign_of_the_game_stands_until_the_next_phase_can_tell(history):
    certain = {"distance": FAR, "D_accuracy": [1.0] * 6}
    (name, key, said), *_ = signs.raised(in_phases(long(history(**certain)), *PRETRAINED), FACTS)
    assert (name, key) == ("D overpowers", "overpowered")
    assert "after 600 samples; too little was measured since" in said
    again = signs.raised(in_phases(long(history(**certain)), *PRETRAINED, "a second"), FACTS)
    assert again[0][2].count("too little was measured since") == 1
    certain["D_accuracy"] = [1.0, 1.0, 1.0, 0.95, 0.95, 0.95]
    certain["distance"] = [0.9, 0.88, 0.86, 0.2, 0.06, 0.055]
    assert not signs.raised(in_phases(long(history(**certain)), *["pretrain"] * 3), FACTS)


def test_what_was_learned_in_an_earlier_phase_can_be_forgotten(history):
    """As after pre-training: the best is of the first phase, the values that count are of the last."""
    run = history(surprise=[4.0, 2.4, 2.3, 3.0, 3.0, 3.0])
    for row in run.rows[:3]:
        row["phase"] = "pretrain"
    assert "by 2.30 after 400 samples and by 3.00 now" in signs.forgot(History(run.rows), FACTS)


def test_before_the_game_no_order_is_no_fault_of_d(history):
    run = history(order=[6.0, 4.0, 3.0, 2.95, 2.95, 2.95])
    for row in run.rows:
        del row["vitals/D_accuracy"]
    assert signs.unordered(run, FACTS) == signs.UNTOLD


def test_a_change_of_order_within_its_noise_is_none(history):
    order = [6.0, 4.0, 3.0, 2.95, 2.95, 2.9]
    assert signs.unordered(history(order=order), FACTS) is None
    assert "0.85" in signs.unordered(history(order=order, order_floor_deviation=[0.06] * 6), FACTS)


def test_items_that_are_all_the_same(history):
    said = signs.same_items(history(reals_same=[1.0] * 6, items=[468.0] * 6), FACTS)
    assert said.startswith("all 468 items are the same")
    assert "all 1,024 items that were looked at" in signs.same_items(
        history(reals_same=[1.0] * 6, items=[4000.0] * 6), FACTS
    )


def test_large_steps_at_the_beginning_of_a_likelihood_that_get_smaller_are_no_fault(history):
    """As of `text/surnames` that is stopped in its pretraining: it had been called diverged, though near reals."""
    changes = {"G_step": [0.05, 0.05, 0.05, 0.045, 0.04, 0.035], "surprise": [4.0, 2.6, 2.4, 2.3, 2.25, 2.2]}

    def likelihood(**others):
        run = history(**{**changes, **others})
        for row in run.rows:
            row.pop("vitals/D_accuracy")
        return run

    assert not signs.steps_too_far(likelihood(), FACTS)
    assert "of their size" in signs.steps_too_far(history(**changes), FACTS)  # a game
    assert "of their size" in signs.steps_too_far(likelihood(G_step=[0.05] * 5 + [0.06]), FACTS)
    assert "of their size" in signs.steps_too_far(likelihood(surprise=[4.0, 2.6, 2.4, 2.3, 2.2, 2.4]), FACTS)
    assert "of their size" in signs.steps_too_far(likelihood(surprise=[9.0, 8.0, 7.0, 6.0, 5.0, 4.0]), FACTS)
    assert "of their size" in signs.steps_too_far(likelihood(distance=FAR), FACTS)


def test_few_items_seen_often(history):
    assert "8 items" in signs.too_few_items(history(), Circumstances(samples=1000, items=8))
    assert signs.too_few_items(history(), Circumstances(samples=1000, items=63)) is None  # 16 epochs
    assert signs.too_few_items(history(), Circumstances(samples=1000, items=0)) is None


def test_a_failure_is_repeated_as_it_was(history):
    assert signs.not_finite(history(), Circumstances(failure="loss/D is not finite")) == "loss/D is not finite"


def test_before_its_end_no_run_is_out_of_reach_and_none_is_said_to_have_never_come_apart(history):
    facts, alike = Circumstances(samples=5000, items=500), {"spread": [0.1] * 6, "variety": [0.01] * 6}
    assert signs.out_of_reach(history(distance=FAR), facts) == signs.UNTOLD
    assert signs.never_apart(history(**alike), facts) == signs.UNTOLD
    assert signs.few_answers(history(**{**alike, "spread": [0.9] * 6}), facts) == signs.UNTOLD


def test_what_an_evaluation_said_against_it_stands(history):
    facts = Circumstances(samples=1000, items=500, judged="still far: coverage 0.20 of real 0.90")
    assert signs.judged_far(history(), facts) == facts.judged


def test_a_judge_of_an_earlier_end_no_longer_counts(history):
    run = history(**JUDGED)
    for name in ("accuracy", "low", "high"):
        del run.vitals[-1][f"vitals/judge_{name}"]
    assert signs.judged_far(run, FACTS) == signs.UNTOLD


def test_a_run_that_was_stopped_just_after_a_measurement_has_not_ceased_to_gain(history):
    changes = {"D_memory": [0.9] * 6, "distance": [0.9, 0.8, 0.6, 0.4, 0.3, 0.295]}
    stopped = history(**changes)
    stopped.rows[-1]["samples"] = stopped.rows[-2]["samples"] + 8
    facts = Circumstances(samples=3000, items=500)
    assert stopped.gain(0.25) > signs.GAINING
    assert signs.d_remembers(stopped, facts) is None
    assert "90%" in signs.d_remembers(history(**{**changes, "distance": [0.9, 0.4, 0.3, 0.3, 0.3, 0.3]}), facts)


@pytest.mark.parametrize("rows", range(3, 22))
@pytest.mark.parametrize("share", [0.25, 0.5])
def test_of_a_run_that_was_measured_evenly_shares_are_of_measurements(rows, share):
    values = [1 / (k + 1) for k in range(rows)]
    run = [{"step": k, "samples": 80 * k, "phase": "a", "vitals/distance": v} for k, v in enumerate(values)]
    begin = values[min(rows - 2, round((1 - share) * (rows - 1)))]
    assert History(run).gain(share) == pytest.approx((begin - values[-1]) / begin)


def test_d_may_be_ahead_in_its_first_iterations(history):
    rows = [{**row, "step": row["step"] // 10} for row in history(distance=FAR, D_accuracy=[1.0] * 6).rows]
    assert signs.overpowered(history(distance=FAR, D_accuracy=[1.0] * 6), FACTS)
    assert not signs.overpowered(History(rows), FACTS)


def test_a_run_that_was_stopped_before_reals_were_reached_is_not_well(history):
    told = history(distance=[0.9, 0.3, 0.06, 0.05, 0.05, 0.05])
    assert "gap" not in (signs.gains(told, FACTS) or "")
    longer = Circumstances(samples=3000, items=500)
    assert "and reals are not reached (gap 0.1" in signs.gains(told, longer)
    near = history(distance=[0.9, 0.1, 0.03, 0.01, 0.01, 0.01])
    assert signs.gains(near, longer) == signs.CLEAR


def test_a_change_within_noise_is_no_pace(history):
    still = history(distance=[0.9, 0.8, 0.8, 0.8, 0.8, 0.8])
    assert "in the last quarter nothing changed" in signs.out_of_reach(still, FACTS)


GLANCE = {**JUDGED, "judge_fast": [1.0] * 6}


def test_numbers_alone_make_far_what_falls_yet_and_nothing_healthy(history):
    falling = {"distance": [0.9, 0.6, 0.3, 0.15, 0.08, 0.05]}
    said = signs.far_at_a_glance(history(**GLANCE, **falling), FACTS)
    assert "a fast look: regressions of numbers call 97% of reals and fakes" in said
    assert "the judge's net was left out for lack of time" in said
    assert signs.raised(history(**GLANCE, **falling), FACTS)[0][:2] == ("still far", "glance-far")
    assert signs.raised(history(**JUDGED, **falling), FACTS)[0][:2] == ("still improving", "gains")
    unsure = {**GLANCE, "judge_low": [0.6] * 6}
    assert signs.far_at_a_glance(history(**unsure), FACTS) is signs.CLEAR
    said = signs.glanced(history(**unsure), FACTS)
    assert "what it would see is not known, and multigan evaluate RUN looks in full" in said
    looked = Circumstances(samples=1000, items=500, evaluated=True)
    assert signs.glanced(history(**unsure), looked) == signs.UNTOLD
    confirmed = replace(FACTS, judged="an evaluation tells 100 % apart", evaluated=True)
    found = signs.raised(history(**GLANCE, **falling), confirmed)
    assert found[0] == ("still far", "glance-far", confirmed.judged), "what an evaluation confirms is no milder by it"
    assert signs.glanced(history(**unsure), Circumstances(samples=5000, items=500)) == signs.UNTOLD


def test_fakes_much_alike_are_named_where_numbers_alone_tell_them_apart(history):
    alike = {"variety": [0.26] * 6, "spread": [0.7] * 6}
    assert "much alike: they differ 70% as much" in signs.alike_and_far(history(**GLANCE, **alike), FACTS)
    assert signs.alike_and_far(history(**GLANCE), FACTS) is signs.CLEAR
    assert not signs.alike_and_far(history(**alike), FACTS)


def test_fakes_that_never_came_apart_are_named_where_the_start_and_the_end_were_measured_alone(history):
    alike = history(rows=2, spread=[0.1, 0.2], variety=[0.01, 0.02])
    facts = Circumstances(samples=alike.rows[-1]["samples"], items=500)
    assert "nearly all alike" in signs.never_apart(alike, facts)
    few = history(rows=2, spread=[0.9, 0.9], variety=[0.01, 0.02])
    assert "a few answers" in signs.few_answers(few, facts)
    assert signs.never_apart(history(rows=1, spread=[0.1], variety=[0.01]), Circumstances(samples=1)) == signs.UNTOLD
