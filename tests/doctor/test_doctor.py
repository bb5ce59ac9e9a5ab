import json
from dataclasses import replace

import pytest

from multigan.doctor.doctor import SICK, VERDICTS, diagnose
from multigan.doctor.history import Circumstances
from multigan.doctor.signs import SIGNS

FACTS = Circumstances(samples=1000, items=500)
FAR = [0.9, 0.88, 0.86, 0.87, 0.86, 0.86]


def test_all_verdicts_are_known():
    assert set(VERDICTS) == {
        "healthy",
        "undecided",
        "still improving",
        "D overpowers",
        "G starves",
        "collapsed",
        "diverged",
        "memorising",
        "data-limited",
        "still far",
        "too short to say",
    }
    assert set(VERDICTS) - SICK == {"healthy", "undecided", "still improving", "too short to say"}


@pytest.mark.parametrize(
    ("verdict", "changes"),
    [
        ("healthy", {}),
        ("still improving", {"distance": [0.9, 0.6, 0.4, 0.3, 0.2, 0.1]}),
        ("diverged", {"distance": [0.9, 0.1, 0.2, 0.4, 0.6, 0.6]}),
        ("collapsed", {"spread": [0.5, 0.4, 0.1, 0.1, 0.1, 0.1]}),
        ("G starves", {"D_moved": [0.0] * 6, "spread": [0.5, 0.4, 0.1, 0.1, 0.1, 0.1]}),
        ("D overpowers", {"distance": FAR, "D_accuracy": [1.0] * 6}),
        ("diverged", {"surprise": [4.0, 2.8, 2.5, 2.4, 2.8, 3.0]}),
        ("diverged", {"surprise": [4.0, 2.8, 2.5, 2.4, 2.8, 3.0], "order": [6.0, 4.0, 3.0, 2.95, 2.95, 2.95]}),
        ("G starves", {"order": [6.0, 4.0, 3.0, 2.95, 2.95, 2.95]}),
        ("memorising", {"nearest": [0.1] * 6, "nearer": [0.99] * 6, "D_memory": [0.9] * 6}),
        ("data-limited", {"D_memory": [0.9] * 6}),
        ("still far", {"judge_accuracy": [0.97] * 6, "judge_low": [0.93] * 6, "judge_high": [0.99] * 6}),
        ("healthy", {"judge_accuracy": [0.6] * 6, "judge_low": [0.55] * 6, "judge_high": [0.65] * 6}),
        ("undecided", {"judge_accuracy": [0.8] * 6, "judge_low": [0.73] * 6, "judge_high": [0.85] * 6}),
        ("healthy", {"judge_accuracy": [0.74] * 6, "judge_low": [0.67] * 6, "judge_high": [0.8] * 6}),
    ],
)
def test_the_gravest_sign_names_the_run(verdict, changes, history):
    assert diagnose(history(**changes).rows, FACTS).name == verdict


def test_other_signs_are_evidence_too(history):
    verdict = diagnose(history(nearest=[0.1] * 6, nearer=[0.99] * 6, D_memory=[0.9] * 6).rows, FACTS)
    assert "times as far" in verdict.evidence[0]
    assert "prefers a trained item" in verdict.evidence[1]
    assert "distance of fakes to held-out reals 0.055" in " ".join(verdict.evidence)


def test_a_verdict_is_plain_json_and_lines(history):
    verdict = diagnose(history().rows, FACTS)
    assert json.loads(json.dumps(verdict.to_json()))["name"] == "healthy"
    assert verdict.lines()[0] == "verdict: healthy"
    assert verdict.command in verdict.lines()[-1]
    assert verdict.numbers["vitals/distance"] == 0.055


def test_nothing_measured_is_too_early():
    assert diagnose([], Circumstances()).name == "too short to say"
    assert diagnose([], Circumstances(failure="loss/G is not finite")).name == "diverged"


def test_gravity_orders_the_sick_and_ignores_the_well(history):
    assert diagnose(history().rows, FACTS).gravity == 0
    assert diagnose(history(distance=[0.9, 0.6, 0.4, 0.3, 0.2, 0.1]).rows, FACTS).gravity == 0
    worse = diagnose(history(spread=[0.5, 0.4, 0.1, 0.1, 0.1, 0.1]).rows, FACTS).gravity
    assert worse > diagnose(history(D_memory=[0.9] * 6).rows, FACTS).gravity > 0


def test_without_held_out_items_nobody_speaks_of_them(history):
    copies = {"nearest": [0.1] * 6, "nearer": [0.99] * 6}
    said = " ".join(diagnose(history(**copies, heldout_items=[0.0] * 6).rows, FACTS).lines())
    assert "unseen" not in said
    assert "held-out" not in said
    assert "0.10 times as far as trained items are to each other" in said
    assert "held-out" in " ".join(diagnose(history(**copies).rows, FACTS).lines())


