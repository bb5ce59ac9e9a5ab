from multigan.plugins.text.pick import Pick
from multigan.plugins.text.smalltalk import exchange


def test_replies_speak_of_what_they_were_asked():
    pick = Pick(0)
    rows = [exchange(pick) for _ in range(500)]
    asked = [(one, other) for one, other in rows if one.startswith("Where is the")]
    assert asked
    assert sum(one[13:-1] in other for one, other in asked) > len(asked) / 2
