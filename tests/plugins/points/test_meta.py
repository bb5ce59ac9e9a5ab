import pytest
from pydantic import ValidationError

from multigan.core.types import Spec
from multigan.plugins.points.data import load
from multigan.plugins.points.meta import check_spec


def test_what_the_loader_says_is_whole():
    check_spec(load("ring", 50, 1.0, 0.0).spec)


@pytest.mark.parametrize("wrong", [{"centre": [0.0]}, {"scale": 0}, {"centres": [["a", "b"]]}, {"deviation": -1.0}])
def test_numbers_that_draw_no_points_are_refused(wrong):
    meta = {"centre": [0.0, 0.0], "scale": 1.0, **wrong}
    with pytest.raises(ValidationError):
        check_spec(Spec("points", (2,), (), meta))
