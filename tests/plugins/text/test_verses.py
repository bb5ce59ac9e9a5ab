from itertools import pairwise

from multigan.plugins.text import modality
from multigan.plugins.text.verses import VERSES, write_verses


def test_verses_are_quatrains_and_the_same_each_time():
    poems = write_verses(200)
    assert poems == write_verses(200)
    assert poems == write_verses(400)[:200]
    assert poems != write_verses(200, seed=1)
    assert {poem.count("\n") for poem in poems} == {3}
    lines = [line.split() for poem in poems for line in poem.split("\n")]
    assert {len(line) for line in lines} > {4, 5, 6}
    assert not any(word == "a" and after[0] in "aeiou" for line in lines for word, after in pairwise(line))


def test_they_are_an_embedded_source():
    data = modality.load("verses")
    assert len(data.items) == VERSES
    assert data.spec.meta["vocabulary"]["kind"] == "word"
    assert "\n" in data.spec.meta["vocabulary"]["entries"]
    assert any(line.startswith("5,000 poems") for line in data.report)
