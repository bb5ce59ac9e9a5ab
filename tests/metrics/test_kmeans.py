import pytest
import torch
from sklearn.cluster import KMeans

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.kmeans import assign, kmeans, lloyd


def clusters(n, seed=0, spread=0.1):
    generator = torch.Generator().manual_seed(seed)
    centres = torch.tensor([[0.0, 0], [10, 0], [0, 10], [10, 10], [30, 5]], dtype=torch.float64)
    which = torch.arange(n) % 5
    return centres[which] + spread * torch.randn(n, 2, generator=generator, dtype=torch.float64), which, centres


def test_lloyds_steps_are_scikit_learns():
    x = torch.randn(5000, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    start = x[:8]
    found = lloyd(x, start, iterations=1000)
    reference = KMeans(8, init=start.numpy(), n_init=1, max_iter=1000, tol=0, algorithm="lloyd").fit(x.numpy())
    assert torch.allclose(found, torch.from_numpy(reference.cluster_centers_), atol=1e-9)
    assert assign(x, found).tolist() == reference.labels_.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_plain_clusters_are_found(seed):
    x, which, centres = clusters(1000)
    found = kmeans(x, 5, Draw(seed))
    assert torch.cdist(found, centres).min(1).values.max() < 0.05
    cells = assign(x, found)
    assert all(len(cells[which == k].unique()) == 1 for k in range(5))


def test_the_same_draw_gives_the_same_cells():
    x, _, _ = clusters(300, spread=5)
    assert torch.equal(kmeans(x, 7, Draw(1)), kmeans(x, 7, Draw(1)))
    assert not torch.equal(kmeans(x, 7, Draw(1)), kmeans(x, 7, Draw(2)))


def test_equal_rows_and_empty_cells_are_no_trouble():
    found = kmeans(torch.ones(20, 3), 4, Draw(0))
    assert found.shape == (4, 3)
    assert found.isfinite().all()
    far = lloyd(torch.zeros(5, 1), torch.tensor([[0.0], [9.0]]))
    assert far.tolist() == [[0.0], [9.0]]


def test_nonsense_is_refused():
    with pytest.raises(ShapeError, match="5 or more"):
        kmeans(torch.zeros(3, 2), 5, Draw(0))
    with pytest.raises(ShapeError, match="0 cells"):
        kmeans(torch.zeros(3, 2), 0, Draw(0))
