import contextlib
import io

import pytest
import torch
from prdc import compute_prdc
from torch_fidelity.metric_prc import prc_features_to_metric

from multigan.core.errors import ShapeError
from multigan.metrics import blocks
from multigan.metrics.neighbours import expected_coverage, prdc, squared_radii


def normal(n, d, seed, shift=0.0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


def by_prdc(real, fake, k):
    with contextlib.redirect_stdout(io.StringIO()):
        return compute_prdc(real.numpy(), fake.numpy(), k)


@pytest.mark.parametrize(
    ("n", "m", "d", "k"), [(300, 300, 4, 5), (700, 400, 32, 5), (200, 500, 200, 3), (90, 60, 2, 1)]
)
@pytest.mark.parametrize("shift", [0.0, 0.4])
def test_equal_to_prdc(n, m, d, k, shift, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 64)
    monkeypatch.setattr(blocks, "COLUMNS", 100)
    real, fake = normal(n, d, 1), 0.8 * normal(m, d, 2, shift)
    found, reference = prdc(real, fake, k), by_prdc(real, fake, k)
    for name, value in reference.items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-12), name


def test_single_precision_input_is_computed_in_double():
    real, fake = normal(400, 16, 1, 100.0).float(), normal(400, 16, 2, 100.0).float()
    assert vars(prdc(real, fake)) == pytest.approx(by_prdc(real.double(), fake.double(), 5), rel=1e-12)


def test_precision_and_recall_are_torch_fidelitys():
    """Its balls hold their edge; without ties that is the same."""
    real, fake = normal(400, 12, 1), 0.7 * normal(400, 12, 2)
    reference = prc_features_to_metric(fake, real, prc_neighborhood=5, prc_batch_size=128, verbose=False)
    found = prdc(real, fake, 5)
    assert found.precision == pytest.approx(reference["precision"], rel=1e-6)
    assert found.recall == pytest.approx(reference["recall"], rel=1e-6)


def test_radii_leave_the_row_itself_out(monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 8)
    x = normal(50, 3, 1)
    distances = torch.cdist(x, x).square().sort(1).values
    for k in (1, 4, 12):
        assert torch.allclose(squared_radii(x, k), distances[:, k], rtol=1e-9)


def test_copies_empty_the_balls():
    real = normal(200, 8, 1)
    copied = real[:20].repeat(10, 1)
    found = prdc(real, copied)
    assert found.precision == 1
    assert found.recall == 0
    assert prdc(copied, real).coverage == 0
    assert prdc(real, real[torch.randperm(200, generator=torch.Generator().manual_seed(0))]).coverage == 1


def test_distant_fakes_get_nothing():
    assert vars(prdc(normal(100, 4, 1), normal(100, 4, 2, 50.0))) == {
        "precision": 0, "recall": 0, "density": 0, "coverage": 0
    }  # fmt: skip


def test_expected_coverage_is_what_equal_distributions_get():
    found = [prdc(normal(300, 4, 2 * s), normal(200, 4, 2 * s + 1), 3) for s in range(30)]
    coverage = torch.tensor([f.coverage for f in found])
    assert coverage.mean() == pytest.approx(expected_coverage(300, 200, 3), abs=4 * coverage.std().item() / 30**0.5)
    assert sum(f.density for f in found) / 30 == pytest.approx(200 / 200, abs=0.35)
    assert expected_coverage(10**7, 10**7) == pytest.approx(1 - 2**-5, abs=1e-5)


def test_too_little_is_refused():
    with pytest.raises(ShapeError, match="6 or more"):
        prdc(normal(5, 2, 1), normal(50, 2, 1))
    with pytest.raises(ShapeError, match="k = 0"):
        prdc(normal(50, 2, 1), normal(50, 2, 1), 0)
