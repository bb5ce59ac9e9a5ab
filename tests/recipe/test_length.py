import re
import shlex

import pytest

from multigan.core.errors import RecipeError
from multigan.recipe.length import dealt, for_longer, length_lines, lengths_of, with_lengths
from multigan.recipe.origin import settable
from multigan.recipe.recipe import load_recipe


def test_every_phase_says_its_samples_and_what_changes_them():
    first, last = length_lines(load_recipe("text/surnames", ["phases.pretrain.samples=640", "train.samples=1280"]))
    assert first == "first 640 samples in pretrain (--set phases.pretrain.samples=N)"
    assert last == "then 1,280 samples of the game (--set train.samples=N)"
    assert length_lines(load_recipe("image/digits")) == []


@pytest.mark.parametrize("name", ["it is one", "a.b", "k=v", "'"])
def test_what_is_said_can_be_typed(name):
    phases = f'phases=[{{name="{name}", turns=["mle"], samples=64}}]'
    line = length_lines(load_recipe("text/surnames", [phases]))[0]
    found = re.search(r"\(--set (.*)\)$", line)
    assert bool(found) == settable(name)
    if found:
        (word,) = shlex.split(found[1])
        assert load_recipe("text/surnames", [phases, word.replace("=N", "=9")]).phases[0].samples == 9


def test_lengths_are_put_in_and_taken_out():
    recipe = with_lengths(load_recipe("text/surnames"), (7, 9))
    assert lengths_of(recipe) == (7, 9)
    assert recipe.phases[0].lr == load_recipe("text/surnames").phases[0].lr


@pytest.mark.parametrize(
    ("samples", "shares", "lengths"),
    [(500, (100_000, 60_000), (312, 188)), (80, (7,), (80,)), (3, (1, 1, 1000), (1, 1, 1)), (1001, (9, 1), (900, 101))],
)
def test_samples_are_dealt_in_proportion_and_all_of_them(samples, shares, lengths):
    assert dealt(samples, shares) == lengths


def test_every_phase_needs_a_sample():
    with pytest.raises(RecipeError, match="1 sample for 2 phases"):
        dealt(1, (5, 5))


def test_as_long_again_is_twice_of_what_all_phases_have_seen():
    assert for_longer("my run", 15_296) == "multigan train --resume 'my run' --samples 30592"
    assert for_longer("r", 0, 10) == "multigan train --resume r --samples 10"
