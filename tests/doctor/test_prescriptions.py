import json
import shlex
from dataclasses import replace

import pytest

from multigan.build import check
from multigan.doctor.doctor import diagnose
from multigan.doctor.history import Circumstances, History
from multigan.doctor.prescriptions import prescribe
from multigan.recipe.length import lengths_of
from multigan.recipe.recipe import load_recipe
from multigan.recipe.values import toml_value
from multigan.training import resume, train

FACTS = Circumstances(folder="points/ring", samples=1000, items=500, lr={"G": 1e-3, "D": 2e-3}, last_phase_samples=900)
R1 = Circumstances(
    folder="runs/x",
    samples=9,
    penalties=[{"name": "r1", "weight": 0.5}, {"name": "gp", "weight": "auto", "centre": 1.0}],
)


PHASES = [
    {"name": "warm", "turns": ("mle",), "samples": 300, "lr": 0.01},
    {"name": "pretrain", "turns": ("mle",), "samples": 500, "optimizer": "adamw"},
]


def run_in_phases(history, distance):
    """Measured after every 200 samples, in phases of 300 and 500 samples and the last."""
    run = history(distance=distance)
    for row in run.vitals:
        row["phase"] = "warm" if row["samples"] < 300 else "pretrain" if row["samples"] < 800 else "adversarial"
    return run


def overrides(command):
    """The --set values of a command, as the shell hands them over."""
    words = shlex.split(command)
    assert words[:2] == ["multigan", "train"]
    return [words[k + 1] for k, word in enumerate(words) if word == "--set"]


@pytest.mark.parametrize(
    ("verdict", "sign"),
    [
        ("diverged", "not-finite"),
        ("collapsed", "collapsed"),
        ("G starves", "G-still"),
        ("G starves", "D-still"),
        ("G starves", "undirected"),
        ("G starves", "unordered"),
        ("G starves", "starves"),
        ("D overpowers", "overpowered"),
        ("memorising", "memorises"),
        ("data-limited", "few-items"),
        ("data-limited", "same-items"),
        ("data-limited", "labels"),
    ],
)
@pytest.mark.parametrize("facts", [FACTS, R1])
def test_every_command_is_one_that_the_recipe_takes(verdict, sign, facts, history):
    command, why = prescribe(verdict, sign, history(nearest=[0.5] * 6), replace(facts, samples=1000))
    sets = overrides(command)
    assert sets
    assert why
    check(load_recipe("points/ring", sets))


def test_a_frozen_player_gets_the_others_rate(history):
    command, _ = prescribe("G starves", "G-still", history(), Circumstances(lr={"G": 1e-30, "D": 3e-4}))
    assert load_recipe("points/ring", overrides(command)).optim.for_player("G")["lr"] == 3e-4


def test_a_player_that_a_large_rate_threw_away_gets_a_smaller_one_and_not_the_same(history):
    command, why = prescribe("G starves", "D-still", history(), Circumstances(lr={"G": 0.1, "D": 0.1}))
    assert load_recipe("points/ring", overrides(command)).optim.for_player("D")["lr"] == 0.025
    assert "quarter" in why


def test_a_run_whose_phases_were_all_too_short_is_trained_anew_with_each_of_them_longer(history):
    phases = [{"name": "fit", "turns": ["fit"], "samples": 832}]
    facts = Circumstances(folder="runs/rep", samples=960, phases=phases, last_phase_samples=128)
    command, why = prescribe("too short to say", "too-short", history(), facts)
    assert command == "multigan train runs/rep/recipe.toml --set phases.fit.samples=8320 --set train.samples=1280"
    assert "every phase" in why
    mostly_game = replace(facts, samples=960, last_phase_samples=800)
    assert "--resume" in prescribe("too short to say", "too-short", history(), mostly_game)[0]


def test_a_run_that_was_never_measured_is_to_be_evaluated():
    rows = [{"step": step, "samples": 8 * step, "phase": "adversarial", "loss/G": 1.0} for step in (100, 200)]
    facts = Circumstances(folder="runs/mine", samples=1600, last_phase_samples=1600)
    verdict = diagnose(rows, facts)
    assert (verdict.name, verdict.signs[0], verdict.command) == (
        "too short to say",
        "unmeasured",
        "multigan evaluate runs/mine",
    )
    assert diagnose(rows, replace(facts, apart=True)).command == "multigan report runs/mine"


