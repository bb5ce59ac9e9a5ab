import pytest

from multigan.plugins.text.pick import Pick
from multigan.plugins.text.sentences import sentence, spelt


def test_a_sentence_has_one_translation():
    pick, known = Pick(1), {}
    for _ in range(20_000):
        en, de, fr = sentence(pick)
        assert known.setdefault(en, (de, fr)) == (de, fr)
    assert len(known) > 15_000


def test_sentences_as_a_person_would_write_them():
    found = {en: (de, fr) for en, de, fr in map(sentence, [Pick(0)] * 20)}
    assert found["How many shirts does the nurse have in Lisbon, Julia?"] == (
        "Wie viele Hemden hat die Krankenschwester in Lissabon, Julia?",
        "Combien de chemises l'infirmière a-t-elle à Lisbonne, Julia ?",
    )


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (16, ("sixteen", "sechzehn", "seize")),
        (21, ("twenty-one", "einundzwanzig", "vingt et un")),
        (70, ("seventy", "siebzig", "soixante-dix")),
        (71, ("seventy-one", "einundsiebzig", "soixante et onze")),
        (80, ("eighty", "achtzig", "quatre-vingts")),
        (81, ("eighty-one", "einundachtzig", "quatre-vingt-un")),
        (97, ("ninety-seven", "siebenundneunzig", "quatre-vingt-dix-sept")),
    ],
)
def test_numbers_in_words(n, words):
    assert tuple(spelt(n, language) for language in ("en", "de", "fr")) == words


def test_french_numbers_agree():
    assert spelt(31, "fr", feminine=True) == "trente et une"
    assert spelt(71, "fr", feminine=True) == "soixante et onze"
