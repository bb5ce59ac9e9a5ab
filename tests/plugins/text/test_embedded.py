import pytest

from multigan.core.errors import DataError, MultiGANError
from multigan.plugins.text import modality
from multigan.plugins.text.embedded import EMBEDDED, embedded_pairs
from multigan.plugins.text.headlines import story
from multigan.plugins.text.pick import Pick
from multigan.plugins.text.sentences import sentence, spelt
from multigan.plugins.text.smalltalk import exchange


@pytest.mark.parametrize("name", EMBEDDED)
def test_sets_are_the_same_at_every_call_and_more_of_them_begin_alike(name):
    one, more = embedded_pairs(name, n=50), embedded_pairs(name, n=60)
    assert (one.source, one.target) == (more.source[:50], more.target[:50])
    assert all(text and text == text.strip() and "{" not in text for text in one.source + one.target)
    assert len(set(one.target)) > 40


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


def test_replies_speak_of_what_they_were_asked():
    pick = Pick(0)
    rows = [exchange(pick) for _ in range(500)]
    asked = [(one, other) for one, other in rows if one.startswith("Where is the")]
    assert asked
    assert sum(one[13:-1] in other for one, other in asked) > len(asked) / 2


def test_leads_hold_what_their_headline_says():
    pick = Pick(0)
    for _ in range(300):
        headline, lead = story(pick)
        assert sum(word in lead for word in headline.split()) >= 2


def test_columns_are_chosen_by_name():
    both = embedded_pairs("sentences", ("fr", "en"), 5)
    assert both.target == embedded_pairs("sentences", n=5).source
    assert embedded_pairs("sentences", ("fr", "en"), 5, swap=True).source == both.target
    with pytest.raises(DataError, match="no column 'it'; expected one of en, de, fr"):
        embedded_pairs("sentences", ("it", ""))
    with pytest.raises(DataError, match=r"both the column 'de'.*input\.column=en"):
        embedded_pairs("sentences", ("de", "de"))


def test_one_side_alone_is_a_set_of_texts():
    data = modality.load("headlines", n=20)
    assert len(data.items) == 20
    with pytest.raises(MultiGANError, match="did you mean 'headlines'"):
        modality.load("headline")
