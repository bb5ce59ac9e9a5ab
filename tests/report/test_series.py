import math

import pytest

from multigan.report.series import phase_seconds, series_of, thin


def test_thinning_loses_no_spike():
    points = [(float(x), math.sin(x / 500)) for x in range(20_000)]
    points[7_777], points[13_001] = (7_777.0, 50.0), (13_001.0, -50.0)
    short = thin(points, 100)
    assert len(short) <= 100
    assert (7_777.0, 50.0) in short
    assert (13_001.0, -50.0) in short
    assert short == sorted(short)
    assert set(short) <= set(points)


def test_thinning_keeps_gaps():
    points = [(float(x), math.nan if x == 500 else 1.0) for x in range(1000)]
    assert any(math.isnan(y) for _, y in thin(points, 20))


def test_short_series_are_whole():
    assert thin([(0.0, 1.0), (1.0, 2.0)]) == [(0.0, 1.0), (1.0, 2.0)]


def test_series_of_rows():
    rows = [{"step": 1, "samples": 10, "a": 1.0}, {"step": 2, "samples": 20}, {"step": 3, "samples": 30, "a": None}]
    found = series_of(rows, "a", "name")
    assert found.name == "name"
    assert found.points[0] == (10.0, 1.0)
    assert math.isnan(found.points[1][1])


def test_time_per_phase_survives_a_resume():
    rows = [
        {"phase": "pretrain", "seconds": 4.0},
        {"phase": "adversarial", "seconds": 10.0},
        {"phase": "adversarial", "seconds": 3.0},  # the clock of a new process
        {"phase": "adversarial", "seconds": 5.0},
    ]
    assert phase_seconds(rows) == pytest.approx({"pretrain": 4.0, "adversarial": 11.0})