def test_the_last_word_is_memorising_where_the_numbers_say_so(history):
    """Pre-training learnt the items by heart; of the phase after it there is one measurement."""
    rows = history(nearest=[5.0] + [0.0] * 5, nearer=[0.0] + [1.0] * 5).rows
    for row in rows[:5]:
        row["phase"] = "pretrain"
    verdict = diagnose(rows, FACTS)
    assert verdict.name == "memorising"
    assert verdict.gravity > 0


def test_a_verdict_names_its_signs_by_keys_in_the_order_of_its_evidence(history):
    verdict = diagnose(history(nearest=[0.1] * 6, nearer=[0.99] * 6, D_memory=[0.9] * 6).rows, FACTS)
    assert verdict.to_json()["signs"] == ("memorises", "D-remembers")
    assert len({key for _, key, _ in SIGNS}) == len(SIGNS)
    assert diagnose(history().rows, FACTS).signs == ()


def test_a_remedy_goes_by_the_key_of_a_sign_that_exists(history):
    still = diagnose(history(D_moved=[0.0] * 6).rows, FACTS)
    assert still.signs[0] == "D-still"
    assert "let D learn" in still.why
    aimless = diagnose(history(distance=FAR, D_accuracy=[0.5] * 6).rows, FACTS)
    assert aimless.signs[0] == "undirected"
    assert "more turns" in aimless.why
    unlabelled = diagnose(history(labels_real=[0.12] * 6, labels_chance=[0.1] * 6).rows, FACTS)
    assert unlabelled.signs[0] == "labels"
    assert "without labels" in unlabelled.why


def test_a_judge_is_quoted_once_and_its_absence_is_said(history):
    far = {"judge_accuracy": [0.97] * 6, "judge_low": [0.93] * 6, "judge_high": [0.99] * 6}
    blind = {**far, "distance": [0.9, 0.4, 0.1, 0.05, 0.03, 0.01]}
    falling = {**far, "distance": [0.9, 0.6, 0.3, 0.15, 0.08, 0.05]}
    wide = {**far, "distance": [0.9, 0.8, 0.7, 0.5, 0.4, 0.3]}
    said = [diagnose(history(**changes).rows, FACTS) for changes in (far, blind, falling, wide)]
    assert [one.name for one in said] == ["still far", "still far", "still improving", "still far"]
    assert [" ".join(one.evidence).count("a fresh judge calls 97%") for one in said] == [1, 1, 1, 1]
    assert "no fresh judge looked" in " ".join(diagnose(history().rows, FACTS).evidence)
    few = " ".join(diagnose(history(heldout_items=[0.0] * 6).rows, replace(FACTS, items=56)).evidence)
    assert "(64 items are needed)" in few
    apart = " ".join(diagnose(history().rows, replace(FACTS, apart=True)).evidence)
    assert "no output has a target" in apart
    assert "evaluate" not in apart


def test_a_run_of_before_on_items_that_are_all_the_same_is_data_limited_without_a_distance(history):
    nothing = {"distance": [4e13] * 6, "distance_floor": [0.0] * 6, "distance_trivial": [0.0] * 6}
    verdict = diagnose(history(**nothing, spread=[1e12] * 6, nearest=[1e12] * 6).rows, FACTS)
    assert (verdict.name, verdict.signs[0]) == ("data-limited", "same-items")
    assert "all 500 items are the same" in verdict.evidence[0]
    assert not any("distance of fakes" in line or "spread" in line for line in verdict.lines())
    assert verdict.command.endswith("--set 'data.source=\"PATH\"'")


def test_the_judge_is_heard_once_where_there_is_no_distance(history):
    judged = {"judge_accuracy": [0.97] * 6, "judge_low": [0.93] * 6, "judge_high": [0.99] * 6, "reals_same": [1.0] * 6}
    run = history(**judged)
    for row in run.rows:
        for name in ("distance", "distance_floor", "distance_trivial"):
            row.pop(f"vitals/{name}", None)
    found = diagnose(run.rows, Circumstances(samples=1000, items=500))
    assert sum("a fresh judge calls" in line for line in found.evidence) == 1


def test_a_fast_look_is_quoted_once_and_heals_nothing(history):
    fast = {"judge_accuracy": [0.97] * 6, "judge_low": [0.93] * 6, "judge_high": [0.99] * 6, "judge_fast": [1.0] * 6}
    wide, falling = {"distance": [0.9, 0.8, 0.7, 0.5, 0.4, 0.3]}, {"distance": [0.9, 0.6, 0.3, 0.15, 0.08, 0.05]}
    said = [diagnose(history(**fast, **changes).rows, FACTS) for changes in ({}, wide, falling)]
    assert [one.name for one in said] == ["still far"] * 3
    assert [" ".join(one.evidence).count("a fast look") for one in said] == [1, 1, 1]
    unsure = {**fast, "judge_accuracy": [0.6] * 6, "judge_low": [0.5] * 6, "judge_high": [0.7] * 6}
    verdict = diagnose(history(**unsure).rows, FACTS)
    assert (verdict.name, verdict.signs) == ("too short to say", ("glanced",))
    assert verdict.command == "multigan evaluate RUN"
    assert " ".join(verdict.evidence).count("a fast look") == 1
    assert diagnose(history(**unsure, **falling).rows, FACTS).name == "still improving"
    assert diagnose(history(**unsure).rows, replace(FACTS, evaluated=True)).name == "healthy"


