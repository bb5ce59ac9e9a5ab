import math

import pytest
import torch

from multigan.core.errors import RecipeError, ShapeError
from multigan.nets.flow import Flow


def stirred(nz, classes=0):
    """A flow that is far from the identity, in float64."""
    torch.manual_seed(3)
    flow = Flow(nz, 3, 8, classes).double()
    for coupling in flow.couplings:
        torch.nn.init.normal_(coupling.out.weight, 0, 0.5)
    return flow.eval()


@pytest.mark.parametrize("nz", [2, 5, 8])
def test_z_comes_back_from_its_code(nz):
    flow, z = stirred(nz), torch.randn(6, nz, dtype=torch.float64)
    code = flow(z)
    assert (code - z).abs().mean() > 0.1
    assert torch.allclose(flow.inverse(code)[0], z, atol=1e-9)


def test_the_likelihood_is_that_of_the_change_of_variables():
    """By autograd's Jacobian: log p(code) = log N(z) + log |det dz / dcode|."""
    flow = stirred(5)
    for code in torch.randn(4, 5, dtype=torch.float64):
        z = flow.inverse(code[None])[0][0]
        jacobian = torch.autograd.functional.jacobian(lambda c: flow.inverse(c[None])[0][0], code)
        normal = 0.5 * (z.square().sum() + 5 * math.log(2 * math.pi))
        wanted = normal - torch.linalg.slogdet(jacobian)[1]
        assert torch.allclose(flow.surprise(code[None])[0], wanted, atol=1e-9)


def test_it_begins_as_the_identity_up_to_the_order_of_numbers():
    z = torch.randn(4, 6)
    assert torch.equal(Flow(6, 2, 8)(z), z)
    assert torch.equal(Flow(6, 1, 8)(z), z.flip(1))
    assert torch.equal(Flow(6, 0, 8)(z), z)


def test_it_learns_where_codes_are():
    torch.manual_seed(0)
    code = torch.randn(512, 2) @ torch.tensor([[1.5, 1.2], [0.0, 0.3]]) + 2
    flow = Flow(2, 4, 16)
    adam = torch.optim.Adam(flow.parameters(), 5e-3)
    for _ in range(150):
        adam.zero_grad()
        flow.surprise(code).mean().backward()
        adam.step()
    drawn = flow(torch.randn(2000, 2))
    assert torch.allclose(drawn.mean(0), code.mean(0), atol=0.25)
    assert torch.allclose(drawn.T.cov(), code.T.cov(), rtol=0.3, atol=0.1)


def test_classes_have_places_of_their_own():
    flow, z = stirred(4, classes=2), torch.randn(3, 4, dtype=torch.float64)
    a, b = (flow(z, torch.full((3,), k)) for k in (0, 1))
    assert not torch.allclose(a, b)
    assert torch.allclose(flow.inverse(b, torch.ones(3, dtype=torch.long))[0], z, atol=1e-9)
    with pytest.raises(ShapeError, match="without labels"):
        flow(z)


def test_one_number_has_no_halves():
    with pytest.raises(RecipeError, match="nz of 2 or more"):
        Flow(1, 2, 8)
    assert Flow(1, 0, 8)(torch.ones(2, 1)).shape == (2, 1)
