from pathlib import Path

import pytest

import multigan
from multigan.core.errors import DataError
from multigan.generator import foresee as module
from multigan.generator.foresee import foresee

POINTS = Path(__file__).parents[1] / "data" / "generator-points-first-layout"


@pytest.fixture(scope="module")
def generator():
    return multigan.load(POINTS)


def test_many_samples_are_reckoned_from_a_few_and_nothing_is_left(generator, tmp_path):
    cost = foresee(generator, 1_280_000, tmp_path / "a" / "b", generator.save)
    assert 10_000 * 128 * 10 < cost.disk < 10_000 * 128 * 100  # "0.123456,-0.123456" a line
    assert cost.memory > 1_280_000 * 8
    assert cost.seconds > 0
    assert "MiB on the disk" in str(cost)
    assert list(tmp_path.iterdir()) == []


def test_little_is_told_in_small_units(generator, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "memory_bytes", lambda: 3 * 2**20)
    with pytest.raises(DataError, match=r"take about [\d,.]+ MiB of memory; expected less than the 3\.0 MiB"):
        foresee(generator, 500_000, tmp_path, generator.save)


def test_what_does_not_fit_is_refused_before_anything_is_written(generator, tmp_path, monkeypatch):
    with pytest.raises(DataError, match="of memory; expected less than"):
        foresee(generator, 10**12, tmp_path, generator.save)
    monkeypatch.setattr(module, "memory_bytes", lambda: 2**80)
    with pytest.raises(DataError, match=r"GiB on the disk of .*are free there"):
        foresee(generator, 10**15, tmp_path / "a", generator.save)
    assert list(tmp_path.iterdir()) == []
