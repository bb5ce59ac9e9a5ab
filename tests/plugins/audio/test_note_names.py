import pytest

from multigan.core.errors import RecipeError
from multigan.plugins.audio.note_names import hertz_of, pitches_of


@pytest.mark.parametrize(
    ("name", "hertz"),
    [
        ("69", 440.0),
        ("0000000000069", 440.0),
        ("A4", 440.0),
        ("a3", 220.0),
        ("60", 261.6256),
        ("C4", 261.6256),
        (" Eb2 ", 77.7817),
        ("c#4", 277.1826),
        ("Db4", 277.1826),
        ("B♭3", 233.0819),
        ("C-1", 8.1758),
        ("B3", 246.9417),
        ("G9", 12543.854),
    ],
)
def test_pitches_by_name(name, hertz):
    assert hertz_of(name) == pytest.approx(hertz, rel=1e-6)


@pytest.mark.parametrize(
    "name", ["", "kick", "H4", "C", "128", "-1", "G#9", "C4x", "Es4", "4C", "١٢", "1" * 5000, "C--1"]
)
def test_what_names_no_pitch(name):
    assert hertz_of(name) is None


def test_the_class_that_is_not_named_by_pitch_is_said():
    assert pitches_of(["A4", "81"]) == (440.0, 880.0)
    with pytest.raises(RecipeError, match="the class 'kick'"):
        pitches_of(["A4", "kick"])
    with pytest.raises(RecipeError, match="without classes"):
        pitches_of([])