def test_penalties_that_are_there_are_raised_with_their_options(history):
    recipe = load_recipe("points/ring", overrides(prescribe("D overpowers", "", history(), R1)[0]))
    assert [(term.name, term.weight) for term in recipe.game.penalties] == [("r1", 2.0), ("gp", 4.0)]
    assert recipe.game.penalties[1].options == {"centre": 1.0}


def test_diverged_runs_get_a_quarter_of_the_step_and_a_guard(history):
    recipe = load_recipe("points/ring", overrides(prescribe("diverged", "", history(), FACTS)[0]))
    assert recipe.optim.for_player("D")["lr"] == pytest.approx(5e-4)
    assert recipe.guard.action == "rollback"


def test_early_stopping_is_where_the_distance_was_lowest(history):
    run = history(distance=[0.9, 0.1, 0.2, 0.2, 0.3, 0.3])
    assert load_recipe("points/ring", overrides(prescribe("memorising", "", run, FACTS)[0])).train.samples == 200


def test_well_runs_are_drawn_from(history):
    assert prescribe("healthy", "", history(), FACTS)[0].startswith("multigan generate points/ring --n 16")


@pytest.mark.parametrize("verdict", ["memorising", "data-limited"])
def test_without_held_out_items_nobody_speaks_of_them(verdict, history):
    assert "held-out items were nearest" in prescribe(verdict, "x", history(), FACTS)[1]
    assert "none were held out" in prescribe(verdict, "x", history(heldout_items=[0.0] * 6), FACTS)[1]


def test_a_run_whose_data_was_moved_is_trained_anew_on_the_data_where_it_is(history):
    facts = replace(FACTS, folder="my run", moved_to="/data/it's here/points.csv")
    command, _ = prescribe("G starves", "undirected", history(), facts)
    assert shlex.split(command)[2] == "my run/recipe.toml"
    recipe = load_recipe("points/ring", overrides(command))
    assert (recipe.data.source, recipe.train.n_critic) == ("/data/it's here/points.csv", 2)


def test_a_run_that_still_improves_goes_on_for_as_long_again(history):
    facts = replace(FACTS, folder="my run")
    assert prescribe("still improving", "gains", history(), facts) == (
        "multigan train --resume 'my run' --samples 2000",
        "go on, for as long again",
    )


def test_a_run_that_is_a_small_part_of_its_recipe_is_told_to_get_many_times_as_long(history):
    run, facts = history(), replace(FACTS, folder="r", own_samples=48_000)
    run.rows[-1]["samples"] = 976
    facts = replace(facts, samples=976, last_phase_samples=976)
    command, why = prescribe("still far", "judged", run, facts)
    assert command == "multigan train --resume r --samples 9760"
    assert why.startswith(
        "go on, for nine times as long again (the recipe as it ships has 48,000 samples, this run 2.0% of them); where"
    )
    run.rows[-1]["samples"] = 6000
    assert prescribe("still far", "judged", run, replace(facts, samples=6000))[0].endswith("--samples 12000")


def test_as_long_again_is_what_was_trained_where_a_budget_wrote_down_less(history):
    facts = replace(FACTS, samples=2, last_phase_samples=1)
    done = int(history().rows[-1]["samples"])
    command, _ = prescribe("still improving", "gains", history(), facts)
    assert command.endswith(f"--samples {2 * done}")


def test_as_long_again_is_of_all_phases_and_is_said_to_go_to_the_last(history):
    fit = [{"name": "fit", "turns": ["fit"], "samples": 51_200}]
    facts = replace(FACTS, folder="r", samples=56_320, phases=fit, last_phase_samples=5_120)
    run = history()
    run.rows[-1]["samples"] = 56_320
    for verdict, sign in (
        ("still improving", "gains"),
        ("still far", "unseen"),
        ("too short to say", "phase-too-short"),
    ):
        command, why = prescribe(verdict, sign, run, facts)
        assert command == "multigan train --resume r --samples 112640"
        assert why.startswith("go on, for as long again, all of it in the last phase")


