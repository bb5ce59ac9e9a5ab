import numpy as np
import pytest
from PIL import Image

from multigan.testing.on_samples import alike

GREY = Image.fromarray(np.arange(16, dtype=np.uint8).reshape(4, 4) * 10)
DARK = Image.fromarray(np.arange(16, dtype=np.uint8).reshape(4, 4) * 9)
SAME = [("ab", "ab"), ([1.0, 2.0], (1.0, 2.004)), ({"a": 1, "b": "x"}, {"a": 1, "b": "x"}), (GREY, GREY.copy())]
DIFFERENT = [
    ("ab", "ba"),
    ([1.0, 2.0], [1.0, 2.1]),
    ([1.0], [1.0, 2.0]),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, {"a": 2}),
    (GREY, DARK),
    ((np.zeros(3), 8000), (np.zeros(3), 16000)),
    (["x", 1], ["x", 2]),
    ([], None),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=range(len(SAME)))
def test_samples_that_are_the_same(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_samples_that_are_not(one, other):
    assert not alike(one, other)
