import doctest

import pytest

from multigan import cite
from multigan.errors import UnknownNameError
from multigan.recipe import load_recipe, recipe_names


def test_the_docstring_is_true():
    assert doctest.testmod(cite).failed == 0


def test_an_unknown_work_suggests_one():
    with pytest.raises(UnknownNameError, match="goodfellow2014"):
        cite.bibtex(["goodfelow2014"])


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_can_be_cited(name):
    keys = load_recipe(name).cite
    assert keys
    assert cite.bibtex(keys).count("@") == len(set(keys))