def test_the_phase_that_had_the_best_is_shortened(history):
    facts = replace(FACTS, samples=1700, phases=PHASES)
    run = run_in_phases(history, [0.9, 0.5, 0.4, 0.1, 0.3, 0.3])
    command, why = prescribe("memorising", "x", run, facts)
    assert overrides(command) == ["phases.pretrain.samples=300"]
    assert why.startswith("in the phase pretrain, stop where held-out")
    dotted = replace(facts, phases=[PHASES[0], {**PHASES[1], "name": "pre.train"}])
    for row in run.vitals:
        row["phase"] = row["phase"].replace("pretrain", "pre.train")
    recipe = load_recipe("text/surnames", overrides(prescribe("memorising", "x", run, dotted)[0]))
    assert [(phase.name, phase.samples, phase.lr) for phase in recipe.phases] == [
        ("warm", 300, 0.01),
        ("pre.train", 300, None),
    ]
    assert recipe.phases[1].optimizer == "adamw"


@pytest.mark.parametrize(
    ("distance", "samples", "said"),
    [
        ([0.9, 0.5, 0.4, 0.4, 0.1, 0.3], 450, "half as long, as held-out items were nearest as it began"),
        ([0.9, 0.5, 0.4, 0.4, 0.3, 0.1], 200, "stop where held-out items were nearest"),
    ],
)
def test_the_last_phase_is_counted_from_its_own_beginning(distance, samples, said, history):
    facts = replace(FACTS, samples=1700, phases=PHASES)
    command, why = prescribe("memorising", "x", run_in_phases(history, distance), facts)
    own = f"phases=[{', '.join(toml_value(phase) for phase in PHASES)}]"
    recipe = load_recipe("text/surnames", [own, *overrides(command)])
    assert lengths_of(recipe) == (300, 500, samples)
    assert said in why
    assert "phases.warm.samples=300" in overrides(command)  # else the shorter game would shorten them
    dotted = replace(facts, phases=[PHASES[0], {**PHASES[1], "name": "pre.train"}])
    run = run_in_phases(history, distance)
    for row in run.vitals:
        row["phase"] = row["phase"].replace("pretrain", "pre.train")
    assert lengths_of(load_recipe("text/surnames", overrides(prescribe("memorising", "x", run, dotted)[0])))[:2] == (
        300,
        500,
    )


def test_what_ended_at_its_best_is_trained_half_as_long_and_never_the_same_again(history):
    facts = replace(FACTS, last_phase_samples=1000)
    command, why = prescribe("memorising", "x", history(distance=[0.9, 0.5, 0.4, 0.3, 0.2, 0.1]), facts)
    assert load_recipe("points/ring", overrides(command)).train.samples == 500
    assert "by heart, though held-out items were nearest at its end" in why


@pytest.mark.parametrize("verdict", ["healthy", "still improving"])
def test_a_run_that_is_not_finished_goes_on(verdict, history):
    facts = replace(FACTS, folder="my run", samples=2000)
    assert prescribe(verdict, ["falls"], history(), facts) == (
        "multigan train --resume 'my run'",
        "it is not finished: go on with it",
    )


def test_where_no_d_plays_none_is_made_firmer(history):
    run = history()
    for row in run.rows:
        row.pop("vitals/D_accuracy", None)
    assert prescribe("collapsed", "never-apart", run, replace(FACTS, folder="r"))[0].startswith(
        "multigan train --resume r --samples"
    )


def test_fakes_that_were_all_alike_when_the_game_began_get_a_longer_start(history):
    facts = replace(FACTS, phases=PHASES)
    for spread, longer in ((0.01, True), (0.9, False)):
        run = run_in_phases(history, distance=[1.0] * 10)
        for row in run.vitals:
            row |= {"vitals/spread": spread if row["phase"] != "adversarial" else 0.0, "vitals/variety": 0.5}
        command, why = prescribe("collapsed", "collapsed", History(run.rows), facts)
        assert ("--set phases.pretrain.samples=2000" in command) is longer
        assert ("--set train.samples=900" in command) is longer
        assert ("as alike when the game began: 4 times as long in the phase pretrain" in why) is longer
        assert ("penalties" in command) is not longer


def test_few_items_that_nobody_copies_are_not_to_be_trained_half_as_long(history):
    falling, facts = [0.9, 0.5, 0.4, 0.3, 0.2, 0.1], replace(FACTS, items=60)
    command, why = prescribe("data-limited", "few-items", history(distance=falling, nearest=[5.0] * 6), facts)
    assert command.startswith("multigan generate ")
    assert "60 items hold no more" in why
    for changes in ({"nearest": [0.1] * 6}, {"nearest": [5.0] * 6, "distance": [*falling[:5], 0.4]}):
        command, _ = prescribe("data-limited", "few-items", history(**{"distance": falling, **changes}), facts)
        assert "train.samples" in command


