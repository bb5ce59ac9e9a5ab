"""Rows of scores: what is refused is one line that names modality, method and row, and the others are kept."""

import math
from collections import UserDict

import pytest
import torch

from multigan.core.errors import DataError, PluginError
from multigan.plugins.adapter import Adapter
from multigan.plugins.score_rows import checked_rows, sift_rows


class Mine(Adapter):
    name = "mine"


ROW = {"key": "x", "title": "an x", "group": "quality", "value": 1.0, "better": "lower"}
OTHER = {**ROW, "key": "y", "low": 0, "floor": 2.5, "interval": "95 %", "n_fake": 3, "note": None}
ALL_AT_ONCE = {
    "no list": ("a row", "own_scores gives str; expected a list of rows"),
    "nothing": (None, "own_scores gives NoneType; expected a list of rows"),
}
FAULTS = {
    "no rows": (1.0, "gives row 1 as float; expected mappings"),
    "a row without a title": ({**ROW, "title": None}, "gives 'x' .row 1. with title = None; expected words"),
    "no key": ({**ROW, "key": ""}, "gives '' .row 1. with key = ''; expected words"),
    "another group": ({**ROW, "group": "beauty"}, "'x' with group = 'beauty'; expected similarity, quality"),
    "a group that is a list": ({**ROW, "group": ["quality"]}, r"'x' with group = \['quality'\]"),
    "another direction": ({**ROW, "better": "less"}, "'x' with better = 'less'; expected lower, higher"),
    "no number": ({**ROW, "value": "1"}, "'x' with value = '1'; expected a finite number"),
    "no value": ({**ROW, "value": None}, "leave out a score that is not defined"),
    "a truth": ({**ROW, "value": True}, "value = True"),
    "a tensor": ({**ROW, "value": torch.tensor(1.0)}, r"value = tensor\(1.\)"),
    "nan": ({**ROW, "value": math.nan}, "'x' with value = nan; expected a finite number"),
    "infinity": ({**ROW, "value": -math.inf}, "'x' with value = -inf; expected a finite number"),
    "no float": ({**ROW, "value": 10**400}, "'x' with value = 1000"),
    "a floor that is nan": ({**ROW, "floor": math.nan}, "'x' with floor = nan; expected a finite number.* or None"),
    "an interval without an end": ({**ROW, "high": math.inf}, "'x' with high = inf"),
    "words as numbers": ({**ROW, "low": "0"}, "'x' with low = '0'"),
    "a number for words": ({**ROW, "note": 3}, "'x' with note = 3; expected words or None"),
    "half a sample": ({**ROW, "n_fake": 2.5}, "'x' with n_fake = 2.5; expected a count or None"),
    "a key twice": ({**OTHER}, "gives 'y' .row 1., and there is one already; expected each key once"),
    "a key of every evaluation": ({**ROW, "key": "frechet"}, "'frechet' .row 1., and every evaluation has one"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_row_that_is_refused_is_named_and_the_others_stay(fault):
    given, message = FAULTS[fault]
    last = {**ROW, "key": "z"}
    rows, refused = sift_rows(Mine(), "own_scores", lambda: [OTHER, given, last])
    assert rows == [OTHER, last]
    (error,) = refused
    with pytest.raises(PluginError, match=f"^modality 'mine': own_scores.*{message}"):
        raise error
    with pytest.raises(PluginError, match=message):
        checked_rows(Mine(), "own_scores", lambda: [OTHER, given, last])


@pytest.mark.parametrize("fault", ALL_AT_ONCE)
def test_what_is_no_list_is_one_line(fault):
    given, message = ALL_AT_ONCE[fault]
    assert sift_rows(Mine(), "own_scores", lambda: given).rows == []
    with pytest.raises(PluginError, match=message):
        checked_rows(Mine(), "own_scores", lambda: given)


def test_a_method_that_fails_is_one_line_and_what_it_refuses_itself_too():
    def refuses():
        raise DataError("3 samples", "9")

    with pytest.raises(PluginError, match="modality 'mine' fails in own_scores: ZeroDivisionError"):
        checked_rows(Mine(), "own_scores", lambda: 1 / 0)
    rows, (error,) = sift_rows(Mine(), "own_scores", refuses)
    assert rows == []
    assert str(error) == "3 samples; expected 9."


def test_keys_of_another_method_count_too():
    assert len(sift_rows(Mine(), "model_scores", lambda: [ROW], {"x"}).refused) == 1
    assert checked_rows(Mine(), "own_scores", lambda: (ROW, OTHER)) == [ROW, OTHER]


def test_a_row_that_fails_when_it_is_asked_is_one_line():
    class Odd(UserDict):
        def __getitem__(self, key):
            raise RuntimeError("no")

    rows, (error,) = sift_rows(Mine(), "own_scores", lambda: [Odd(ROW), OTHER])
    assert rows == [OTHER]
    assert "row 0 fails: RuntimeError: no" in str(error)
