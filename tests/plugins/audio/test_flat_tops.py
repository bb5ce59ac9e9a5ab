import torch

from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio.flat_tops import flat_tops

SPEC = Spec("audio", (1, 4096), (), {"sample_rate_hz": 8000})
TIME = torch.arange(4096.0) / 8000
CLEAN = (0.5 * torch.sin(2 * torch.pi * torch.tensor([200.0, 330.0, 470.0])[:, None] * TIME)).unsqueeze(1)
SATURATED = torch.tanh(40 * CLEAN)


def test_runs_of_three_at_full_scale_count_on_either_side():
    wave = torch.tensor([0.0, 1, 1, 1, 0, 1, 1, -1, -1, -1, -1, 0])
    assert flat_tops(wave.reshape(1, 1, -1)).tolist() == [7 / 12]
    assert flat_tops(torch.ones(2, 1, 2)).tolist() == [0.0, 0.0]
    assert flat_tops(CLEAN).max() == 0
    assert flat_tops(SATURATED).min() > 0.5


def test_saturated_fakes_beside_clean_reals_are_measured_with_those():
    audio, G = modalities.get("audio"), torch.nn.Identity()
    found = audio.gauge([CLEAN], [CLEAN], SPEC)(G, SATURATED)
    assert found["clipped"] > 0.5
    assert found["clipped_floor"] == 0
    assert audio.gauge([SATURATED], [], SPEC)(G, SATURATED)["clipped_floor"] > 0.5


def test_an_evaluation_has_a_row_on_them():
    audio = modalities.get("audio")
    sides = [audio.render(x, SPEC) for x in (SATURATED, CLEAN, CLEAN)]
    row = {one["key"]: one for one in audio.own_scores(*sides, SPEC)}["flat_tops"]
    assert row["value"] > 0.5
    assert (row["floor"], row["unit"]) == (0, "%")
