"""Planted faults in feature space: every score moves the way it should, and further for a worse fault."""

from itertools import pairwise

import pytest
import torch

from multigan.core.draw import Draw
from multigan.metrics.frechet import frechet_distance
from multigan.metrics.kernel_distance import kernel_distance, mmd
from multigan.metrics.memorisation import copy_test
from multigan.metrics.ndb import ndb
from multigan.metrics.neighbours import prdc
from multigan.metrics.vendi import vendi_score

D, MODES = 16, 10


def items(n, seed, modes=MODES):
    """n items of `modes` of ten clusters in 16 dimensions."""
    generator = torch.Generator().manual_seed(seed)
    centres = 6 * torch.randn(MODES, D, generator=torch.Generator().manual_seed(99))
    which = torch.randint(0, modes, (n,), generator=generator)
    return centres[which] + torch.randn(n, D, generator=generator)


def noise(n, seed):
    return torch.randn(n, D, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def real():
    return items(600, 1)


@pytest.fixture(scope="module")
def fake():
    return items(600, 2)


def rising(values):
    return all(a < b for a, b in pairwise(values))


SCORES = {
    "frechet": frechet_distance,
    "cubic": mmd,
    "subsets": lambda x, y: kernel_distance(x, y, Draw(0), subsets=20, subset_size=200).value,
    "precision": lambda x, y: -prdc(x, y).precision,
    "density": lambda x, y: -prdc(x, y).density,
    "coverage": lambda x, y: -prdc(x, y).coverage,
}


@pytest.mark.parametrize("name", SCORES)
def test_noise_worsens_scores_step_by_step(name, real, fake):
    assert rising([SCORES[name](real, fake + strength * noise(600, 5)) for strength in (0, 0.4, 0.8, 1.2)])


@pytest.mark.parametrize("name", SCORES)
def test_a_shift_worsens_scores_step_by_step(name, real, fake):
    assert rising([SCORES[name](real, fake + shift) for shift in (0, 0.4, 0.8, 1.2)])


def test_dropped_modes_lower_recall_coverage_and_diversity(real):
    kept = [items(600, 2, modes) for modes in (10, 7, 4, 1)]
    scores = [prdc(real, x) for x in kept]
    assert rising([-s.recall for s in scores])
    assert rising([-s.coverage for s in scores])
    assert rising([-vendi_score(x) for x in kept])
    assert rising([-vendi_score(x, "gaussian", bandwidth=3.0) for x in kept])
    assert rising([frechet_distance(real, x) for x in kept])
    assert rising([ndb(real, x, 10, Draw(0)).jsd for x in kept])
    assert rising([ndb(real, x, 10, Draw(0)).share for x in kept[:2]])
    assert min(s.precision for s in scores) > 0.6  # what is left is still good


def test_duplicates_lower_recall_and_the_gaussian_vendi_score(real, fake):
    repeated = [fake[: 600 // times].repeat(times, 1) for times in (1, 4, 12, 60)]
    assert rising([-vendi_score(x, "gaussian", bandwidth=2.0) for x in repeated])
    assert rising([-vendi_score(x) for x in repeated])
    assert rising([-prdc(real, x).recall for x in repeated[:2]])
    assert prdc(real, repeated[2]).recall == 0


def test_copies_trip_the_copy_test_and_no_other(real, fake):
    held_out = items(300, 3)
    z = []
    for share in (0.0, 0.2, 0.5, 1.0):
        copied = int(600 * share)
        x = torch.cat([real[:copied] + 0.02 * noise(copied, 7), fake[copied:]])
        found = copy_test(real, held_out, x, Draw(0))
        z.append(found.z)
        assert found.copies == (share > 0)
        assert prdc(real, x).coverage > 0.9
    assert rising([-value for value in z])
    assert frechet_distance(real, x) < frechet_distance(real, fake) / 100  # the distance praises the copies


def test_blurred_samples_are_no_copies(real, fake):
    """Far from the data everywhere: the opposite sign."""
    assert copy_test(real, items(300, 3), fake + noise(600, 5), Draw(0)).z > 3
