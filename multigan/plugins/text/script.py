"""What scripts ask of tokens: which of them have no spaces between words, and which characters belong together."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import islice

__all__ = ["is_unspaced", "kind_of", "whole_characters"]

SHORT_LINE = 24
LONG_WORD = 24
"""Mean characters between white space, from which on it does not separate words: no language's words are so long."""
SAMPLE_LINES = 1000
SAMPLE_CHARACTERS = 100_000
UNSPACED = (
    *("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HALFWIDTH KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"),
    *("TAI", "NEW TAI", "JAVANESE", "BALINESE", "YI", "LISU", "CHAM", "AHOM", "IDEOGRAPHIC"),
)
"""How the names of characters begin whose scripts are written without spaces between words."""
JOINER = "\u200d"
AFTER = (JOINER, "\u0e33", "\u0eb3")
"""No marks by their category, but parts of what stands before them: the joiner, and the vowel am of Thai and Lao."""


def kind_of(lines: Sequence[str]) -> str:
    """`"character"` for scripts without spaces between words and for short lines such as names, `"word"` otherwise.

    Args:
        lines: the texts, at least one.
    """
    if sum(map(len, lines)) / len(lines) <= SHORT_LINE:
        return "character"
    sample = " ".join(islice(lines, 0, None, max(1, len(lines) // SAMPLE_LINES)))[:SAMPLE_CHARACTERS]
    words = sample.split()
    glued = sum(map(len, words)) > LONG_WORD * len(words)
    return "character" if is_unspaced(sample) or glued else "word"


def is_unspaced(text: str) -> bool:
    """Whether more than a third of the letters are of scripts without spaces between words."""
    letters = Counter(character for character in text if character.isalpha())
    unspaced = sum(n for letter, n in letters.items() if unicodedata.name(letter, "").startswith(UNSPACED))
    return unspaced > letters.total() / 3


def whole_characters(text: str, length: int) -> int:
    """The largest number of code points up to `length` after which no mark is torn from its letter.

    Accents that have no letter of their own, vowel signs and tone marks of Indic and South-East Asian scripts, joined
    emoji: a text that ends before one of them reads as another one. Where all is one such cluster, `length` itself.
    """
    cut = length
    while 0 < cut < len(text) and (_follows(text[cut]) or text[cut - 1] == JOINER):
        cut -= 1
    return cut or length


def _follows(character: str) -> bool:
    """Whether it is part of what stands before it."""
    if character in AFTER or "🏻" <= character <= "🏿":
        return True
    return unicodedata.category(character).startswith("M")
