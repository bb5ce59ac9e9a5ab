import pytest

from multigan.core.types import Spec
from multigan.plugins.text.data import TextOptions, load_oracle, tokenize
from multigan.plugins.text.meta import check_spec

TEXTS = ["the moon is out", "the sun is up", "the moon is gone"] * 4


@pytest.mark.parametrize("kind", ["character", "word", "bpe"])
def test_what_the_loader_says_is_whole(kind):
    spec = tokenize(TEXTS, TextOptions(tokens=kind)).spec
    check_spec(spec)
    entries = [*spec.meta["vocabulary"]["entries"]]
    entries[2] = entries[3]
    meta = {**spec.meta, "vocabulary": {**spec.meta["vocabulary"], "entries": entries}}
    with pytest.raises(ValueError, match="entries 2 and 3 are the same"):
        check_spec(Spec("text", spec.shape, (), meta, 1))


def test_byte_pairs_are_those_of_their_tokenizer():
    spec = tokenize(TEXTS, TextOptions(tokens="bpe")).spec
    entries = ["[END]", "[UNK]", *reversed(spec.meta["vocabulary"]["entries"][2:])]
    meta = {**spec.meta, "vocabulary": {**spec.meta["vocabulary"], "entries": entries}}
    with pytest.raises(ValueError, match="not those of its tokenizer"):
        check_spec(Spec("text", spec.shape, (), meta, 1))


def test_numbers_need_no_entries_and_no_end():
    spec = load_oracle(2, 5, 4, 3, 0).spec
    check_spec(spec)
    with pytest.raises(ValueError, match="end = 0"):
        check_spec(Spec("text", spec.shape, (), {**spec.meta, "end": 0}, 1))
    with pytest.raises(ValueError, match="a vocabulary of 5 entries"):
        check_spec(Spec("text", (4, 6), (), spec.meta, 1))
