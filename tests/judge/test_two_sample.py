"""The judge sees what differs, sees nothing where nothing does, and says how sure it is."""

from dataclasses import replace

import pytest
import torch

from multigan.core.draw import Draw
from multigan.judge.two_sample import Judged, two_sample

SEEN = 400


def pictures(n, seed):
    """Soft blobs at random places, in the 256 steps of a file."""
    random = torch.Generator().manual_seed(seed)
    places = torch.rand(n, 2, generator=random) * 8 + 4
    axis = torch.arange(16).float()
    squared = (axis[:, None] - places[:, 0, None, None]) ** 2 + (axis - places[:, 1, None, None]) ** 2
    return ((torch.exp(-squared / 8) * 255).round() / 127.5 - 1)[:, None]


def checkered(x, strength):
    rows, columns = torch.arange(16)[:, None], torch.arange(16)
    return x + strength * ((rows + columns) % 2 * 2 - 1)


def test_a_checkerboard_that_covers_all_fakes_is_seen():
    found = two_sample(pictures(120, 0), checkered(pictures(120, 1), 0.1), Draw(0), seen=SEEN)
    assert found.accuracy.low > 0.75
    assert found.real.shape == found.fake.shape == (120,)


def test_a_quarter_of_a_step_of_a_file_is_not_seen():
    found = two_sample(pictures(120, 0), checkered(pictures(120, 1), 0.002), Draw(0), seen=SEEN)
    assert found.accuracy.low < 0.5 < found.accuracy.high


def test_reals_against_reals_lie_within_the_interval():
    sides = [torch.randn(2, 100, 2, generator=torch.Generator().manual_seed(seed)) for seed in range(20)]
    found = [two_sample(one, other, Draw(seed), seen=100).accuracy for seed, (one, other) in enumerate(sides)]
    assert sum(one.low <= 0.5 <= one.high for one in found) >= 18


def test_modes_that_are_missing_cost_what_they_must():
    """Half of the reals lie where no fake is: the best judge is right about them, and the rest is 2 to 1 for fakes."""
    random = torch.Generator().manual_seed(0)
    real = torch.randn(600, 2, generator=random) * 0.1 + torch.randint(0, 2, (600, 1), generator=random) * 4
    fake = torch.randn(600, 2, generator=random) * 0.1
    assert two_sample(real, fake, Draw(0), seen=1000).accuracy.value == pytest.approx(0.75, abs=0.04)


def test_the_same_draw_judges_the_same_and_another_does_not():
    real, fake = pictures(40, 0), pictures(40, 1)
    one, again, other = (two_sample(real, fake, Draw(seed), seen=60) for seed in (0, 0, 1))
    assert torch.equal(one.fake, again.fake)
    assert not torch.equal(one.fake, other.fake)


def test_the_scale_of_samples_does_not_matter_and_constants_are_no_trouble():
    real, fake = torch.randn(64, 3), torch.randn(64, 3) + 3
    real[:, 2] = fake[:, 2] = 5.0
    assert two_sample(1e4 * real, 1e4 * fake, Draw(0), seen=300).accuracy.low > 0.9


def test_every_sample_is_judged_by_the_net_that_did_not_see_it(monkeypatch):
    seen = []

    def train(real, fake, draw, *, seen_=None, **options):
        seen.append((real.clone(), fake.clone()))
        return lambda x: x[:, 0]

    monkeypatch.setattr("multigan.judge.two_sample.train_judge", train)
    real, fake = torch.arange(10.0)[:, None], torch.arange(10.0)[:, None] + 100
    two_sample(real, fake, Draw(0))
    assert [len(side) for fold in seen for side in fold] == [5] * 4
    assert set(seen[0][0].flatten().tolist()).isdisjoint(seen[1][0].flatten().tolist())


def test_accuracy_counts_both_sides():
    found = Judged(torch.tensor([1.0, 1.0, -1.0, 1.0]), torch.tensor([-1.0, -1.0, 0.5, -1.0]))
    assert found.accuracy.value == 0.75


def test_the_better_of_two_witnesses_counts_with_an_interval_that_knows_it():
    """The sides differ in what only the second witness is told, then the other way round."""
    alike, apart = pictures(120, 0), checkered(pictures(120, 1), 0.3)
    noise, shifted = torch.randn(2, 120, 3, generator=torch.Generator().manual_seed(0)) + torch.tensor([0.0, 3.0]).view(
        2, 1, 1
    )
    found = two_sample(alike, pictures(120, 1), Draw(0), seen=60, numbers=(noise, shifted))
    assert (found.by, found.witnesses) == ("numbers", 2)
    assert found.accuracy.low > 0.9
    assert "the better of two witnesses" in found.accuracy.how
    found = two_sample(alike, apart, Draw(0), seen=SEEN, numbers=(noise, noise.flip(0)))
    assert (found.by, found.witnesses) == ("net", 2)
    alone = replace(found, witnesses=1).accuracy
    assert found.accuracy.low < alone.low
    assert found.accuracy.value == alone.value
    assert found.accuracy.level == 0.95


def test_equal_sides_are_not_told_apart_by_two_witnesses_either():
    sides = [torch.randn(2, 60, 40, generator=torch.Generator().manual_seed(seed)) for seed in range(20)]
    found = [
        two_sample(one[:, :2], other[:, :2], Draw(seed), seen=60, numbers=(one, other)).accuracy
        for seed, (one, other) in enumerate(sides)
    ]
    assert sum(one.low > 0.5 for one in found) <= 1


def test_without_numbers_of_both_sides_the_net_is_alone():
    real, fake = pictures(8, 0), pictures(8, 1)
    found = two_sample(real, fake, Draw(0), seen=16, numbers=(torch.randn(8, 2), None))
    assert (found.by, found.witnesses) == ("net", 1)
