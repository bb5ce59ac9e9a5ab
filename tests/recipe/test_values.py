import doctest
import math
import tomllib

import pytest

from multigan.recipe import values as toml_values
from multigan.recipe.values import toml_value

VALUES = [
    0,
    -3,
    1e-5,
    0.1 + 0.2,
    2.0,
    math.inf,
    -math.inf,
    True,
    False,
    "",
    'a "quoted" \\ path\n\twith é, \U0001f600 and \x01 \x7f',
    [],
    [1, [2.5, "x"], []],
    {},
    {"name": "r1", "weight": 0.1, "below": {"on": True, "of": [{"a-b": 1}, {"c_d": "e"}]}},
]


@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_is_written_is_read_back(value, tight):
    text = toml_value(value, tight=tight)
    assert "\n" not in text
    found = tomllib.loads(f"x = {text}")["x"]
    assert (found, type(found)) == (value, type(value))


def test_no_number_stays_one():
    assert math.isnan(tomllib.loads(f"x = {toml_value(math.nan)}")["x"])


def test_a_tuple_is_an_array():
    assert toml_value((1, "a")) == '[1, "a"]'


def test_the_docstring_is_true():
    assert doctest.testmod(toml_values).failed == 0
