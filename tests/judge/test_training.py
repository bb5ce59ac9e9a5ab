import torch

from multigan.core.draw import Draw
from multigan.judge.training import Handling, handling_of, train_judge


def test_samples_are_moved_whole_by_a_few_places_and_the_border_is_repeated():
    x = torch.arange(2 * 1 * 6 * 6).view(2, 1, 6, 6).float()
    seen = {tuple(Handling(shift=2).moved(x, torch.Generator().manual_seed(k))[0, 0, 3].tolist()) for k in range(40)}
    rows = {
        tuple(x[0, 0, row, [min(max(c + d, 0), 5) for c in range(6)]].tolist())
        for row in range(1, 6)
        for d in range(-2, 3)
    }
    assert seen <= rows
    assert len(seen) > 10


def test_vectors_are_not_touched():
    how, x = handling_of((2,)), torch.randn(5, 2)
    random = torch.Generator().manual_seed(0)
    assert torch.equal(how.noisy(how.moved(x, random), random), x)


def test_training_leaves_the_global_generator_alone_and_is_the_same_again():
    real, fake = torch.randn(20, 2), torch.randn(20, 2) + 2
    before = torch.random.get_rng_state()
    nets = [train_judge(real, fake, Draw(3), seen=60, how=handling_of((2,))) for _ in range(2)]
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(nets[0](real), nets[1](real))
    assert not nets[0].training
