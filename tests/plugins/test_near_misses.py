"""Every usual word leads to a member that there is; see `test_members.py` for what is an error."""

from multigan.plugins.adapter import Adapter
from multigan.plugins.members import MEMBERS
from multigan.plugins.near_misses import ALIASES, near_miss


def test_usual_words_are_no_members_and_lead_to_members():
    assert {*ALIASES.values()} <= {*MEMBERS}
    assert not {*ALIASES} & {*MEMBERS}


def test_what_the_object_has_already_is_not_meant():
    own = type("Own", (Adapter,), {"inspect_files": lambda self, path, options, tick: None})()
    assert near_miss(own, "inspect_files", MEMBERS) == "inspect"
    own.inspect = own.inspect_files
    assert near_miss(own, "inspect_files", MEMBERS) == ""
