import pytest

from multigan.core.errors import UnknownNameError
from multigan.inputs.degradations import degradation, degradations


def test_views_are_degradations_and_wrong_names_find_the_right_one():
    assert {"downsample", "grey", "hole", "noise"} <= set(degradations.names())
    assert callable(degradation("diffaugment"))
    with pytest.raises(UnknownNameError, match="no degradation 'gray'; did you mean 'grey'"):
        degradation("gray")
