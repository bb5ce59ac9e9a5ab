import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.latent.blend import CHUNK, Blend, Place, lerp, place_of, slerp, turn


def test_slerp_is_the_arc_of_two_unit_vectors():
    a, b = torch.tensor([1.0, 0.0], dtype=torch.float64), torch.tensor([0.0, 1.0], dtype=torch.float64)
    for t in (0.0, 0.25, 0.5, 1.0):
        expected = torch.tensor([math.cos(t * math.pi / 2), math.sin(t * math.pi / 2)], dtype=torch.float64)
        assert torch.allclose(slerp(a, b, t), expected, atol=1e-12)
    assert torch.allclose(lerp(a, b, 0.5), torch.tensor([0.5, 0.5], dtype=torch.float64))
    assert torch.allclose(slerp(a, 3 * a, 0.5), 2 * a)


def test_slerp_and_turn_keep_the_length_of_noise_and_lerp_does_not():
    a, b = (Draw(seed).normal("z", (1, 4096))[0].double() for seed in (1, 2))
    lengths = {mix.__name__: float(mix(a, b, 0.5).norm() / 64) for mix in (slerp, turn, lerp)}
    assert lengths["slerp"] == pytest.approx(1, abs=0.05)
    assert lengths["turn"] == pytest.approx(1, abs=0.05)
    assert lengths["lerp"] == pytest.approx(math.sqrt(0.5), abs=0.05)


def test_places_give_exactly_what_their_seeds_draw():
    rows = [(Place(3), Place(8, 40), 0.0), (Place(3), Place(8, 40), 1.0)]
    blend = Blend(0, 0, "generate/", rows=rows)
    for kind in ("normal", "uniform"):
        mixed = getattr(blend.child("net"), kind)("u", (CHUNK, 5))
        assert torch.equal(mixed[0], getattr(Draw(3, 0, "generate/net/"), kind)("u", (CHUNK, 5))[0])
        assert torch.equal(mixed[1], getattr(Draw(8, 1, "generate/net/"), kind)("u", (CHUNK, 5))[8])


@pytest.mark.parametrize("mix", [slerp, turn])
def test_uniform_noise_stays_uniform_in_between(mix):
    blend = Blend(0, rows=[(Place(1), Place(2), 0.5)], mix=mix)
    u = blend.uniform("u", (1, 20_000))[0].double().sort().values
    gap = (u - torch.linspace(0, 1, len(u), dtype=torch.float64)).abs().max()
    assert gap < 1.63 / math.sqrt(len(u))  # Kolmogorov-Smirnov at 1 %
    middle = Blend(0, rows=[(Place(1), Place(2), 0.5)], mix=lerp).uniform("u", (1, 20_000))[0]
    assert middle.std() < 0.22  # a triangle, not uniform: .204 against .289


def test_gumbel_noise_is_mixed_through_its_uniform_numbers():
    blend = Blend(0, rows=[(Place(1), Place(2), 0.5)])
    u = blend.uniform("g", (CHUNK, 7))
    assert torch.allclose(blend.gumbel("g", (CHUNK, 7)), -(-u.clamp(1e-10, 1 - 1e-7).log()).log())


def test_places_are_read():
    assert place_of(" 7") == Place(7)
    assert place_of("7:3") == Place(7, 3)
    assert str(Place(7, 3)) == "7:3"
    for text in ("x", "", "1:-2", "1.5"):
        with pytest.raises(ValueError, match=r".+"):
            place_of(text)