def test_a_verdict_says_once_how_far_reals_are_and_how_much_fakes_are_alike(history):
    judged = {"judge_accuracy": [0.99] * 6, "judge_low": [0.9] * 6, "judge_high": [1.0] * 6, "judge_fast": [1.0] * 6}
    alike = {"spread": [0.1] * 6, "variety": [0.01] * 6}
    run = history(distance=[9.2, 9.1, 9.0, 9.0, 8.9, 8.9], **judged, **alike)
    told = diagnose(run.rows, Circumstances(samples=run.rows[-1]["samples"], items=500)).evidence
    assert any("(gap " in line and "last quarter" in line for line in told)
    assert ["gap" in line for line in told if "regressions" in line] == [False]
    assert sum("alike" in line or "differ" in line for line in told) == 1


def test_batches_of_one_do_not_make_a_run_long_enough(history):
    alike = history(spread=[0.1] * 6, variety=[0.01] * 6)
    for row in alike.rows:
        row["samples"] = row["step"]
    facts = Circumstances(samples=alike.rows[-1]["samples"], items=500)
    assert alike.rows[-1]["step"] >= 100
    assert diagnose(alike.rows, facts).name == "too short to say"


def test_sentences_on_few_items_are_short_and_a_line_each(history):
    facts = Circumstances(samples=5000, items=100, folder="r", augments=True)
    run = history(distance=[0.9, 0.6, 0.4, 0.3, 0.2, 0.1], D_memory=[0.7] * 6)
    for row in run.rows:
        row["samples"] *= 5
    said = diagnose(run.rows, facts)
    assert said.name == "still improving"
    *_, third, second, first, command = said.lines()
    assert command == "    multigan train --resume r --samples 10000"
    assert first == "  go on, for as long again:"
    assert second.startswith("  Or show D more of those there are: --set ")
    assert third == "  More items would help."
    assert max(len(line.split()) for line in said.lines()) < 40


def test_nearly_says_who_settles_it_and_an_evaluation_has_the_last_word(history):
    run = history(judge_accuracy=[0.8] * 6, judge_low=[0.73] * 6, judge_high=[0.85] * 6, judge_items=[147.0] * 6)
    said = diagnose(run.rows, FACTS)
    assert (said.name, said.signs, said.gravity) == ("undecided", ("undecided",), 0)
    assert said.command == "multigan evaluate RUN"
    assert sum("a fresh judge calls 80%" in line for line in said.evidence) == 1
    passed, near = replace(FACTS, evaluated=True), replace(FACTS, evaluated=True, undecided="a judge calls 77% rightly")
    assert diagnose(run.rows, passed).name == "healthy"
    again = diagnose(history().rows, near)
    assert (again.name, again.evidence[0]) == ("undecided", "a judge calls 77% rightly")
    assert again.command.startswith("multigan train --resume RUN --samples 2000")
    assert diagnose(run.rows, replace(FACTS, evaluated=True, judged="a judge calls 85%")).name == "still far"
    fast = history(judge_accuracy=[0.8] * 6, judge_low=[0.73] * 6, judge_high=[0.85] * 6, judge_fast=[1.0] * 6)
    assert diagnose(fast.rows, FACTS).signs == ("glanced",)


@pytest.mark.parametrize(
    ("nearest", "meant"), [(0.4, "near 0 = copies"), (1.1, "no copies"), (13.7, "so far from all")]
)
def test_how_near_trained_items_are_is_said_with_what_it_means(nearest, meant, history):
    (said,) = [one for one in diagnose(history(nearest=[nearest] * 6).rows, FACTS).evidence if "nearest trained" in one]
    assert f"a fake's nearest trained item is {nearest:.2f} times as far as for unseen reals (" in said
    assert meant in said


def test_sounds_that_clip_are_named_with_what_to_do_and_clipped_reals_are_no_alarm(history):
    said = diagnose(history(clipped=[0.01] * 5 + [0.2], clipped_floor=[0.0] * 6).rows, FACTS)
    assert (said.name, said.signs) == ("still far", ("clipped",))
    assert said.evidence[0].startswith("fakes clip: 20.0%")
    assert said.command == "multigan train RUN/recipe.toml --set optim.G.lr=0.0001"
    assert diagnose(history(clipped=[0.2] * 6, clipped_floor=[0.25] * 6).rows, FACTS).name == "healthy"
