import torch

from multigan.plugins.audio.judged import HUSH_DB, as_heard

RATE_HZ = 8000


def test_what_nobody_hears_is_all_one_and_a_tone_is_not():
    silence = torch.zeros(1, 1, 4096)
    hiss = 10 ** (-100 / 20) * torch.randn(1, 1, 4096, generator=torch.Generator().manual_seed(0))
    tone = 0.1 * torch.sin(torch.arange(4096) * 2 * torch.pi * 440 / RATE_HZ).view(1, 1, -1)
    assert torch.equal(as_heard(silence, RATE_HZ), as_heard(hiss, RATE_HZ))
    assert as_heard(silence, RATE_HZ).unique().tolist() == [HUSH_DB]
    assert as_heard(tone, RATE_HZ).amax() > HUSH_DB + 30
    assert as_heard(tone, RATE_HZ).shape[:3] == (1, 1, 64)
