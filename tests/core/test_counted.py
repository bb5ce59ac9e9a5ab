import pytest

from multigan.core.counted import counted


@pytest.mark.parametrize(
    ("n", "words", "said"),
    [
        (0, ("item",), "0 items"),
        (1, ("other file",), "1 other file"),
        (2, ("other file",), "2 other files"),
        (1, ("class", "classes"), "1 class"),
        (12_000, ("class", "classes"), "12,000 classes"),
    ],
)
def test_a_noun_takes_the_form_of_its_count(n, words, said):
    assert counted(n, *words) == said
