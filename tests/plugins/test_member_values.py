"""What is inside members; each fault as an author meets it is in `test_members.py`."""

import pytest

from multigan.core.errors import PluginError
from multigan.plugins.member_values import INSIDE, check_inside, check_policy
from multigan.plugins.members import MEMBERS


def test_every_look_is_at_a_member_and_others_pass():
    assert {*INSIDE} <= {*MEMBERS}
    check_inside("mine", "summary", 3)
    check_inside("mine", "real_range", None)
    check_inside("mine", "real_range", [-1, 1])
    with pytest.raises(PluginError, match=r"'mine'.expected_failures has 3; expected words"):
        check_inside("mine", "expected_failures", {"render": 3})


def test_a_policy_of_what_there_is():
    check_policy("mine", {"flip": len}, ("flip",))
    with pytest.raises(PluginError, match=r"names 'flop'.*did you mean 'flip'"):
        check_policy("mine", {"flip": len}, ("flip", "flop"))
