import pytest

from multigan.plugins.text.headed import is_header, may_be_header, not_pairs

DATES = [("the 6th of March 1971", "1971-03-06"), ("May 3, 2021", "2021-05-03"), ("1 June 1999", "1999-06-01")]
COMPACT = [("20210503", "date 2021-05-03"), ("20200101", "date 2020-01-01"), ("19990601", "date 1999-06-01")]
GREETINGS = [("Guten Tag, Anna.", "Good day, Anna."), ("Tschüss", "Bye"), ("Wie geht es?", "How are you?")]
WORDS = [("fox", "bear"), ("hen", "rooster"), ("cow", "bull")]
SHORT = [("er", "he"), ("sie", "she"), ("wir", "we")]
PHRASES = [("a big cat", "eine große Katze"), ("my dog", "mein Hund"), ("one fine day", "ein schöner Tag")]


@pytest.mark.parametrize(
    ("first", "below"),
    [
        (("date", "iso"), DATES),
        (("written date", "ISO"), DATES),
        (("en", "de"), WORDS),
        (("EN", "pt-BR"), PHRASES),
        (("question", "answer"), WORDS),
        (("source_text", "target_text"), PHRASES),
        (("English", "German"), WORDS),
        (("prompt", "what is said"), PHRASES),
        (("asked", "said"), PHRASES),
    ],
)
def test_a_first_row_of_another_kind_is_a_header(first, below):
    assert is_header([first, *below])


@pytest.mark.parametrize(
    ("first", "below"),
    [
        (DATES[0], DATES[1:]),
        (COMPACT[0], COMPACT[1:]),
        (("Hallo", "Hello"), GREETINGS),
        (("cat", "dog"), WORDS),
        (("sun", "moon"), [*WORDS, ("sea", "sun")]),
        (("es", "it"), SHORT),
        (("question", "Frage"), [("song", "Lied"), ("house", "Haus")]),
        (("to run", "rennen"), [("to go", "gehen"), ("to be", "sein")]),
        (("Hallo.", "Hello."), DATES),
        (("Hallo", "Hello"), DATES),
        (("cat", "dog"), DATES),
        (("Hallo", "Hello"), []),
        (("dog", "Hund"), [*PHRASES, ("dog", "Dogge")]),
    ],
)
def test_in_doubt_a_first_row_is_a_pair(first, below):
    assert not is_header([first, *below])


@pytest.mark.parametrize(
    ("names", "below"),
    [
        (("id", "line"), PHRASES),
        (("Unnamed: 0", "line"), PHRASES),
        (("line", "label"), PHRASES),
        (("name", "age"), [("Anna", "31"), ("Paul", "4")]),
        (None, [("1", "A sentence."), ("2", "Another."), ("7", "A third.")]),
        (None, [("1.5", "3"), ("2", "4"), ("1", "7")]),
    ],
)
def test_numbers_and_labels_make_no_pairs(names, below):
    assert not_pairs(names, below)


@pytest.mark.parametrize(
    ("names", "below"), [(("date", "iso"), DATES), (None, COMPACT), (("en", "de"), [("1", "ein")])]
)
def test_two_columns_are_pairs_else(names, below):
    assert not not_pairs(names, below)


@pytest.mark.parametrize(
    ("first", "may"),
    [
        (("cat", "dog"), True),
        (("prompt", "What became of the others?"), True),
        (("How are you?", "Fine."), False),
        (("no.", "yes."), False),
        (("", "yes"), False),
    ],
)
def test_a_first_row_alone_may_be_a_header(first, may):
    assert may_be_header(first) == may
