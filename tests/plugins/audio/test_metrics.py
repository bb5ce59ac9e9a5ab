import numpy as np
import pytest
import torch

from multigan.plugins.audio.metrics import scores, tone_ratio_db

RATE = 16_000
REAL = 0.1 * torch.randn(20, 1, 4096, generator=torch.Generator().manual_seed(0))


def test_reals_against_themselves_are_right():
    found = scores(REAL, REAL, RATE)
    assert found["silent"] == found["clipped"] == 0
    assert found["level_db"] == pytest.approx(0, abs=1e-6)
    assert found["brightness"] == pytest.approx(1)
    assert found["tones_db"] == 0
    assert found["spread_ratio"] == pytest.approx(1)


FAULTS = {
    "silent": (torch.zeros(20, 1, 4096), "silent", 0.99),
    "clipped": (torch.sign(REAL), "clipped", 0.99),
    "offset": (REAL + 0.3, "dc", 0.29),
    "loud": (10 * REAL, "level_db", 19),
    "whine": (REAL + 0.1 * torch.cos(np.pi / 2 * torch.arange(4096)), "tones_db", 10),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_show(fault):
    fake, name, least = FAULTS[fault]
    assert scores(REAL, fake, RATE)[name] > least


def test_collapse_shows():
    assert scores(REAL, REAL[:1].expand(20, -1, -1), RATE)["spread_ratio"] < 0.01


def test_white_noise_has_no_tones():
    noise = torch.randn(400, 1, 4096, generator=torch.Generator().manual_seed(1))
    assert abs(tone_ratio_db(noise)) < 1.5
