import pytest

from multigan.core.errors import DataError, MultiGANError
from multigan.plugins.text import modality
from multigan.plugins.text.embedded import EMBEDDED, embedded_pairs


@pytest.mark.parametrize("name", EMBEDDED)
def test_sets_are_the_same_at_every_call_and_more_of_them_begin_alike(name):
    one, more = embedded_pairs(name, n=50), embedded_pairs(name, n=60)
    assert (one.source, one.target) == (more.source[:50], more.target[:50])
    assert all(text and text == text.strip() and "{" not in text for text in one.source + one.target)
    assert len(set(one.target)) > 40


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
