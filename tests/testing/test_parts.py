"""Nets for any samples are tried on the first that they take; other parts are in `test_kinds.py`."""

import pytest

from multigan.core.errors import ShapeError
from multigan.nets import mlp
from multigan.testing.parts import check_net
from multigan.testing.rules import Skip


def only(dims):
    def build(spec, *, width: int = 8):
        if len(spec.shape) != dims:
            raise ShapeError(f"samples of {spec.shape}", f"{dims} axes")
        return mlp.build_flat_g(spec, width=width)

    return build


def test_a_net_for_pictures_is_tried_on_pictures_and_one_for_nothing_is_skipped():
    check_net(only(3), "G")
    with pytest.raises(Skip, match=r"refuses samples of .*expected 7 axes"):
        check_net(only(7), "G")
