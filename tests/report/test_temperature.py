import re

import pytest

from multigan.report.temperature import temperature


def at(nll, reverse):
    return {"lm_nll": nll, "reverse_nll": reverse, "bleu_5": 1 / nll, "self_bleu_5": 1 / reverse}


@pytest.fixture
def curve():
    """Two systems at two temperatures; the start is above the GAN everywhere."""
    return {
        "temperatures": [0.5, 1.0],
        "n_fake": 200,
        "n_real": 90,
        "seeds": [0, 1],
        "systems": {"GAN": [at(2.0, 4.0), at(3.0, 3.0)], "MLE start": [at(2.0, 5.0), at(3.0, 4.0)]},
        "real": at(2.5, 2.0),
        "verdict": ["it bought <diversity>"],
    }


def paths(html):
    """Class and ordinates of the curves of the first chart."""
    found = re.findall(r'<path class="(s\d[^"]*)" d="(M\d\d[^"]*)"', html.split("</figure>")[0])
    return [(style, [float(y) for y in re.findall(r" ([\d.]+)", d)]) for style, d in found]


def test_both_systems_and_real_text_are_drawn_with_the_verdict(curve):
    html = temperature({"curves": {"temperature": curve}})
    assert html.count("<figure") == 2
    assert "it bought &lt;diversity&gt;" in html
    assert "200 samples with each of 2 seeds, judged by 90 held-out lines" in html
    (gan_style, gan), (start_style, start), (real_style, real) = paths(html)
    assert (gan_style, start_style, real_style) == ("s0", "s1", "s2 alone")
    # Down on the page is a lower reverse NLL.
    assert gan[0] < gan[1]
    assert all(above < below for above, below in zip(start, gan, strict=True))
    assert real[0] > max(gan)


def test_without_a_curve_there_is_no_section():
    assert temperature({}) == ""
    assert temperature({"curves": {"temperature": {}}}) == ""


@pytest.mark.parametrize("damaged", [[], "x", {"systems": []}, {"systems": {"GAN": [None, {"lm_nll": "x"}]}}])
def test_damaged_curves_are_survived(damaged):
    assert temperature({"curves": {"temperature": damaged}}) == ""
    assert temperature({"curves": damaged}) == ""


def test_missing_numbers_are_left_out(curve):
    curve["systems"]["GAN"][0]["lm_nll"] = None
    curve["real"] = None
    assert [style for style, _ in paths(temperature({"curves": {"temperature": curve}}))] == ["s0 alone", "s1"]
