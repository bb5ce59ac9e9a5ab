import pytest
import torch

from multigan.core.errors import DataError, UnknownNameError
from multigan.demo.latent import has_latent, sample, walk


@pytest.mark.parametrize("modality", ["image", "audio", "text", "points"])
def test_without_changes_it_is_what_generate_gives(tiny, modality):
    generator = tiny(modality)
    truth = generator.tensors(40, seed=3)
    assert torch.equal(sample(generator, 40, 3, None), truth)
    if modality == "text":
        almost = sample(generator, 40, 3, None, temperature=1 + 1e-12)
    else:
        almost = sample(generator, 40, 3, None, scale=1 + 1e-12)
    assert torch.allclose(almost, truth)  # by the other way through the code


def test_scale_draws_samples_together(tiny):
    generator = tiny("points")
    spreads = [sample(generator, 64, 0, None, scale=t).std(0).mean().item() for t in (0.0, 0.5, 1.0)]
    assert spreads[0] == pytest.approx(0, abs=1e-6)
    assert 0 < spreads[1] < spreads[2]


def test_temperature_is_for_the_call_only(tiny):
    generator = tiny("text")
    before = generator.net.temperature
    cold, warm = (sample(generator, 64, 0, None, temperature=t).argmax(-1) for t in (0.01, 2.0))
    assert generator.net.temperature == before
    assert len({tuple(row) for row in cold.tolist()}) < len({tuple(row) for row in warm.tolist()})
    assert not has_latent(generator)
    with pytest.raises(DataError, match="no z"):
        walk(generator, 0, 1, 3, None, scale=0.5)
    with pytest.raises(DataError, match="no temperature"):
        sample(tiny("image"), 1, 0, None, temperature=0.5)


def test_a_scaled_walk_is_nearer_to_the_middle(tiny):
    generator = tiny("points")
    spreads = [walk(generator, 0, 1, 8, None, scale).std(0).mean().item() for scale in (0.0, 0.5, 1.0)]
    assert spreads[0] == pytest.approx(0, abs=1e-6)
    assert 0 < spreads[1] < spreads[2]


@pytest.mark.parametrize("modality", ["image", "audio", "text"])
def test_a_walk_starts_and_ends_at_its_seeds(tiny, modality):
    generator = tiny(modality)
    label = "dog" if modality == "image" else None
    steps = walk(generator, 4, 9, 5, label)
    assert steps.shape == (5, *generator.spec.shape)
    for place, seed in ((0, 4), (-1, 9)):
        assert torch.equal(steps[place], generator.tensors(1, seed, label)[0])
    moves = (steps[1:] - steps[:-1]).flatten(1).norm(dim=1)
    whole = (steps[-1] - steps[0]).norm()
    if modality != "text":  # texts jump
        assert (moves < whole).all()
    if modality == "image":
        with pytest.raises(UnknownNameError, match="did you mean 'dog'"):
            walk(generator, 0, 1, 3, "dogg")
