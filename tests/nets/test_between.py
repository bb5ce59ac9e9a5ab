import pytest

from multigan.nets.between import between
from multigan.nets.flow import Flow
from multigan.nets.transport import Transport


@pytest.mark.parametrize(("prior", "made"), [("couplings", Flow), ("transport", Transport)])
def test_maps_by_name(prior, made):
    way = between(prior, 4, 2, 8, 0, 0.0)
    assert type(way) is made
    assert type(between(prior, 4, 0, 8, 0, 0.0)) is Flow
