import io

from rich.console import Console

from multigan.bench.table import mode_table, spread

FLOOR = {"reverse_kl": 0.005, "deviation": 0.001, "modes": 25.0, "seed": 0}
FACTS = {"samples": 2500, "floor": FLOOR, "ceiling": {"modes": 25, "high_quality": 0.9876, "reverse_kl": 0.0051}}


def row(config, seed, **more):
    return {"set": "grid", "config": config, "seed": seed, "seconds": 10.0, **more}


def shown(facts, rows, configs):
    out = io.StringIO()
    Console(file=out, width=120).print(mode_table("grid", facts, rows, configs, 25))
    return out.getvalue()


def test_spread_is_that_of_a_sample():
    assert spread([1.0, 2.0, 3.0], 2) == "2.00 ± 1.00"
    assert spread([1.5], 1) == "1.5"
    assert spread([], 1) == "-"


def test_a_table_has_ceiling_floor_means_and_divergence():
    rows = [
        row("default", 0, modes=25, high_quality=0.9, reverse_kl=0.01),
        row("default", 1, modes=24, high_quality=0.8, reverse_kl=0.03),
        row("hinge", 0, diverged="loss/D is not finite"),
        {**row("default", 0, modes=1, high_quality=0.0, reverse_kl=3.0), "set": "ring"},
    ]
    text = shown({**FACTS, "classifier_accuracy": None}, rows, ["default", "hinge", "relativistic"])
    assert "24.5 ± 0.7" in text
    assert "0.850 ± 0.071" in text
    assert "0.0200 ± 0.0141" in text
    assert "1, 1 diverged" in text
    assert "0.988" in text
    assert "0.0050 ± 0.0010" in text
    assert "seed 0" in text
    assert "classifier" not in text


def test_pictures_have_an_accuracy_and_no_quality():
    facts = {**FACTS, "ceiling": {"modes": 100, "reverse_kl": 0.01}, "classifier_accuracy": 0.9912}
    text = shown(facts, [row("default", 0, modes=99, reverse_kl=0.02)], ["default"])
    assert "99.12% held-out accuracy" in text
    assert "high quality" not in text
