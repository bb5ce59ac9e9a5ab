import re
import shlex

import pytest

from multigan.recipe.length import length_lines
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
