import re

from multigan.report.scores import bar, scores


def positions(html):
    found = {name: float(x) for name, x in re.findall(r'class="(rail|floor|base)" x1="([\d.]+)"', html)}
    return found | {"value": float(re.search(r'cx="([\d.]+)"', html)[1])}


def test_a_bar_puts_marks_in_order(evaluation):
    at = positions(bar(evaluation["scores"][0]))
    assert at["floor"] == 8
    assert at["base"] == 232
    assert abs(at["value"] - (8 + 224 * 2 / 8.5)) < 0.06


def test_no_bar_for_a_number_alone():
    assert bar({"value": 1.0}) is None
    assert bar({"value": None, "floor": 1.0, "baseline": 2.0}) is None


def test_zero_is_a_number():
    assert bar({"value": 0, "floor": 0.0, "baseline": 1}) is not None


def test_every_frame_is_shown_and_escaped(evaluation):
    html = scores(evaluation)
    for part in ("Fréchet distance", "2.5", "2 – 3", "held-out reals", "1,000 fakes, 900 reals", "abababab"):
        assert part in html
    assert "few &lt;items&gt;" in html


def test_missing_values_are_dashes():
    html = scores({"scores": [{"key": "k", "value": None}]})
    assert html.count("—") >= 4


def test_a_note_that_several_scores_share_is_said_once():
    row = {"title": "a", "value": 1.0, "floor": 0.5, "floor_note": "other reals", "baseline_note": "only here"}
    html = scores({"scores": [row, {**row, "title": "b", "baseline_note": None}]})
    assert html.count("other reals") == 1
    assert html.count("<sup>1</sup>") == 2
    assert html.count("only here") == 1


def test_shares_are_in_percent_and_other_units_are_named():
    share = {"title": "a", "value": 0.25, "low": 3.47e-18, "high": 0.5, "unit": "%"}
    html = scores({"scores": [share, {"title": "level", "value": -20.0, "unit": "dB"}]})
    assert "25 %" in html
    assert "0 % – 50 %" in html
    assert "level, dB" in html
