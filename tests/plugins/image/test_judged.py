import torch

from multigan.plugins.image.judged import as_seen


def test_small_pictures_are_rounded_to_the_steps_of_a_file_and_clipped():
    x = torch.tensor([-1.5, -1.0, 0.0001, 0.999, 3.0]).view(1, 1, 1, 5)
    assert torch.allclose(as_seen(x), torch.tensor([-1.0, -1.0, 128 / 127.5 - 1, 1.0, 1.0]).view(1, 1, 1, 5), atol=1e-6)
    real = torch.arange(256).view(1, 1, 16, 16) / 127.5 - 1
    assert torch.allclose(as_seen(real), real, atol=1e-6)


def test_large_pictures_keep_the_whole_and_the_middle():
    x = torch.zeros(2, 3, 100, 40)
    x[:, :, 50, 20] = 1.0
    seen = as_seen(x)
    assert seen.shape == (2, 6, 64, 64)
    assert seen[0, 3:].amax() == 1.0
    assert 0 < seen[0, :3].amax() < 1
