import json

import pytest

from multigan.core.plain import json_text, one_line, words_of

STEERING = ["\n", "\r", "\x1b[2J", "\x07", "\x7f", "\x85", "\x9b31m", "\u2028", "\u202e", "\u2066", "\ufeff", "\udcff"]


@pytest.mark.parametrize("steering", STEERING, ids=ascii)
def test_nothing_in_a_name_steers_a_terminal(steering):
    plain = one_line(f"a{steering}b.png")
    assert plain.isascii()
    assert plain.isprintable()
    assert steering[0] not in plain
    assert plain.startswith("a\\")
    assert plain.endswith("b.png")


@pytest.mark.parametrize("name", ["Zoë", "東京　駅", "می\u200cخواهم", "👩\u200d🚀", "a\u00a0b", "C:\\new"])
def test_names_in_any_script_stay_as_they_are(name):
    assert one_line(name) == name


def test_json_keeps_its_meaning_and_its_letters():
    value = {"é東\x1b": ["\u202e", "\x7f", "\x85", "\udcff", 'quo"te\\', "\U000e0041"], "n": 1.5}
    for indent in (None, 1):
        text = json_text(value, indent)
        assert json.loads(text) == value
        assert "é東" in text
        assert all(line == one_line(line) for line in text.split("\n"))


class Mute(Exception):
    def __str__(self):
        raise SystemExit("not even words")


def test_words_of_any_error():
    assert words_of(ValueError("a\nb\x1b[0m")) == "ValueError: a\\nb\\x1b[0m"
    assert words_of(KeyError()) == "KeyError"
    assert words_of(Mute()) == "Mute: its text cannot be read (SystemExit)"
