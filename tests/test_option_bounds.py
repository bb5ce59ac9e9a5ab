"""Every number that a recipe can give to data, nets, games and terms has bounds, which are said before data is read."""

import inspect
import re
from typing import Annotated, get_type_hints

import pytest
from pydantic import Field

from multigan.build import check
from multigan.core.errors import RecipeError
from multigan.games import games
from multigan.losses import constraints, matching
from multigan.plugins import modalities
from multigan.recipe.numbers import Beta, Count, Finite, Fraction, NonNegative, Positive, Whole, bounds
from multigan.recipe.options import bind
from multigan.recipe.recipe import load_recipe

BEYOND = -(2**60)
"""Less than any option takes that is a size, a count, a share or a deviation."""


def builders():
    for name in ("image", "text", "audio", "points"):
        modality = modalities.get(name)
        yield f"data of {name}", modality.load
        for player, nets in (("G", modality.generators), ("D", modality.discriminators)):
            yield from ((f"{player} {net} of {name}", build) for net, build in nets.items())
    for registry in (games, matching, constraints):
        for name in registry.names():
            thing = registry.get(name)
            yield name, getattr(thing, "build", None) or thing


def numbers():
    for where, build in builders():
        hints = get_type_hints(build.__init__ if inspect.isclass(build) else build, include_extras=True)
        for name, one in inspect.signature(build).parameters.items():
            is_number = isinstance(one.default, int | float) and not isinstance(one.default, bool)
            if one.kind is one.KEYWORD_ONLY and name in hints and is_number and name != "label_smoothing":
                yield pytest.param(build, name, one.default, id=f"{where}: {name}")


@pytest.mark.parametrize(("build", "name", "default"), list(numbers()))
def test_numbers_have_bounds_that_are_said(build, name, default):
    with pytest.raises(RecipeError, match=rf"there\.{name} = .*; expected .*\d.*; type --set there\.{name}=VALUE"):
        bind(build, {name: BEYOND}, "there")
    with pytest.raises(RecipeError, match=rf"there\.{name} = "):
        bind(build, {name: -4}, "there")
    assert bind(build, {name: default}, "there") == {name: default}


@pytest.mark.parametrize(
    ("recipe", "given", "expected"),
    [
        ("text/surnames", "data.length=-4", "a whole number from 0 to 1,048,576"),
        ("text/surnames", "data.vocab=0", "a whole number from 3 to 4,000,000 or 'auto'"),
        ("text/surnames", "data.vocab=many", "a whole number from 3 to 4,000,000 or 'auto'"),
        ("text/surnames", "D.dropout=1", "a number from 0 and below 1"),
        (
            "audio/drums",
            "data.sample_rate_hz=100000000000",
            "1,000 to 768,000, 0 for the rate that most files have, or auto for what their tones need",
        ),
        (
            "audio/drums",
            "data.sample_rate_hz=7",
            "1,000 to 768,000, 0 for the rate that most files have, or auto for what their tones need",
        ),
        ("audio/drums", "data.samples=63", "at least 64 and at most 67,108,864, or 0 for what fits the sounds"),
        ("audio/drums", "data.channels=65", "a whole number from 1 to 64"),
        ("image/digits", "data.size=-1", r"0 .* or at least 4 pixels, and no more than 4,096 × 4,096"),
        ("image/digits", "data.size=[8,3]", r"0 .* or at least 4 pixels"),
        ("image/digits", "data.stack=5", "0, 2, 3 or 4"),
        ("image/digits", "G.width=0", "a whole number from 1 to 1,048,576"),
        ("image/digits", "D.minibatch_std=1", "groups of 2 or more samples, 0 = off"),
        ("points/ring", "data.radius=0", "a number above 0"),
        ("points/ring", "G.nz=0", "a whole number from 1 to"),
    ],
)
def test_they_are_said_before_data_is_read(recipe, given, expected):
    key = given.partition("=")[0]
    with pytest.raises(
        RecipeError, match=rf"^--set {re.escape(given)}: {key} = .*; expected {expected}.*; type --set {key}=VALUE"
    ):
        check(load_recipe(recipe, [given]))


def test_bounds_in_words():
    assert bounds(Whole) == "a whole number of at least 0"
    assert bounds(Count) == "a whole number above 0"
    assert bounds(Positive) == "a number above 0"
    assert bounds(NonNegative) == "a number of at least 0"
    assert bounds(Fraction) == "a number from 0 to 1"
    assert bounds(Beta) == "a number from 0 and below 1"
    assert bounds(Annotated[float, Field(le=0)]) == "a number up to 0"
    assert bounds(Annotated[float, Field(gt=0, le=2)]) == "a number above 0 and up to 2"
    assert bounds(Finite) == bounds(int) == ""
