import torch

from multigan.plugins.text.encode import LONGEST, common_length, encode
from multigan.plugins.text.vocabulary import END, UNKNOWN, Vocabulary


def test_rows_are_padded_and_cut_and_counted():
    vocabulary = Vocabulary.learn(["a b", "a"], "word", 9, 1)
    a, b = vocabulary.encode("a b")
    found = encode(["a b a", "b", "z"], vocabulary, 2)
    assert torch.equal(found.ids, torch.tensor([[a, b], [b, END], [UNKNOWN, END]], dtype=torch.int32))
    assert found.sizes.tolist() == [3, 1, 1]
    assert found.unknown.tolist() == [0, 0, 1]


def test_the_length_is_what_nearly_all_need():
    assert common_length([3] * 200 + [50]) == 4
    assert common_length([500]) == LONGEST
    vocabulary = Vocabulary.learn(["abc"], "character", 9, 1)
    assert encode(["abc", "a"], vocabulary).length == 4


def test_a_cut_leaves_whole_letters():
    texts = ["xb\u0323\u0301c"]
    vocabulary = Vocabulary.learn(texts, "character", 9, 1)
    found = encode(texts, vocabulary, 3)
    assert vocabulary.decode(found.ids[0].tolist()) == "x"
