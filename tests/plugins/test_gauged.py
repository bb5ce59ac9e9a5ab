import pytest
import torch

from multigan.core.errors import PluginError
from multigan.core.types import Spec
from multigan.plugins.gauged import gauged

SPEC = Spec("points", (2,))


class With:
    """Points with vitals of their own."""

    name = "points"

    def __init__(self, measure):
        self.measure = measure

    def gauge(self, trained, unseen, spec):
        return self.measure


def measured(measure, told):
    return gauged(With(measure), [], [], spec=SPEC, tell=told.append)


def test_numbers_come_back_and_what_is_not_finite_is_told_once():
    told = []
    measure = measured(lambda G, fake: {"order": fake.mean(), "count": 3, "odd": float("nan")}, told)
    for _ in range(2):
        found = measure(torch.nn.Identity(), torch.ones(3, 2))
    assert (found["order"], found["count"]) == (1.0, 3.0)
    assert len(told) == 1
    assert "modality 'points': gauge: its measure gives odd = nan" in told[0]


@pytest.mark.parametrize(
    ("found", "said"), [(None, "gives None"), ({1: 2.0}, "gives 1 as float"), ({"a": torch.ones(2)}, r"\(2,\)")]
)
def test_what_are_no_numbers_is_named(found, said):
    with pytest.raises(PluginError, match=f"modality 'points': gauge: its measure .*{said}"):
        measured(lambda G, fake: found, [])(torch.nn.Identity(), torch.ones(3, 2))


def test_what_is_no_measure_is_named():
    with pytest.raises(PluginError, match="gauge gives list; expected a function measure"):
        measured([], [])
