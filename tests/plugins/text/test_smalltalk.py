from multigan.plugins.text.pick import Pick
from multigan.plugins.text.smalltalk import TALKS, exchange


def test_replies_speak_of_what_they_were_asked():
    pick = Pick(0)
    rows = [exchange(pick) for _ in range(500)]
    asked = [(one, other) for one, other in rows if one.startswith("Where is the")]
    assert asked
    assert sum(one[13:-1] in other for one, other in asked) > len(asked) / 2


def test_no_reply_names_the_one_who_is_spoken_to_nor_gives_back_what_was_denied():
    for talk in TALKS:
        if any(f", {{friend}}{mark}" in prompt for prompt in talk.prompts for mark in "?."):
            assert not any("{friend}" in reply for reply in talk.replies)
    assert not any("Not any more; now I am a {work}." in talk.replies for talk in TALKS)
