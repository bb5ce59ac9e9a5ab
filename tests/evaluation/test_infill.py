import pytest
import torch

from multigan.core.errors import DataError
from multigan.evaluation.infill import bigram_fill, infill_rows, masked
from multigan.generator.generator import load


def test_one_known_word_of_each_row_is_masked():
    tokens = torch.tensor([[5, 6, 0, 0], [1, 9, 1, 0]])
    hole = masked(tokens, 3)
    assert hole.sum(1).tolist() == [1, 1]
    assert (tokens[hole] > 1).all()
    assert torch.equal(hole, masked(tokens, 3))
    with pytest.raises(DataError, match="without a known word"):
        masked(torch.tensor([[1, 0]]), 0)


def test_counts_of_neighbours_fill_what_they_know():
    trained = torch.tensor([[2, 3, 4, 0], [2, 3, 4, 0], [2, 5, 4, 0], [6, 7, 0, 0]])
    tokens = torch.tensor([[2, 9, 4, 0], [6, 9, 8, 0], [9, 9, 9, 0]])
    hole = torch.tensor([[0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]).bool()
    assert bigram_fill(trained, tokens, hole, 3).tolist() == [3, 7, 3]


def test_a_generator_is_scored_beside_its_rivals(tiny_runs):
    generator = load(tiny_runs("text/surnames"))
    tokens = torch.tensor([[2, 3, 4, 2, 2], [2, 2, 5, 2, 0], [3, 2, 2, 0, 0]])
    tokens = torch.cat([tokens, torch.zeros(3, generator.spec.shape[0] - 5, dtype=torch.long)], 1)
    rows = infill_rows(generator, tokens, tokens, 0)
    assert [row[1] for row in rows] == [
        "generator",
        "generator, left to right",
        "neighbours' counts",
        "most frequent token",
    ]
    for _, _, score, mean, low, high in rows:
        assert score == "token_accuracy"
        assert 0 <= low <= mean <= high <= 1
    assert rows[2][3] > 0.6  # the held-out lines are in its counts
