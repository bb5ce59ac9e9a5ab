"""Own scores of sounds: each planted fault moves its own score."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins import modalities

audio = modalities.get("audio")
SPEC = Spec("audio", (1, 4096), (), {"sample_rate_hz": 8000})
TIME = torch.arange(4096.0) / 8000


def sounds(purpose, n=4):
    """Decaying tones of random pitch."""
    hz = 150 + 450 * Draw(0).uniform(purpose, (n,))
    return (0.5 * torch.sin(2 * torch.pi * hz[:, None] * TIME) * torch.exp(-3 * TIME)).unsqueeze(1)


def by_key(fake):
    sides = [audio.render(x, SPEC) for x in (fake, sounds("real"), sounds("train"))]
    return {row["key"]: row for row in audio.own_scores(*sides, SPEC)}


@pytest.fixture(scope="module")
def clean():
    return by_key(sounds("fake"))


def test_clean_sounds_are_near_their_floor(clean):
    for key in ("silent", "clipped", "dc", "voiced", "onsets_per_second"):
        assert clean[key]["value"] == pytest.approx(clean[key]["floor"], abs=0.2), key
    assert clean["level_db"]["value"] == pytest.approx(clean["level_db"]["floor"], abs=1)
    assert clean["voiced"]["baseline"] < clean["voiced"]["floor"] - 0.2


def test_planted_faults_move_their_own_score(clean):
    broken = sounds("fake")
    broken[:2] = 0
    broken[2:3] = (broken[2:3] * 10).clamp(-1, 1)
    broken[3] += 0.2
    found = by_key(broken)
    assert found["silent"]["value"] == 0.5
    assert found["clipped"]["value"] > 0.1 > clean["clipped"]["value"]
    assert found["dc"]["value"] > clean["dc"]["value"] + 0.02
    whine = by_key(sounds("fake") + 0.05 * torch.sin(TIME * 8000 * torch.pi / 8))
    assert whine["tones_16_db"]["value"] > clean["tones_16_db"]["value"] + 2


def test_values_that_are_not_defined_give_no_row():
    assert "pitch_hz" not in by_key(torch.zeros(4, 1, 4096))


def test_sounds_of_two_channels_are_read(clean):
    two = sounds("fake").repeat(1, 2, 1)
    sides = [audio.render(x, SPEC) for x in (two, two)]
    rows = {row["key"]: row for row in audio.own_scores(*sides, sides[1], SPEC)}
    assert rows["level_db"]["value"] == pytest.approx(clean["level_db"]["value"], abs=1e-4)