def test_a_game_that_was_too_short_is_judged_after_as_long_again_by_the_command_that_is_said(tmp_path):
    sets = ["G.hidden=8", "D.filters=4", "phases.pretrain.samples=6400", "train.samples=1280", "train.sheets=0"]
    run = train("text/surnames", run=tmp_path / "run", overrides=[*sets, "train.report=false"], quiet=True).folder
    said = json.loads((run / "verdict.json").read_text())
    assert said["signs"][0] == "phase-too-short"
    assert said["command"] == f"multigan train --resume {run} --samples {2 * 7680}"
    resume(run, samples=2 * 7680, quiet=True)
    again = json.loads((run / "verdict.json").read_text())
    assert not {"too-short", "phase-too-short"} & set(again["signs"])


def test_where_the_best_is_kept_nothing_is_trained_again_and_what_helps_is_named(history):
    """Advice to train until then anew led to a run of which the advice was to go on."""
    rising = history(distance=[0.9, 0.5, 0.1, 0.2, 0.3, 0.4], D_memory=[1.0] * 6)
    facts = replace(FACTS, items=10, other="best", folder="r")
    command, why = prescribe("data-limited", "D-remembers", rising, facts)
    assert command == "multigan generate r --n 16 --seed 0 --out samples/"
    assert "The kept generator is that of 400 samples" in why
    assert "need not be trained again" in why
    assert "More items are the cure" in why
    command, why = prescribe("data-limited", "D-remembers", rising, replace(facts, augments=True, folder="points/ring"))
    assert overrides(command) == ['game.views=[{name="augment", adaptive=true, speed_samples=500}]']
    assert "need not be trained again" in why
    recipe = load_recipe("points/ring", overrides(command))
    check(recipe)
    command, _ = prescribe("data-limited", "D-remembers", rising, replace(facts, augments=True, samples=1_000_000))
    assert overrides(command) == ['game.views=[{name="augment", adaptive=true}]']
    assert "train.samples" in prescribe("data-limited", "D-remembers", rising, replace(facts, other=""))[0]
    level = history(distance=[0.9, 0.5, 0.1, 0.02, 0.021, 0.022], D_memory=[1.0] * 6)
    command, why = prescribe("data-limited", "D-remembers", level, replace(facts, other=""))
    assert command.startswith("multigan generate r ")
    assert "The kept generator is the last one, and held-out items were no nearer before" in why
    labels, _ = prescribe("data-limited", "labels", rising, facts)
    assert overrides(labels) == ["game.conditional=false"]


@pytest.mark.parametrize(("verdict", "sign"), [("still improving", "gains"), ("still far", "seen-by-both")])
def test_to_go_on_with_few_items_is_said_to_bring_little(verdict, sign, history):
    few, learns = replace(FACTS, items=20, folder="r"), history(D_memory=[0.7] * 6)  # 50 times each
    command, why = prescribe(verdict, sign, learns, few)
    assert command == "multigan train --resume r --samples 2000"
    assert "20 items were seen 50 times each" in why
    assert "the best generator is kept" in why
    assert "game.views" not in why
    augments = prescribe(verdict, sign, learns, replace(few, augments=True))[1]
    assert """--set 'game.views=[{name="augment", adaptive=true, speed_samples=500}]'""" in augments
    assert "by heart" not in prescribe(verdict, sign, learns, replace(few, items=21))[1]
    assert "by heart" not in prescribe(verdict, sign, history(D_memory=[0.6] * 6), few)[1]
    alone = history()
    for row in alone.rows:
        row.pop("vitals/D_memory", None)
    assert "by heart" not in prescribe(verdict, sign, alone, few)[1]


def test_a_folder_whose_name_has_a_line_break_is_spelt_so_that_it_can_be_pasted():
    command, _ = prescribe("healthy", "", History([{"samples": 1}]), Circumstances(folder="a\nrun"))
    assert command.startswith(r"multigan generate $'a\nrun' ")
    command, _ = prescribe("D overpowers", "", History([{"samples": 1}]), Circumstances(folder="a\nrun"))
    assert command.startswith(r"multigan train $'a\nrun/recipe.toml' ")
