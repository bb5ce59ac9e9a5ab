import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.audio.periods import PERIODS, PeriodCritic, build_periods


def test_the_papers_net_has_its_number_of_parameters():
    with torch.device("meta"):
        D = build_periods(Spec("audio", (1, 8192)))
    assert sum(p.numel() for p in D.parameters()) == 41_105_770


@pytest.mark.parametrize("samples", [64, 1001, 8192])
@pytest.mark.parametrize("period", PERIODS)
def test_logits_are_as_many_as_strides_leave_of_whole_rows(samples, period):
    rows = -(-samples // period)
    for _ in range(4):
        rows = (rows + 2 * 2 - 5) // 3 + 1
    logits, features = PeriodCritic(1, period, 1)(torch.randn(2, 1, samples))
    assert logits.shape == (2, rows, period)
    assert [f.shape[1] for f in features] == [1, 4, 16, 32, 32]


def test_every_critic_hears_every_pth_sample_alone():
    """A column of logits depends on the samples of its own remainder, within its receptive field."""
    period, samples = 5, 4000
    critic = PeriodCritic(1, period, 2)
    x = torch.randn(1, 1, samples, requires_grad=True)
    logits, _ = critic(x)
    middle = logits.shape[1] // 2
    (slope,) = torch.autograd.grad(logits[0, middle, 3], x)
    heard = slope[0, 0].nonzero()[:, 0]
    assert set((heard % period).tolist()) == {3}
    # Kernels 5, 5, 5, 5, 5, 3 at strides 3, 3, 3, 3, 1, 1.
    field = 1 + 4 * (1 + 3 + 9 + 27 + 81) + 2 * 81
    assert int(heard.max() - heard.min()) // period + 1 <= field
    assert len(heard) > 0.9 * field


def test_the_end_is_mirrored_up_to_a_whole_row():
    critic, x = PeriodCritic(1, 7, 2), torch.randn(1, 1, 100)
    mirrored = torch.cat([x, x[..., 93:99].flip(-1)[..., :5]], -1)
    torch.testing.assert_close(critic(x)[0], critic(mirrored)[0])
