import itertools
import math
import re
import xml.etree.ElementTree as ET

import pytest

from multigan.report.chart import chart, short, ticks
from multigan.report.series import Series


def curve_of(html):
    """Points of the first curve of the plot (not of its key)."""
    return re.findall(r"[ML]([\d.-]+) ([\d.-]+)", html.split('viewBox="0 0 320')[1])


def test_ticks_are_round_and_inside():
    assert ticks(0, 1) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(-3, 41, 4) == [0, 20, 40]
    assert ticks(2, 2) == [2]


def test_numbers_are_short():
    assert [short(v) for v in (12_000, 3_400_000, 0.0345678, math.nan, 0)] == ["12k", "3.4M", "0.0346", "—", "0"]


def test_a_curve_is_where_its_numbers_are():
    html = chart("t", [Series("a", [(0, 0.0), (50, 5.0), (100, 10.0)])])
    (x0, y0), (x1, y1), (x2, y2) = [(float(x), float(y)) for x, y in curve_of(html)]
    assert x0 < x1 < x2
    assert y0 > y1 > y2
    assert x1 == pytest.approx((x0 + x2) / 2, abs=0.2)
    assert y1 == pytest.approx((y0 + y2) / 2, abs=0.2)


def test_nan_and_infinity_break_the_curve():
    html = chart("t", [Series("a", [(0, 1.0), (1, 2.0), (2, math.inf), (3, 1.0), (4, math.nan)])])
    assert len(re.findall(r"M[\d.]+ [\d.]+", html.split('viewBox="0 0 320')[1])) == 2
    assert "nan" not in html
    assert "inf" not in html


def test_nothing_finite_is_said():
    assert "no finite number" in chart("t", [Series("a", [(0, math.nan)])])


def test_wide_ranges_are_logarithmic():
    points = [(float(n), 10.0**n) for n in range(-4, 5)]
    ys = [float(y) for _, y in curve_of(chart("t", [Series("a", points)]))]
    steps = [a - b for a, b in itertools.pairwise(ys)]
    assert max(steps) - min(steps) < 0.3


def test_it_is_well_formed_escaped_and_told():
    html = chart("<b>", [Series("a&b", [(0, 1.0), (1, 2.0)]), Series("c", [(0, 1.0)])], marks=[0.5])
    root = ET.fromstring(html)
    assert "a&b ends at 2" in root.find("svg").get("aria-label")
    assert "<b>" not in html
