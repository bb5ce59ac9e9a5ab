"""Whatever the weights, texts are in form: nets here are untrained, and their favourite tokens are the wrong ones."""

import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.plugins.text import modality
from multigan.plugins.text.data import TextOptions, tokenize
from multigan.plugins.text.lengths import syllables
from multigan.plugins.text.steering import steering
from multigan.plugins.text.verses import write_verses
from multigan.plugins.text.vocabulary import END, Vocabulary

VERSES = tokenize(write_verses(300), TextOptions()).spec
LETTERS = tokenize(["ab c\nd efg\nhi j.k", "a\nbb\nccc dd"] * 4, TextOptions(tokens="character", length=40)).spec


def drawn(build, spec, n=64, seed=0, favourite=None, temperature=3.0, **wish):
    torch.manual_seed(0)
    G = build(spec).eval()
    with torch.no_grad():
        for parameter in G.parameters():
            parameter.mul_(4)
        if favourite is not None:
            G.out.bias[favourite] += 6
    G.steered = steering(spec, **wish)
    ids = G.sample(n, Draw(seed), temperature=temperature)
    return modality.render(F.one_hot(ids, spec.shape[1]).float(), spec)


def counts(text, unit):
    size = {"words": lambda line: len(line.split()), "characters": len}.get(unit)
    size = size or (lambda line: sum(syllables(word) for word in line.split()))
    return [size(line) for line in text.split("\n")]


@pytest.fixture(params=list(modality.generators))
def build(request):
    return modality.generators[request.param]


@pytest.mark.parametrize("favourite", [None, "end", "line end"])
@pytest.mark.parametrize(
    ("form", "unit", "lines"),
    [
        ("5x4", "words", [5] * 4),
        ("5/7/5:syllables", "syllables", [5, 7, 5]),
        ("11x3:characters", "characters", [11] * 3),
        ("29x1:words", "words", [29]),
        ("1x15:words", "words", [1] * 15),
    ],
)
def test_every_text_is_in_form(build, form, unit, lines, favourite):
    entries = Vocabulary.from_meta(VERSES.meta).entries
    wrong = {"end": END, "line end": entries.index("\n")}.get(favourite)
    texts = drawn(build, VERSES, form=form, favourite=wrong)
    assert [counts(text, unit) for text in texts] == [lines] * 64
    assert len(set(texts)) > 32


def test_lines_of_characters_have_no_space_at_their_ends_and_none_twice(build):
    space = Vocabulary.from_meta(LETTERS.meta).entries.index(" ")
    for text in drawn(build, LETTERS, form="7/1/9", favourite=space):
        assert counts(text, "characters") == [7, 1, 9]
        assert all(line == line.strip() and "  " not in line for line in text.split("\n"))


def test_an_acrostic_and_a_first_line_are_kept(build):
    texts = drawn(build, VERSES, form="5x3", acrostic="TAM", first="the wave rises under the")
    assert {text.split("\n")[0] for text in texts} == {"the wave rises under the"}
    assert {"".join(line[0] for line in text.split("\n")) for text in texts} == {"tam"}
    assert {tuple(counts(text, "words")) for text in texts} == {(5, 5, 5)}


def test_without_lengths_lines_are_as_long_as_they_like(build):
    ends = Vocabulary.from_meta(VERSES.meta).entries.index("\n")
    texts = drawn(build, VERSES, acrostic="wood", favourite=ends)
    assert {"".join(line[0] for line in text.split("\n")) for text in texts} == {"wood"}
    assert len({tuple(counts(text, "words")) for text in texts}) > 3
    long = drawn(build, VERSES, acrostic="wood")
    assert all(len(text.split("\n")) == 4 and min(counts(text, "words")) > 0 for text in long)
    begun = drawn(build, VERSES, first="the tide", favourite=ends)
    assert all(text.startswith("the tide\n") for text in begun)
    assert len({text.count("\n") for text in begun}) > 1
    assert min(min(counts(text, "words")) for text in begun) > 0


def test_draws_within_a_form_have_the_models_proportions(build):
    """Of what may stand first, shares are those of the model, renormalised."""
    torch.manual_seed(0)
    G = build(VERSES).eval()
    G.steered = steering(VERSES, form="1x1", acrostic="w")
    first = G.sample(2_000, Draw(1))[:, 0]
    entries = Vocabulary.from_meta(VERSES.meta).entries
    may = torch.tensor([entry.startswith("w") for entry in entries])
    wanted = G.logits(torch.zeros(1, 1, dtype=torch.long))[0, 0].double().detach().masked_fill(~may, -torch.inf)
    expected = F.softmax(wanted, 0)[may] * 2_000
    found = torch.bincount(first, minlength=len(entries))[may]
    assert int(found.sum()) == 2_000
    assert float(((found - expected) ** 2 / expected).sum()) < 60  # about 14 degrees of freedom


def test_the_same_seed_gives_the_same_text(build):
    assert drawn(build, VERSES, form="5x4", seed=3) == drawn(build, VERSES, form="5x4", seed=3)
    assert drawn(build, VERSES, form="5x4", seed=3) != drawn(build, VERSES, form="5x4", seed=4)
