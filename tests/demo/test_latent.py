import math

import pytest
import torch

from multigan.demo.latent import has_latent, sample, slerp, walk
from multigan.errors import DataError, UnknownNameError


@pytest.mark.parametrize("modality", ["image", "audio", "text", "points"])
def test_without_changes_it_is_what_generate_gives(tiny, modality):
    generator = tiny(modality)
    truth = generator.tensors(40, seed=3)
    assert torch.equal(sample(generator, 40, 3, None), truth)
    almost = sample(generator, 40, 3, None, scale=1.0, temperature=1 + 1e-12)
    assert torch.allclose(almost, truth)  # by the other way through the code


def test_scale_draws_samples_together(tiny):
    generator = tiny("points")
    spreads = [sample(generator, 64, 0, None, scale=t).std(0).mean().item() for t in (0.0, 0.5, 1.0)]
    assert spreads[0] == pytest.approx(0, abs=1e-6)
    assert 0 < spreads[1] < spreads[2]


def test_temperature_is_for_the_call_only(tiny):
    generator = tiny("text")
    before = generator.net.temperature
    cold, warm = (sample(generator, 64, 0, None, temperature=t).argmax(-1) for t in (0.1, 2.0))
    assert generator.net.temperature == before
    assert len({tuple(row) for row in cold.tolist()}) < len({tuple(row) for row in warm.tolist()})
    assert not has_latent(generator)
    with pytest.raises(DataError, match="no z to walk through"):
        walk(generator, 0, 1, 3, None)


@pytest.mark.parametrize("modality", ["image", "audio"])
def test_a_walk_starts_and_ends_at_its_seeds(tiny, modality):
    generator = tiny(modality)
    label = "dog" if modality == "image" else None
    steps = walk(generator, 4, 9, 5, label)
    assert steps.shape == (5, *generator.spec.shape)
    for place, seed in ((0, 4), (-1, 9)):
        assert torch.allclose(steps[place], generator.tensors(1, seed, label)[0], atol=1e-5)
    moves = (steps[1:] - steps[:-1]).flatten(1).norm(dim=1)
    whole = (steps[-1] - steps[0]).norm()
    assert (moves < whole).all()
    if modality == "image":
        with pytest.raises(UnknownNameError, match="did you mean 'dog'"):
            walk(generator, 0, 1, 3, "dogg")


def test_slerp_stays_on_the_sphere_and_is_even():
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    for t in (0.0, 0.25, 0.5, 1.0):
        expected = torch.tensor([math.cos(t * math.pi / 2), math.sin(t * math.pi / 2)])
        assert torch.allclose(slerp(a, b, t), expected, atol=1e-6)
    assert torch.allclose(slerp(a, a, 0.5), a)
    assert torch.allclose(slerp(a, -a, 0.5), torch.zeros(2), atol=1e-6)
    assert torch.allclose(slerp(a, 3 * a, 0.5), 2 * a)
