import pytest
import torch

from multigan.judge.witness import judge_numbers
from multigan.plugins.image.witnessed import as_counted


def squares(n, seed, side=16, channels=1):
    """Bright squares of 5 pixels at random places."""
    random = torch.Generator().manual_seed(seed)
    x = torch.full((n, channels, side, side), -0.9)
    for one in x:
        top, left = torch.randint(0, side - 5, (2,), generator=random)
        one[:, top : top + 5, left : left + 5] = 0.9
    return x


def share_right(real, fake):
    real, fake = judge_numbers(as_counted(real), as_counted(fake))
    return ((real > 0).float().mean() + (fake <= 0).float().mean()).item() / 2


def test_round_corners_are_seen_and_a_step_of_a_file_is_not():
    rounded = squares(100, 1)
    rounded[:, :, 1:-1, 1:-1] = torch.nn.functional.avg_pool2d(rounded, 3, 1)
    assert share_right(squares(100, 0), rounded) > 0.95
    checkerboard = 0.004 * ((torch.arange(16)[:, None] + torch.arange(16)) % 2 * 2 - 1)
    assert 0.4 < share_right(squares(100, 0), squares(100, 1) + checkerboard) < 0.6


@pytest.mark.parametrize(("side", "channels"), [(4, 1), (28, 3), (70, 4)])
def test_pictures_of_any_size_are_counted_the_same_way_each_time(side, channels):
    x = torch.rand(3, channels, side, side, generator=torch.Generator().manual_seed(0)) * 2 - 1
    found = as_counted(x)
    assert found.shape == (3, 576)
    assert found.isfinite().all()
    assert torch.equal(found, as_counted(x))


def test_two_batches_have_no_noise_in_common():
    x = torch.zeros(8, 1, 16, 16)
    assert not torch.equal(as_counted(x)[:4], as_counted(x[:4]))
    assert torch.equal(as_counted(x), as_counted(x))
