import math

import pytest
import torch

from multigan.core.types import Spec
from multigan.inputs.assemble import degrading
from multigan.inputs.meter import MOST_DB, again_db, meter_of, steady
from multigan.plugins import modalities
from multigan.plugins.fitted import Taken
from multigan.recipe.recipe import ViewTable

SPEC = Spec("image", (3, 16, 16))


def _config(*degrade):
    return {"input": {"spec": {}, "degrade": list(degrade)}}


def _taken(raw):
    return Taken(raw, lambda x: x, lambda x: x, lambda x: x, lambda x: x)


def _views(*tables):
    return degrading([ViewTable.model_validate(one) for one in tables], modalities.get("image"), SPEC)


def test_views_that_draw_measure_nothing():
    grey, small = {"name": "grey"}, {"name": "downsample", "factor": 2}
    assert steady(_views(grey, small), SPEC)
    for other in ({"name": "hole"}, {"name": "noise", "sigma": 0.1}):
        assert not steady(_views(grey, other), SPEC)
        meter = meter_of(_config(grey, other), modalities.get("image"), SPEC)
        assert meter(_taken(torch.zeros(1, 8, 8)), torch.zeros(3, 8, 8)) is None
    assert meter_of({}, modalities.get("image"), SPEC)(_taken(torch.zeros(1, 8, 8)), torch.zeros(3, 8, 8)) is None


def test_a_known_error_in_decibels():
    meter = meter_of(_config({"name": "grey"}), modalities.get("image"), SPEC)
    grey = torch.rand(1, 700, 530) - 0.5
    assert meter(_taken(grey), grey.expand(3, -1, -1).clone()) > 98
    assert meter(_taken(grey), grey.expand(3, -1, -1) + 0.02) == pytest.approx(10 * math.log10(4 / 0.02**2), abs=1e-3)


def test_a_large_file_is_measured_in_parts_as_at_once():
    views = _views({"name": "downsample", "factor": 2})
    meter = meter_of(_config({"name": "downsample", "factor": 2}), modalities.get("image"), SPEC)
    truth = torch.rand(3, 1300, 1100) * 2 - 1
    small = views[0](truth[None], None)[0]
    assert meter(_taken(small), truth) > 90
    other = torch.rand(3, 1300, 1100) * 2 - 1
    assert meter(_taken(small), other) == pytest.approx(
        float(again_db(views, SPEC, other[None], small[None])), abs=0.01
    )
    assert again_db(views, SPEC, truth[None], small[None]).item() == MOST_DB
    assert meter(_taken(small[:, :-1]), other) is None  # no whole factor
