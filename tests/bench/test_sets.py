import math

import pytest
import torch

from multigan.bench.sets import SETS, mode_set, source_overrides, yardstick
from multigan.core.errors import DataError, UnknownNameError
from multigan.plugins.points.data import centres


def test_points_are_counted_against_their_ceiling():
    yard = yardstick(SETS["grid"], [], 5_000)
    assert yard.ceiling["modes"] == 25
    assert yard.ceiling["high_quality"] == pytest.approx(0.9889, abs=0.006)
    assert yard.ceiling["reverse_kl"] == pytest.approx(yard.floor.reverse_kl, abs=4 * yard.floor.deviation)
    assert yard.accuracy is None
    scale, middle = yard.data.spec.meta["scale"], torch.tensor(yard.data.spec.meta["centre"])
    dropped = (centres("grid")[:5].repeat(10, 1) - middle) / scale
    assert yard.count(dropped) == {"modes": 5, "high_quality": 1.0, "reverse_kl": pytest.approx(math.log(5))}
    assert yard.count(torch.full((9, 2), 50.0))["reverse_kl"] == pytest.approx(math.log(25))


def test_stacked_digits_are_counted_by_the_classifier():
    yard = yardstick(SETS["stacked-digits"], ["data.size=8"], 3_000)
    assert yard.accuracy > 0.9
    assert yard.ceiling["modes"] == 100
    assert yard.ceiling["reverse_kl"] < yard.floor.reverse_kl + 0.02
    raw = yard.data.items.take(torch.arange(200), None)
    one = yard.count((raw[:1].float() / 127.5 - 1).repeat(7, 1, 1, 1))
    assert one == {"modes": 1, "reverse_kl": pytest.approx(math.log(100))}
    assert yard.facts()["classifier_accuracy"] == yard.accuracy


def test_files_are_asked_for_before_anything_else(tmp_path):
    assert source_overrides(SETS["ring"], tmp_path) == []
    assert source_overrides(SETS["stacked-mnist"], tmp_path) == [f'data.source="{tmp_path}"']
    with pytest.raises(DataError, match="type --data FOLDER"):
        source_overrides(SETS["stacked-mnist"], None)


def test_a_wrong_name_is_corrected():
    with pytest.raises(UnknownNameError, match="did you mean 'stacked-digits'"):
        mode_set("stacked-digit")
