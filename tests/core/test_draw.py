import pytest
import torch

from multigan.core.draw import Draw


def test_a_draw_is_a_function_of_its_key():
    a = Draw(1, 2).normal("z", (4, 3))
    assert torch.equal(a, Draw(1, 2).normal("z", (4, 3)))
    for other in (Draw(2, 2), Draw(1, 3), Draw(1, 2).child("x")):
        assert not torch.equal(a, other.normal("z", (4, 3)))
    assert not torch.equal(a, Draw(1, 2).normal("w", (4, 3)))


def test_the_global_generator_is_not_touched():
    before = torch.get_rng_state()
    Draw(0).normal("z", (100,))
    Draw(0).gumbel("z", (100,))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("kind", ["normal", "uniform", "gumbel"])
def test_ranks_see_together_what_one_sees_alone(kind):
    whole = getattr(Draw(5), kind)("z", (6, 2))
    parts = [getattr(Draw(5, rank=rank, world_size=3), kind)("z", (2, 2)) for rank in range(3)]
    assert torch.equal(torch.cat(parts), whole)


def test_integers_cover_their_range():
    values = Draw(0).integers("k", -2, 3, (1000,))
    assert values.unique().tolist() == [-2, -1, 0, 1, 2]


def test_gumbel_has_its_mean_and_variance_and_stays_finite():
    noise = Draw(0).gumbel("g", (200_000,)).double()
    assert torch.isfinite(noise).all()
    torch.testing.assert_close(noise.mean().item(), 0.5772, rtol=0, atol=0.01)
    torch.testing.assert_close(noise.var().item(), 1.6449, rtol=0, atol=0.03)


def test_gumbel_noise_is_bitwise_the_formula():
    draw = Draw(3, 7)
    u = draw.uniform("g", (50, 40)).clamp(1e-10, 1 - 1e-7)
    assert torch.equal(draw.gumbel("g", (50, 40)), -torch.log(-torch.log(u)))


def test_alone_the_whole_batch_is_the_batch():
    x = torch.randn(4, 3, requires_grad=True)
    assert Draw(0).everywhere(x) is x
    assert torch.equal(Draw(0).batch_mean(x), x.mean(0, keepdim=True))
    assert torch.equal(Draw(0, rank=1, world_size=2).batch_mean(x), x.mean(0, keepdim=True))  # micro-batches


def test_what_joins_the_processes_is_handed_down_and_only_means_travel():
    sent = []

    def gather(x):
        sent.append(tuple(x.shape))
        return torch.cat([x, x + 2])

    draw = Draw(0, rank=0, world_size=2, gather=gather).child("a").child("b")
    x = torch.tensor([[1.0, 2.0], [3.0, 6.0]])
    assert draw.batch_mean(x).tolist() == [[3.0, 5.0]]
    assert len(draw.everywhere(x)) == 4
    assert sent == [(1, 2), (2, 2)]
