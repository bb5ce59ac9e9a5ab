import shlex

import pytest

from multigan.build import check
from multigan.doctor.history import Facts
from multigan.doctor.prescriptions import prescribe
from multigan.recipe.recipe import load_recipe

FACTS = Facts(folder="points/ring", samples=1000, items=500, lr={"G": 1e-3, "D": 2e-3}, last_phase_samples=900)
R1 = Facts(
    folder="runs/x",
    samples=9,
    penalties=[{"name": "r1", "weight": 0.5}, {"name": "gp", "weight": "auto", "centre": 1.0}],
)


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
        ("data-limited", "labels"),
        ("still improving", "gains"),
    ],
)
@pytest.mark.parametrize("facts", [FACTS, R1])
def test_every_command_is_one_that_the_recipe_takes(verdict, sign, facts, history):
    command, why = prescribe(verdict, sign, history(), facts)
    sets = overrides(command)
    assert sets
    assert why
    check(load_recipe("points/ring", sets))


def test_a_frozen_player_gets_the_others_rate(history):
    command, _ = prescribe("G starves", "G-still", history(), Facts(lr={"G": 1e-30, "D": 3e-4}))
    assert load_recipe("points/ring", overrides(command)).optim.for_player("G")["lr"] == 3e-4


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
