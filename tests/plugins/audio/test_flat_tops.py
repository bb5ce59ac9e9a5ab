import torch
from torchaudio.functional import resample

from multigan.core.types import Spec
from multigan.judge.clipping import clipping
from multigan.plugins import modalities
from multigan.plugins.audio.flat_tops import flat_tops, near_peaks

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
    assert 0.2 < found["clipped_floor"] < 0.4  # crests of sines
    assert audio.gauge([SATURATED], [], SPEC)(G, SATURATED)["clipped_floor"] > 0.5


def test_reals_that_were_clipped_before_they_were_levelled_or_resampled_are_no_alarm():
    time = torch.arange(22_050.0) / 44_100
    hits = torch.sin(2 * torch.pi * torch.tensor([90.0, 220.0, 410.0])[:, None, None] * time) * torch.exp(-12 * time)
    seen = resample((6 * hits).clamp(-1, 1), 44_100, 16_000)
    seen = 0.95 * seen / seen.abs().amax((1, 2), keepdim=True)
    assert flat_tops(seen).max() == 0
    assert near_peaks(hits).max() < 0.05 < 0.15 < near_peaks(seen).min()
    assert near_peaks(torch.zeros(2, 1, 64)).tolist() == [0.0, 0.0]
    found = modalities.get("audio").gauge([seen], [], SPEC)(torch.nn.Identity(), (1.1 * seen).clamp(-1, 1))
    assert found["clipped"] > 0.05
    assert clipping(found["clipped"], found["clipped_floor"]) == ""


def test_an_evaluation_has_a_row_on_them():
    audio = modalities.get("audio")
    sides = [audio.render(x, SPEC) for x in (SATURATED, CLEAN, CLEAN)]
    row = {one["key"]: one for one in audio.own_scores(*sides, SPEC)}["flat_tops"]
    assert row["value"] > 0.5
    assert (row["floor"], row["unit"]) == (0, "%")
