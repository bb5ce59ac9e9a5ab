from multigan.cli.strange import strange_words
from multigan.plugins.fitted import Answered


def answered(*words, spelt=None):
    return Answered("", False, len(words), strange=list(words), spelt=spelt or {})


def test_words_are_named_once_with_how_they_are_known():
    found = [answered("HELLO", "zork", spelt={"HELLO": "hello"}), answered("zork")]
    assert strange_words(found) == ["the generator does not know HELLO, zork; in small letters it knows hello"]
    assert strange_words([answered("anna", spelt={"anna": "Anna"})]) == [
        "the generator does not know anna; it knows Anna"
    ]
    assert strange_words([answered("zork")]) == ["the generator does not know zork"]
    assert strange_words([answered()]) == []


def test_what_was_told_in_a_talk_is_not_told_again():
    told = set()
    assert strange_words([answered("zork")], told) == ["the generator does not know zork"]
    assert strange_words([answered("zork")], told) == []
    assert strange_words([answered("zork", "blub")], told) == ["the generator does not know blub"]


def test_a_modality_that_names_no_words_is_counted():
    assert strange_words([Answered("", False, 2)]) == ["2 tokens are unknown to the generator"]
