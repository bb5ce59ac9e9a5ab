import torch

from multigan.judge.witness import judge_numbers
from multigan.plugins.audio.witnessed import as_told

RATE = 8000


def tones(n, seed, wobble=0.0):
    """Tones of random pitch; with a wobble they are louder and softer eight times a second."""
    random = torch.Generator().manual_seed(seed)
    seconds = torch.arange(4096) / RATE
    pitch = 200 + 1500 * torch.rand(n, 1, generator=random)
    loud = 1 + wobble * torch.sin(2 * torch.pi * 8 * seconds)
    return (0.3 * loud * torch.sin(2 * torch.pi * pitch * seconds))[:, None]


def share_right(real, fake):
    real, fake = judge_numbers(as_told(real, RATE), as_told(fake, RATE))
    return ((real > 0).float().mean() + (fake <= 0).float().mean()).item() / 2


def test_what_changes_over_time_is_seen_and_what_is_below_hearing_is_not():
    assert share_right(tones(100, 0), tones(100, 1, 0.9)) > 0.65
    hiss = 1e-5 * torch.randn(100, 1, 4096, generator=torch.Generator().manual_seed(0))
    assert 0.4 < share_right(tones(100, 0), tones(100, 1) + hiss) < 0.6


def test_what_is_too_small_to_hear_is_not_seen_and_the_same_sounds_are_told_the_same():
    softer = tones(100, 1) * 10 ** (-0.5 / 20)
    assert share_right(tones(100, 0), softer) < 0.62
    assert torch.equal(as_told(softer, RATE), as_told(softer, RATE))
    assert not torch.equal(as_told(softer, RATE)[0], as_told(softer[1:], RATE)[0])


def test_the_shortest_sound_has_numbers_too():
    found = as_told(torch.zeros(2, 2, 16), RATE)
    assert found.shape == (2, 768)
    assert found.isfinite().all()
