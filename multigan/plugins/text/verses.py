"""English quatrains from a small grammar: poems without a file, as many as are wanted, each on one theme."""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["VERSES", "write_verses"]

VERSES = 5000
"""How many the embedded set has."""
LINES = 4


class _Theme(NamedTuple):
    things: Sequence[str]
    likes: Sequence[str]
    does: Sequence[str]
    places: Sequence[str]


_THEMES: Mapping[str, _Theme] = {
    "sea": _Theme(
        ("wave", "gull", "sail", "tide", "harbour", "sailor", "lantern", "island"),
        ("grey", "salty", "silver", "restless", "drifting", "blue"),
        ("rises", "wanders", "returns", "glitters", "waits", "murmurs"),
        ("over the water", "beyond the bay", "along the shore", "under the moon", "against the wind"),
    ),
    "wood": _Theme(
        ("oak", "owl", "fern", "deer", "river", "shadow", "nightingale", "meadow"),
        ("green", "ancient", "hidden", "whispering", "gentle", "mossy"),
        ("listens", "sleeps", "shivers", "answers", "sings", "grows"),
        ("under the branches", "among the leaves", "beside the stream", "in the clearing", "before the rain"),
    ),
    "winter": _Theme(
        ("snow", "frost", "window", "candle", "raven", "chimney", "traveller", "garden"),
        ("white", "cold", "silent", "frozen", "lonely", "early"),
        ("falls", "glows", "trembles", "lingers", "gathers", "fades"),
        ("upon the roof", "across the field", "behind the door", "in the evening", "through the valley"),
    ),
    "town": _Theme(
        ("street", "bell", "baker", "window", "stranger", "market", "dancer", "tower"),
        ("narrow", "golden", "busy", "forgotten", "crooked", "early"),
        ("wakes", "hurries", "laughs", "rings", "remembers", "shines"),
        ("around the corner", "above the square", "after the music", "near the gate", "until the morning"),
    ),
}
_ARTICLES = ("the", "a", "my", "every", "this")
_WHEN = ("now", "again", "always", "never", "tonight", "slowly")
_OPENINGS = ("and", "but", "where", "while", "then")


def write_verses(n: int = VERSES, seed: int = 0) -> list[str]:
    """Poems of four lines with line breaks between; the same for the same seed on every machine.

    Args:
        n: how many.
        seed: of the drawing.
    """
    rng = random.Random(seed)
    return [_poem(rng) for _ in range(n)]


def _poem(rng: random.Random) -> str:
    theme = _THEMES[rng.choice(list(_THEMES))]
    return "\n".join(_line(theme, rng, opens=number > 0) for number in range(LINES))


def _line(theme: _Theme, rng: random.Random, *, opens: bool) -> str:
    thing, like, does = rng.choice(theme.things), rng.choice(theme.likes), rng.choice(theme.does)
    article = rng.choice(_ARTICLES)
    forms = (
        f"{article} {like} {thing} {does}",
        f"{article} {thing} {does} {rng.choice(theme.places)}",
        f"{rng.choice(theme.places)} {article} {thing} {does}",
        f"{like} {rng.choice(_WHEN)} {article} {thing} {does}",
    )
    line = _with_an(rng.choice(forms))
    return f"{rng.choice(_OPENINGS)} {line}" if opens and rng.random() < 0.3 else line


def _with_an(line: str) -> str:
    words = line.split()
    for k, word in enumerate(words[:-1]):
        if word == "a" and words[k + 1][0] in "aeiou":
            words[k] = "an"
    return " ".join(words)
