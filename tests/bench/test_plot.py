import math
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from multigan.bench.plot import check_plot_path, mode_plot, write_plot
from multigan.core.errors import RunError

SETS = {"ring": {"floor": {"reverse_kl": 0.0014}}, "grid": {"floor": {"reverse_kl": 0.005}}}
MODES = {"ring": 8, "grid": 25}
SVG = "{http://www.w3.org/2000/svg}"


def row(kind, config, seed, kl, modes=8):
    return {"set": kind, "config": config, "seed": seed, "reverse_kl": kl, "modes": modes}


ROWS = [
    row("ring", "default", 0, 0.002),
    row("ring", "default", 1, 0.003, 7),
    row("ring", "a<b>", 0, 1.9, 2),
    row("grid", "default", 0, 0.01, 25),
    {"set": "grid", "config": "hinge", "seed": 0, "diverged": "x"},
]


def test_one_dot_a_seed_in_order_of_their_kl():
    root = ET.fromstring(mode_plot(SETS, ROWS, MODES))
    dots = {dot.find(f"{SVG}title").text: float(dot.get("cx")) for dot in root.iter(f"{SVG}circle")}
    assert len(dots) == 4
    ring = [dots[name] for name in ("default, seed 0: 0.0020", "default, seed 1: 0.0030", "a<b>, seed 0: 1.9000")]
    assert ring == sorted(ring)
    # The axis is logarithmic: equal factors are equal steps, and the panel's ends are powers of ten.
    unit = (ring[2] - ring[0]) / math.log(1.9 / 0.002)
    assert ring[1] - ring[0] == pytest.approx(unit * math.log(1.5), abs=0.2)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "7.5" in texts
    assert "ring: 8 modes" in texts
    assert "hinge" not in texts


def test_values_beyond_the_axis_stay_inside():
    root = ET.fromstring(mode_plot(SETS, [row("ring", "default", 0, 0.0), row("ring", "hinge", 0, math.log(8))], MODES))
    width = float(root.get("width"))
    assert all(0 < float(dot.get("cx")) < width for dot in root.iter(f"{SVG}circle"))


def test_it_is_written_and_other_endings_are_refused(tmp_path):
    write_plot(tmp_path / "new" / "m.svg", SETS, ROWS, MODES)
    assert ET.parse(tmp_path / "new" / "m.svg").getroot().tag == f"{SVG}svg"
    check_plot_path(None)
    with pytest.raises(RunError, match=r"type --plot m\.svg"):
        check_plot_path(Path("m.png"))
