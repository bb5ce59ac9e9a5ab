import pytest
import torch

from multigan.core.errors import ShapeError
from multigan.metrics.blocks import (
    check_features,
    check_pair,
    mean_of,
    row_blocks,
    spans,
    squared_distances,
    squared_tiles,
)


def normal(n, d, seed=0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_spans_cut_a_range_without_gaps():
    assert [i for span in spans(10, 4) for i in range(10)[span]] == list(range(10))
    assert list(spans(0, 4)) == []


def test_the_mean_of_small_numbers_survives_float32():
    x = (torch.rand(20_000, 2, generator=torch.Generator().manual_seed(0)) + 1e4).float()
    assert torch.allclose(mean_of(x), x.double().mean(0), rtol=1e-14, atol=0)


def test_row_blocks_are_the_rows_in_double():
    x = normal(10, 3).float()
    blocks = list(row_blocks(x, 4))
    assert [len(b) for b in blocks] == [4, 4, 2]
    assert torch.equal(torch.cat(blocks), x.double())


@pytest.mark.parametrize("upper", [False, True])
def test_tiles_cover_every_pair_once(upper, monkeypatch):
    monkeypatch.setattr("multigan.metrics.blocks.ROWS", 7)
    monkeypatch.setattr("multigan.metrics.blocks.COLUMNS", 11)
    x, y = normal(30, 5), normal(30 if upper else 23, 5, 0 if upper else 1)
    found = torch.full((len(x), len(y)), -1.0, dtype=torch.float64)
    for rows, columns, tile in squared_tiles(x, y, upper=upper):
        assert (found[rows, columns] == -1).all()
        found[rows, columns] = tile
        if upper:
            found[columns, rows] = tile.T
    assert torch.allclose(found, torch.cdist(x, y).square(), atol=1e-12)


def test_copies_are_at_distance_zero_though_far_from_the_origin():
    x = normal(50, 300) + 1e3
    rows = x - x.mean(0)
    squared = squared_distances(rows, rows)
    assert (squared.diagonal() == 0).all()
    assert (squared[~torch.eye(50, dtype=torch.bool)] > 100).all()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (torch.zeros(3), "flatten"),
        (torch.zeros(3, 2, dtype=torch.int64), "floats"),
        (torch.zeros(1, 2), "2 or more"),
        (torch.tensor([[0.0, torch.nan], [0, 1], [torch.inf, 0]]), "2 of 3 rows"),
        (torch.zeros(3, 0), "floats"),
    ],
)
def test_what_is_no_set_of_features_is_refused(bad, said):
    with pytest.raises(ShapeError, match=said):
        check_features(bad, "fake")


def test_unequal_widths_are_refused():
    with pytest.raises(ShapeError, match="one extractor"):
        check_pair(torch.zeros(3, 2), torch.zeros(3, 4))
