"""What tokens count towards the length of a line: characters, words or English syllables."""

import re
from collections.abc import Collection, Sequence

from multigan.core.errors import DataError
from multigan.plugins.text.vocabulary import UNKNOWN, Vocabulary

__all__ = ["NO_WAY", "Lengths", "lengths_of", "syllables"]

NO_WAY = 1 << 40
"""Tokens that are never enough."""
MOSTLY = 0.9
_VOWELS = re.compile("[aeiouy]+")
_APART = re.compile("ia|io(?!n|u)|(?<=[^g])eo|iet|(?<!q)uet|(?<!q)ying|oing|uing|eing|sm$|thm$")
"""Two vowels that are two syllables, and endings that are one without a vowel."""
_SILENT = re.compile(
    "(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcghl])es$|(?<=[aeiouy]l)es$"
    "|(?<=[^aeiouyl])e(?=ly$|less|ful|ment|some)"
)
_KNOWN = {
    **dict.fromkeys(("crooked", "naked", "wicked", "sacred", "every", "evening", "people", "something"), 2),
    **dict.fromkeys(("poem", "poet", "poems", "poets", "science", "create", "lion", "lions", "giant", "quiet"), 2),
    **dict.fromkeys(("poetry", "idea", "ideas", "beloved", "different", "area"), 3),
}
"""Common words that spelling tells wrongly."""
_LATIN = re.compile("[a-z]+(?:['\u2019-][a-z]+)*['\u2019]?")


class Lengths:
    """Units of tokens, and the fewest tokens that make so many.

    Args:
        costs: units of each id; 0 = never drawn within a form.
        surplus: units that a line of n has beyond n, as where each word brings its space and the first has none.
    """

    def __init__(self, costs: Sequence[int], surplus: int = 0) -> None:
        self.costs, self.surplus = tuple(costs), surplus
        self._kinds = sorted({cost for cost in costs if cost})
        self._fewest = [0]

    def goal(self, units: int) -> int:
        """What the costs of a line's tokens have to add up to."""
        return units + self.surplus

    def fewest(self, units: int) -> int:
        """The fewest tokens whose costs add up to `units` exactly; `NO_WAY` where none do."""
        while len(self._fewest) <= units:
            at = len(self._fewest)
            ways = [self._fewest[at - cost] + 1 for cost in self._kinds if cost <= at]
            self._fewest.append(min(min(ways, default=NO_WAY), NO_WAY))
        return self._fewest[units]


def lengths_of(vocabulary: Vocabulary, unit: str, barred: Collection[int]) -> Lengths:
    """What every token of a vocabulary of characters or words counts.

    Characters are code points, with the spaces between words. Words are what stands between white space and has a
    letter or a digit. Syllables are counted by `syllables`. Tokens that cannot be counted are not drawn.

    Args:
        vocabulary: of characters or words.
        unit: `characters`, `words` or `syllables`.
        barred: ids that are never drawn.

    Raises:
        DataError: words or syllables of a generator of characters; syllables of a language that is not English.
    """
    words = vocabulary.kind == "word"
    if not words and unit != "characters":
        given = f"{unit} of a generator that writes character by character: none is known before it is written"
        raise DataError(given, "characters", "type --form 5x4:characters, or train with --set data.tokens=word")
    if unit == "syllables" and not _is_latin(vocabulary.entries[UNKNOWN + 1 :]):
        given = "syllables of words that are not in the letters a to z"
        raise DataError(given, "English words, by whose spelling they are counted", "count :words or :characters")
    count = {"characters": lambda entry: len(entry) + words, "words": _word, "syllables": _syllables}[unit]
    left = {*barred, 0, UNKNOWN}
    costs = [0 if k in left or entry == "\n" else count(entry) for k, entry in enumerate(vocabulary.entries)]
    return Lengths(costs, int(words and unit == "characters"))


def syllables(word: str) -> int:
    """Syllables of an English word by its spelling: groups of vowels, less a silent e, `-es` or `-ed`; 1 or more.

    An estimate: spelling does not tell them all, and some words have two ways to be said.
    """
    if word.lower() in _KNOWN:
        return _KNOWN[word.lower()]
    total = 0
    for part in re.split("['\u2019-]", word.lower()):
        if letters := re.sub("[^a-z]", "", part):
            found = len(_VOWELS.findall(letters)) + len(_APART.findall(letters)) - len(_SILENT.findall(letters))
            total += max(1, found) if len(letters) > 1 or letters in "aio" else 0
    return max(1, total)


def _word(entry: str) -> int:
    return int(any(character.isalnum() for character in entry))


def _syllables(entry: str) -> int:
    return syllables(entry) if _LATIN.fullmatch(entry.lower()) else 0


def _is_latin(entries: Sequence[str]) -> bool:
    words = [entry.lower() for entry in entries if any(map(str.isalpha, entry))]
    return bool(words) and sum(_LATIN.fullmatch(word) is not None for word in words) >= MOSTLY * len(words)
