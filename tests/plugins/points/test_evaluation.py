"""Mode coverage with its frame."""

from dataclasses import replace

import pytest
import torch

from multigan.metrics.coverage import CEILING_2D
from multigan.plugins import modalities
from multigan.plugins.points.evaluation import coverage

points = modalities.get("points")
data = points.load("ring", n=4000)
REAL = points.render(points.to_real(data.items.points, data.spec), data.spec)


def by_key(fake):
    return {row["key"]: row for row in points.own_scores(fake, REAL[:1000], REAL[1000:2000], data.spec)}


def test_reals_reach_everything():
    rows = by_key(REAL[2000:3000])
    assert rows["modes"]["value"] == rows["modes"]["floor"] == 8
    assert rows["high_quality"]["value"] == pytest.approx(CEILING_2D, abs=0.015)
    assert rows["reverse_kl"]["value"] < 0.05
    assert rows["high_quality"]["baseline"] < 0.05


def test_dropped_modes_are_seen():
    rows = by_key([point for point in REAL[2000:] if point[0] > 0.1][:1000])
    assert rows["modes"]["value"] == 3
    assert rows["reverse_kl"]["value"] == pytest.approx(torch.tensor(8 / 3).log().item(), abs=0.02)


def test_unknown_mixtures_have_none(tmp_path):
    (tmp_path / "p.csv").write_text("1,2\n3,4\n")
    spec = points.load(str(tmp_path / "p.csv")).spec
    assert points.own_scores(REAL, REAL, REAL, spec) == []


def test_coverage_of_samples_in_the_space_of_d():
    real = points.to_real(data.items.points, data.spec)
    found = coverage(real, data.spec)
    assert found["modes"] == 8
    assert found["high_quality"] > 0.98
    assert found["reverse_kl"] < 0.002


def test_coverage_of_an_unknown_mixture_is_nothing():
    assert coverage(torch.zeros(2, 2), replace(data.spec, meta={"centre": [0, 0], "scale": 1})) == {}


def test_what_is_infinite_is_no_score():
    rows = by_key([(99.0, 99.0)] * 100)
    assert rows["modes"]["value"] == 0
    assert "reverse_kl" not in rows
