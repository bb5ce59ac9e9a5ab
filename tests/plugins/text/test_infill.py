import itertools

import pytest
import torch
from torch import nn

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.text.infill import fill, fill_tokens, tokens_of
from multigan.plugins.text.vocabulary import Vocabulary

WORDS = ["", "�", "a", "b", "c", "d"]
SPEC = Spec("text", (5, 6), (), {"vocabulary": Vocabulary("word", WORDS).to_meta(), "end": 0})


class Chain(nn.Module):
    """A Markov chain with a table of transitions; the first token follows token 0."""

    def __init__(self, seed=0):
        super().__init__()
        self.table = 2 * torch.randn(6, 6, generator=torch.Generator().manual_seed(seed))

    def logits(self, tokens):
        before = torch.cat([torch.zeros(len(tokens), 1, dtype=torch.long), tokens[:, :-1]], 1)
        return self.table[before]


def likelihood(net, row, end):
    steps = net.logits(row[None])[0].log_softmax(1).gather(1, row[:, None])[:, 0]
    length = row.tolist().index(end) + 1 if end in row.tolist() else len(row)
    return float(steps[:length].sum())


@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_what_trying_everything_finds(seed):
    net, tokens = Chain(seed), torch.tensor([2, 1, 3, 1, 0])
    hole = torch.tensor([False, True, False, True, False])
    found, scores = fill_tokens(net, tokens, hole, beam=16, candidates=4, end=0)
    tried = {}
    for first, second in itertools.product(range(2, 6), repeat=2):
        row = torch.tensor([2, first, 3, second, 0])
        tried[first, second] = likelihood(net, row, 0)
    best = max(tried, key=tried.get)
    assert (found[0, 1].item(), found[0, 3].item()) == best
    assert scores.tolist() == pytest.approx(sorted(tried.values(), reverse=True), abs=1e-4)


def test_what_follows_decides():
    net = Chain()
    net.table = torch.zeros(6, 6)
    net.table[2, 3], net.table[2, 4], net.table[4, 5] = 1.0, 0.5, 6.0  # b is likelier after a, but only c leads to d
    tokens, hole = torch.tensor([2, 1, 5, 0, 0]), torch.tensor([False, True, False, False, False])
    assert fill_tokens(net, tokens, hole, beam=4, candidates=4, end=0)[0][0, 1] == 4
    assert fill_tokens(net, tokens, hole, beam=1, candidates=1, end=0)[0][0, 1] == 3


def test_known_words_stay_as_they_were_written_even_unknown_ones():
    results = fill(Chain(), "zebra  ____ b", SPEC, beam=3)
    assert len(results) == 3
    for result in results:
        assert result.text.startswith("zebra  ")
        assert result.text.endswith(" b")
        assert result.text.split()[1] in WORDS[2:]
    assert results[0].log_likelihood >= results[1].log_likelihood


def test_letters_are_masked_one_by_one():
    spec = Spec("text", (5, 6), (), {"vocabulary": Vocabulary("character", WORDS).to_meta(), "end": 0})
    tokens, hole = tokens_of("a_b_", spec)
    assert hole.tolist() == [False, True, False, True, False]
    assert tokens.tolist() == [2, 1, 3, 1, 0]
    text = fill(Chain(), "a_b_", spec)[0].text
    assert (len(text), text[0], text[2]) == (4, "a", "b")


@pytest.mark.parametrize(("line", "message"), [("a b", "nothing is masked"), ("a b c d a ____", "a line of 6 tokens")])
def test_lines_that_cannot_be_filled_are_refused(line, message):
    with pytest.raises(DataError, match=message):
        fill(Chain(), line, SPEC)


def test_a_net_that_cannot_say_how_likely_is_refused():
    with pytest.raises(DataError, match="how likely"):
        fill(nn.Linear(1, 1), "a ____", SPEC)


PIECES = ["", "�", " a", " b", ".", "b"]


def test_pieces_are_filled_with_the_space_that_stands_there():
    spec = Spec("text", (5, 6), (), {"vocabulary": Vocabulary("piece", PIECES).to_meta(), "end": 0})
    tokens, hole = tokens_of("a ____.", spec)
    assert (tokens.tolist(), hole.tolist()) == ([2, 1, 4, 0, 0], [False, True, False, False, False])
    assert {one.text for one in fill(Chain(), "a ____.", spec)} == {"a a.", "a b."}
    assert {one.text for one in fill(Chain(), "a.____", spec)} == {"a..", "a.b"}


def test_a_vocabulary_that_cannot_be_filled_in_says_which_can():
    words = Vocabulary.learn(["abc abc"] * 3, "bpe", 9, 1)
    spec = Spec("text", (5, len(words)), (), {"vocabulary": words.to_meta(), "end": 0})
    with pytest.raises(DataError, match=r"byte pairs; expected one of words, pieces or characters.*data.tokens=piece"):
        fill(Chain(), "a ____", spec)


def test_a_hole_that_no_token_fits_is_refused():
    spec = Spec("text", (5, 4), (), {"vocabulary": Vocabulary("piece", ["", "�", " a", " b"]).to_meta(), "end": 0})
    net = Chain()
    net.table = net.table[:4, :4]
    with pytest.raises(DataError, match="no piece of this generator fits"):
        fill(net, "a (____", spec)
