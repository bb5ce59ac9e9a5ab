import math

import pytest

from multigan.core.errors import DataError
from multigan.demo.bounds import one_line_of, whole, within


def test_what_is_within_comes_back():
    assert (within("x", 0.5, 0, 1), whole("n", 3.0, 1, 3), one_line_of(" a line\n")) == (0.5, 3, "a line")


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf, True, "1", None])
def test_numbers_that_are_none_or_out_of_bounds_are_refused(value):
    with pytest.raises(DataError, match="a number from 0 to 1"):
        within("x", value, 0, 1)


def test_halves_and_lines_that_are_none_are_refused():
    with pytest.raises(DataError, match="a whole number"):
        whole("n", 1.5, 1, 3)
    for line in ("a\nb", "x" * 2001, 3):
        with pytest.raises(DataError, match="that is no line"):
            one_line_of(line)
