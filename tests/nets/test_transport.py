import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.nets import transport
from multigan.nets.transport import REPEATS, Transport


def stirred(nz, classes=0):
    """A map that is far from the identity, in float64."""
    torch.manual_seed(3)
    way = Transport(nz, 2, 16, classes).double()
    torch.nn.init.normal_(way.out.weight, 0, 0.3)
    return way.eval()


@pytest.mark.parametrize("nz", [1, 2, 5])
def test_z_comes_back_from_its_code_up_to_the_error_of_steps(nz):
    way, z = stirred(nz), torch.randn(6, nz, dtype=torch.float64)
    code = way(z)
    assert (code - z).abs().mean() > 0.05
    assert torch.allclose(way.to_z(code), z, atol=1e-3)


def test_it_begins_as_the_identity():
    z = torch.randn(4, 6)
    assert torch.equal(Transport(6, 2, 8)(z), z)


def test_the_likelihood_is_that_of_the_change_of_variables(monkeypatch):
    """By autograd's Jacobian of the way back: value, and the gradient by code."""
    monkeypatch.setattr(transport, "STEPS", 150)
    way = stirred(4)
    for code in torch.randn(2, 4, dtype=torch.float64):

        def wanted(c):
            z = way.to_z(c[None])[0]
            jacobian = torch.autograd.functional.jacobian(lambda one: way.to_z(one[None])[0], c, create_graph=True)
            return 0.5 * (z.square().sum() + 4 * math.log(2 * math.pi)) - torch.linalg.slogdet(jacobian)[1]

        code.requires_grad_()
        found, truth = way.surprise(code[None])[0], wanted(code)
        assert torch.allclose(found, truth, atol=1e-3)
        slopes = [torch.autograd.grad(value, code)[0] for value in (found, truth)]
        assert torch.allclose(*slopes, atol=5e-3)


def test_what_it_descends_is_the_error_of_velocities_in_float64():
    way, code, draw = stirred(3), torch.randn(2, 3, dtype=torch.float64), Draw(5)
    z = draw.normal("transport/z", (2, REPEATS, 3)).double()
    t = draw.uniform("transport/t", (2, REPEATS, 1)).double()
    for row in range(2):
        errors = []
        for k in range(REPEATS):
            place = (1 - t[row, k]) * z[row, k] + t[row, k] * code[row]
            wanted = code[row] - z[row, k]
            errors.append((way.velocity(place[None], t[row, k][None], None)[0] - wanted).square().mean())
        assert torch.allclose(way.lesson(code, None, draw)[row], torch.stack(errors).mean(), atol=1e-6)


def test_groups_are_parted():
    """Four narrow groups: nearly all draws lie in one of them, about a quarter in each."""
    torch.manual_seed(0)
    places = 1.5 * torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    way = Transport(2, 2, 64)
    adam = torch.optim.Adam(way.parameters(), 3e-3)
    for step in range(400):
        code = places[torch.arange(32) % 4] + 0.05 * Draw(1, step).normal("code", (32, 2))
        adam.zero_grad()
        way.lesson(code, None, Draw(2, step)).mean().backward()
        adam.step()
    with torch.no_grad():
        gaps = torch.cdist(way(torch.randn(400, 2)), places)
    assert (gaps.amin(1) < 0.4).float().mean() > 0.9
    assert (torch.bincount(gaps.argmin(1), minlength=4) > 60).all()


def test_classes_have_places_of_their_own():
    way, z = stirred(4, classes=2), torch.randn(3, 4, dtype=torch.float64)
    zero, one = (torch.full((3,), label) for label in (0, 1))
    assert not torch.allclose(way(z, zero), way(z, one))
    assert torch.allclose(way.to_z(way(z, one), one), z, atol=1e-3)
    assert way.surprise(z, one).shape == (3,)
