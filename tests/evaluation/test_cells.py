import math

import torch

from multigan.core.types import Spec
from multigan.evaluation.cells import by_cell, told
from multigan.evaluation.score import Score
from multigan.metrics.rows import About
from multigan.plugins import modalities
from multigan.plugins.audio.clarity import pair_scores
from multigan.plugins.paired import PairScore

SPEC = Spec("audio", (1, 400), (), {"sample_rate_hz": 8000})


def test_every_system_is_judged_in_every_cell_that_has_enough_pairs():
    real, noise = torch.randn(21, 1, 400), torch.randn(21, 1, 400)
    noise = noise / noise.norm(dim=2, keepdim=True) * real.norm(dim=2, keepdim=True)
    source = real + noise * torch.tensor([1.0] * 9 + [10 ** (-10 / 20)] * 9 + [0.01] * 3)[:, None, None]
    score = pair_scores(SPEC)[0]
    never = PairScore(
        About("never", "never", "quality", "higher"), lambda r, f: r[:, 0] * math.nan, lambda rows: math.nan
    )
    made = {"input": source, "better": real + 0.1 * (source - real)}
    found = by_cell(modalities.get("audio"), SPEC, source, real, made, [score, never])
    assert list(found) == ["inputs below 2.5 dB", "inputs of 7.5 to 12.5 dB"]
    for cell in found.values():
        assert cell["n"] == 9
        values = {name: row["si_sdr"] for name, row in cell["systems"].items()}
        assert values["better"]["value"] > values["input"]["value"] + 15
        assert values["input"]["low"] <= values["input"]["value"] <= values["input"]["high"]
        assert all("never" not in row for row in cell["systems"].values())
    own = Score("si_sdr", "SI-SDR in dB", "similarity", 1.0, "higher")
    assert told(found, [own])[0].startswith("inputs below 2.5 dB (9 pairs), SI-SDR in dB: input")


def test_pictures_have_no_cells():
    assert by_cell(modalities.get("image"), SPEC, torch.zeros(1), torch.zeros(1), {}, []) == {}
