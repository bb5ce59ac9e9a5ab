import itertools

import pytest
import torch
import torch.nn.functional as F

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.types import Batch, Spec
from multigan.games.policy_gradient import PolicyGradientGame
from multigan.games.rules import Rules
from multigan.plugins.text.lstm import build_g
from multigan.plugins.text.objective import mle
from multigan.plugins.text.textcnn import build_d

SPEC = Spec("text", (2, 3), (), {"end": None})


def game(constraints=(), **options):
    torch.manual_seed(0)
    G, D = build_g(SPEC, hidden=4), build_d(SPEC, embed=3, filters=2)
    with torch.no_grad():
        D.out.weight.mul_(8)
    rules = Rules(losses.losses.get("ns"), objectives={"mle": mle}, constraints=constraints)
    return PolicyGradientGame({"G": G, "D": D}, rules, **options)


def exact_gradient(g):
    """The gradient of the expected reward, by enumeration of all nine texts."""
    every = torch.tensor(list(itertools.product(range(3), repeat=2)))
    log_p = -F.cross_entropy(g.G.logits(every).transpose(1, 2), every, reduction="none").sum(1)
    reward = torch.sigmoid(g.D(every).logits[0]).detach()
    return torch.autograd.grad(-(log_p.exp() * reward).sum(), list(g.G.parameters()))


@pytest.mark.parametrize("baseline", [False, True])
def test_the_policy_gradient_is_that_of_the_expected_reward(baseline):
    g = game(rollouts=2, baseline=baseline)
    batch = Batch(torch.zeros(200_000, 2, 3))
    estimate = torch.autograd.grad(g.g_loss(batch, Draw(0)).total, list(g.G.parameters()))
    exact = exact_gradient(g)
    flat = [torch.cat([x.flatten() for x in xs]) for xs in (estimate, exact)]
    assert (flat[0] - flat[1]).norm() < 0.1 * flat[1].norm()


def test_rewards_are_probabilities_and_the_last_is_ds_own():
    g = game(rollouts=3)
    tokens = torch.randint(3, (5, 2))
    rewards = g.rewards(tokens, Draw(0))
    assert rewards.shape == (5, 2)
    assert ((rewards >= 0) & (rewards <= 1)).all()
    torch.testing.assert_close(rewards[:, 1], torch.sigmoid(g.D(tokens).logits[0]))


def test_d_sees_hard_sequences_and_g_keeps_its_mode():
    g = game()
    seen = []
    g.D.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    loss = g.d_loss(Batch(F.one_hot(torch.randint(3, (6, 2)), 3).float()), Draw(0))
    assert g.G.training
    assert all(((x == 0) | (x == 1)).all() for x in seen)
    loss.total.backward()
    assert all(p.grad is None for p in g.G.parameters())
    assert set(g.turns) == {"d", "g", "mle"}


def test_constraints_are_applied():
    seen = []
    g = game(constraints=[seen.append])
    g.after("D")
    assert seen == [g.D]
