import pytest
import torch
import torch.nn.functional as F

from multigan.plugins.text.drawing import bar_of, inverse_cdf, nucleus, relaxed


def test_a_bar_is_minus_infinity_where_asked():
    bar = bar_of((1, 3), torch.zeros(5, dtype=torch.float64))
    assert bar.dtype == torch.float64
    assert bar.tolist() == [0, -torch.inf, 0, -torch.inf, 0]


def test_the_token_is_the_one_whose_share_holds_u():
    shares = torch.tensor([[0.25, 0.0, 0.5, 0.25]]).expand(5, 4)
    u = torch.tensor([0.0, 0.2499, 0.25, 0.7499, 0.99999])
    assert inverse_cdf(shares, u).tolist() == [0, 0, 2, 2, 3]


@pytest.mark.parametrize("straight_through", [False, True])
def test_a_relaxed_token_has_the_gradient_of_the_soft_one(straight_through):
    noisy = torch.randn(3, 7, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(3, 7, dtype=torch.float64)
    token = noisy.argmax(1)
    out = relaxed(noisy, token, 2.0, straight_through=straight_through)
    soft = F.softmax(2.0 * noisy, 1)
    torch.testing.assert_close(out, F.one_hot(token, 7).double() if straight_through else soft)
    (mine,) = torch.autograd.grad((out * weights).sum(), noisy)
    (wanted,) = torch.autograd.grad((soft * weights).sum(), noisy)
    torch.testing.assert_close(mine, wanted)


def kept_by_hand(logits, top_p):
    """Holtzman et al. 2020, Eq. 2: tokens in falling order until their probabilities reach the share."""
    shares = [value / sum(map(float, logits.exp())) for value in map(float, logits.exp())]
    kept, reached = set(), 0.0
    for token in sorted(range(len(shares)), key=lambda k: (-shares[k], k)):
        kept.add(token)
        reached += shares[token]
        if reached >= top_p:
            return kept
    return kept


@pytest.mark.parametrize("top_p", [1e-9, 0.1, 0.5, 0.9, 0.999, 1.0])
def test_the_nucleus_is_the_fewest_tokens_that_reach_the_share(top_p):
    logits = torch.randn(40, 13, generator=torch.Generator().manual_seed(3), dtype=torch.float64) * 3
    found = nucleus(logits, top_p)
    for row, given in zip(found, logits, strict=True):
        kept = set(row.isfinite().nonzero().flatten().tolist())
        assert kept == kept_by_hand(given, top_p)
        assert torch.equal(row[sorted(kept)], given[sorted(kept)])
    # what is drawn has the proportions of before (Eq. 3)
    shares, before = found.softmax(1), logits.softmax(1)
    torch.testing.assert_close(
        shares,
        torch.where(found.isfinite(), before, 0) / before.where(found.isfinite(), torch.zeros(())).sum(1, keepdim=True),
    )


@pytest.mark.parametrize("spread", [1.0, 4.0])
def test_a_large_vocabulary_has_the_nucleus_that_putting_all_of_it_in_order_finds(spread):
    logits = torch.randn(4, 6000, generator=torch.Generator().manual_seed(5)) * spread
    logits[:, ::7] = logits[:, 1:2]  # many of one probability
    logits[:, :2] = -torch.inf
    for top_p in (0.5, 0.9, 0.99):
        falling, order = logits.sort(dim=-1, descending=True, stable=True)
        shares = falling.double().softmax(-1)
        inside = torch.zeros_like(order, dtype=torch.bool).scatter(-1, order, shares.cumsum(-1) - shares < top_p)
        assert torch.equal(nucleus(logits, top_p).isfinite(), inside)


def test_of_equal_tokens_the_first_are_in_the_nucleus_and_barred_ones_never():
    equal = torch.zeros(2, 4)
    assert nucleus(equal, 0.5).isfinite().tolist() == [[True, True, False, False]] * 2
    barred = torch.tensor([[0.0, -torch.inf, 0.0]])
    assert nucleus(barred, 0.999).isfinite().tolist() == [[True, False, True]]
    assert nucleus(barred, 1e-6).isfinite().tolist() == [[True, False, False]]
    assert nucleus(equal, 1.0) is equal
