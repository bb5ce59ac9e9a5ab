from dataclasses import replace

from multigan.doctor import outcome
from multigan.doctor.history import Circumstances, History

FACTS = Circumstances(samples=1000, items=500)


def in_phases(run, first):
    """The same run with so many measurements in an earlier phase."""
    for row in run.rows[:first]:
        row["phase"] = "pretrain"
    return History(run.rows)


def test_few_iterations_are_too_few_in_a_run_that_is_over_and_in_one_that_was_stopped(history):
    short, stopped = Circumstances(samples=200, items=500), Circumstances(samples=5000, items=500)
    assert "the whole run is 40 iterations; below 100" in outcome.too_short(history(rows=2), short)
    assert "only 40 iterations of the run are done; below 100" in outcome.too_short(history(rows=2), stopped)
    assert outcome.too_short(history(), FACTS) is outcome.CLEAR


def test_a_last_phase_of_few_iterations_is_too_short_though_the_run_is_long(history):
    """As of a text whose game is 8 iterations after a long pre-training."""
    run = in_phases(history(), 4)
    assert outcome.phase_too_short(history(), FACTS) is outcome.CLEAR  # it has but one
    assert outcome.phase_too_short(run, replace(FACTS, samples=5000)) is outcome.CLEAR  # and may go on
    assert "the last phase is 80 iterations, measured 2 times" in outcome.phase_too_short(run, FACTS)
    assert outcome.phase_too_short(in_phases(history(), 3), FACTS) is outcome.CLEAR
    sparse = replace(FACTS, samples=run.rows[-1]["samples"], last_phase_samples=run.rows[-1]["samples"] // 8)
    steps = -(-run.rows[-1]["step"] // 8)
    assert f"the last phase is {steps} iterations" in outcome.phase_too_short(run, sparse)


def test_a_short_finish_of_a_long_fit_is_judged_by_what_was_fitted(history):
    """As of translations, whose game is a twentieth of the run."""
    run = in_phases(history(), 4)
    finish = replace(FACTS, last_phase_samples=50)
    assert outcome.phase_too_short(run, finish) is outcome.CLEAR
    assert outcome.body(run, finish).vitals == run.vitals[:4]
    assert outcome.body(run, replace(FACTS, last_phase_samples=500)) is run
    assert len(outcome.body(in_phases(history(rows=3), 2), finish).vitals) == 3  # too little was measured before it


def test_what_will_be_near_after_as_long_again_is_not_out_of_reach(history):
    slow, quick = history(distance=[9.2, 7.3, 5.3, 3.9, 3.0, 2.7]), history(distance=[2.5, 1.8, 1.2, 0.8, 0.5, 0.3])
    assert "after as long again" in outcome.out_of_reach(slow, FACTS)
    assert outcome.out_of_reach(quick, FACTS) is outcome.CLEAR
    assert outcome.out_of_reach(slow, replace(FACTS, samples=2000)) == outcome.UNTOLD


def test_the_other_generator_is_named_where_there_is_another_one(history):
    judged = {"judge_accuracy": [0.6] * 6, "judge_low": [0.5] * 6, "judge_high": [0.7] * 6}
    assert outcome.judged_last(history(**judged), FACTS).endswith("below the bar of 75%")
    near = history(**{**judged, "judge_high": [0.8] * 6, "judge_items": [245.0] * 6})
    assert "near the bar of 75%" in outcome.judged_last(near, FACTS)
    assert "245 a side were judged" in outcome.judged_last(near, FACTS)
    facts = replace(FACTS, folder="my run", other="best")
    assert outcome.judged_last(history(**judged), facts).endswith("(of the best one: multigan evaluate 'my run')")


def test_a_judge_of_trained_items_that_passes_fakes_says_that_this_tells_little(history):
    judged = {"judge_accuracy": [0.6] * 6, "judge_low": [0.5] * 6, "judge_high": [0.7] * 6, "judge_items": [245.0] * 6}
    few, many = history(**judged, judge_heldout=[0.0] * 6), history(**judged, judge_heldout=[1.0] * 6)
    assert "how good it is cannot be told" in outcome.judged_last(few, FACTS)
    assert "cannot be told" not in outcome.judged_last(many, FACTS)
    far = history(**{**judged, "judge_low": [0.8] * 6, "judge_high": [0.9] * 6}, judge_heldout=[0.0] * 6)
    assert "cannot be told" not in outcome.judged_last(far, FACTS)


def test_coverage_and_precision_are_said_with_their_counts(history):
    few = {"coverage": [0.4] * 6, "coverage_floor": [0.95] * 6, "precision": [0.1] * 6, "precision_floor": [0.9] * 6}
    run = history(**few, coverage_items=[96.0] * 6, coverage_fakes=[32.0] * 6)
    said = outcome.uncovered(run, FACTS)
    assert said == "only 40% of reals have a fake near them; as many other reals are near 95% (32 fakes, 96 reals)"
    assert outcome.strayed(run, FACTS).endswith("of as many other reals 90% do (32 fakes, 96 reals)")
