import pytest

from multigan.core.errors import DataError
from multigan.plugins.text.lengths import NO_WAY, Lengths, lengths_of, syllables
from multigan.plugins.text.vocabulary import Vocabulary

ONE = "wave gull tide fades shines wakes laughs played watched queen blue eyes stream leaves the a true breathe"
TWO = "sailor lantern meadow rises restless ancient gentle trembles candle lonely early hurries tables boxes being"
TWO += " rhythm crooked every poem moonlight snowflake people don't-know opened"
THREE = "nightingale whispering traveller forgotten remembers quietly beautiful violin radio idea"


@pytest.mark.parametrize(("words", "count"), [(ONE, 1), (TWO, 2), (THREE, 3)])
def test_syllables_of_common_words(words, count):
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_the_fewest_tokens_are_those_of_a_search():
    lengths = Lengths([0, 3, 5, 3])
    assert [lengths.fewest(n) for n in range(12)] == [0, *[NO_WAY] * 2, 1, NO_WAY, 1, 2, NO_WAY, 2, 3, 2, 3]


def test_words_have_a_letter_and_characters_their_space():
    vocabulary = Vocabulary.learn(["the sea , 7\nsings"], "word", 20, 1)
    entries = vocabulary.entries
    words, letters = (lengths_of(vocabulary, unit, (1,)) for unit in ("words", "characters"))
    assert {entries[k] for k, cost in enumerate(words.costs) if cost} == {"the", "sea", "7", "sings"}
    sums = sum(letters.costs[entries.index(word)] for word in ("the", "sea", ","))
    assert letters.goal(len("the sea ,")) == sums
    assert lengths_of(vocabulary, "syllables", (1,)).costs[entries.index("7")] == 0


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(DataError, match="character by character"):
        lengths_of(Vocabulary.learn(["abc"], "character", 20, 1), "words", ())
    with pytest.raises(DataError, match="letters a to z"):
        lengths_of(Vocabulary.learn(["春 眠 不"], "word", 20, 1), "syllables", ())
