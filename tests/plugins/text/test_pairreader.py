import pytest
import torch
import torch.nn.functional as F

from multigan.core.errors import RecipeError
from multigan.core.join import Join
from multigan.core.types import Spec
from multigan.plugins.text.pairreader import build_d

TEXT, GIVEN = Spec("text", (5, 6), (), {"end": 0}, 1), Spec("text", (7, 4), (), {"end": 0}, 1)
JOIN = Join(TEXT, GIVEN)


def net():
    torch.manual_seed(0)
    return build_d(JOIN.spec(), embed=4, hidden=6).double()


def joined(text, given):
    return JOIN(F.one_hot(torch.tensor(text), 6).double(), F.one_hot(torch.tensor(given), 4).double())


def test_every_token_is_judged_with_what_was_read_so_far_and_the_whole_input():
    D = net()
    given = [[2, 3, 0, 0, 0, 0, 0]]
    one, other = (D(joined([[2, 3, last, 5, 0]], given)).logits[0] for last in (2, 4))
    assert one.shape == (1, 7)
    torch.testing.assert_close(one[:, :2], other[:, :2])
    assert (one[:, 2:5] - other[:, 2:5]).abs().min() > 0
    changed = D(joined([[2, 3, 2, 5, 0]], [[2, 2, 0, 0, 0, 0, 0]])).logits[0]
    assert (changed - one).abs().min() > 0


def test_behind_the_end_the_last_verdict_is_repeated():
    found = net()(joined([[2, 3, 0, 0, 0]], [[2, 3, 0, 0, 0, 0, 0]])).logits[0][0]
    assert torch.equal(found[2:], found[2].expand(5))


def test_gradients_reach_texts_inputs_and_all_parameters():
    D = net()
    x = joined([[2, 3, 4, 0, 0]], [[2, 3, 0, 0, 0, 0, 0]]).requires_grad_(True)
    D(x).logits[0].square().sum().backward()
    assert x.grad[..., :6].abs().sum() > 0
    assert x.grad[..., 6:].abs().sum() > 0
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in D.parameters())


def test_without_inputs_it_is_refused():
    with pytest.raises(RecipeError, match=r"texts without their inputs.*D\.net=textcnn"):
        build_d(TEXT)
