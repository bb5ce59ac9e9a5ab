import itertools

import pytest
import torch
import torch.nn.functional as F

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.join import Join
from multigan.core.types import Batch, Spec
from multigan.games.policy_gradient import PolicyGradientGame
from multigan.games.rules import Rules
from multigan.plugins.text.lstm import build_g
from multigan.plugins.text.objective import mle
from multigan.plugins.text.pairreader import build_d as pair_reader
from multigan.plugins.text.seq2seq import build_g as seq2seq
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


WORDS = {"kind": "word", "entries": ["", "�", "x", "y"], "tokenizer": ""}
PAIRED = Spec("text", (2, 4), (), {"end": 0, "vocabulary": WORDS}, 1)


def translating(**options):
    """A game of translators: G writes two of four tokens, D sees them with an input of two."""
    torch.manual_seed(0)
    join = Join(PAIRED, PAIRED)
    G = seq2seq(PAIRED, PAIRED, width=8, layers=1, heads=2, hidden=8)
    D = pair_reader(join.spec(), embed=4, hidden=6)
    with torch.no_grad():
        D.head[2].weight.mul_(20)
    rewards = {"same": lambda fake, real: (fake == real).flatten(1).all(1).float()}
    rules = Rules(losses.losses.get("ns"), objectives={"fit": mle}, rewards=rewards, join=join)
    return PolicyGradientGame({"G": G, "D": D}, rules, **options)


def pairs_of(n):
    one = F.one_hot(torch.tensor([[2, 3]]), 4).float().expand(n, -1, -1)
    return Batch(one, None, F.one_hot(torch.tensor([[3, 0]]), 4).float().expand(n, -1, -1))


@pytest.mark.parametrize("rollouts", [0, 2])
def test_with_inputs_the_gradient_is_that_of_the_expected_reward(rollouts):
    g = translating(rollouts=rollouts, baseline=False)
    batch = pairs_of(20_000)
    estimate = torch.autograd.grad(g.g_loss(batch, Draw(0)).total, list(g.G.parameters()), allow_unused=True)
    every = torch.tensor([[0, 0], [2, 0], [3, 0], [2, 2], [2, 3], [3, 2], [3, 3]])
    few = pairs_of(len(every))
    logits = g.G.logits(every, few.source)
    bar = torch.tensor([0.0, -torch.inf, 0.0, 0.0])
    log_p = F.log_softmax(logits + bar, -1).gather(2, every[..., None])[..., 0]
    counted = torch.tensor([[1, 0], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1]])
    nll = F.log_softmax(logits, -1).gather(2, every[..., None])[..., 0] * counted
    with torch.no_grad():
        p = (log_p * counted).sum(1).exp()
        verdicts = torch.sigmoid(g.D(g.base.join(F.one_hot(every, 4).float(), few.source)).logits[0])
        to_go = torch.stack([(verdicts * counted).sum(1) / counted.sum(1), verdicts[:, 1]], 1)
        whole = torch.sigmoid(verdicts.logit().mean(1))
    if rollouts:
        first = every[:, 0][:, None] == every[:, 0]
        q0 = (first * p * whole).sum(1) / (first * p).sum(1)
        to_go = torch.stack([q0, whole], 1)
    loss = -(p[:, None] * nll * to_go * counted).sum()
    exact = torch.autograd.grad(loss, list(g.G.parameters()), allow_unused=True)
    flat = [torch.cat([x.flatten() for x in xs if x is not None]) for xs in (estimate, exact)]
    assert (flat[0] - flat[1]).norm() < 0.1 * flat[1].norm()


def test_a_reward_beside_ds_is_mixed_in_and_teaching_ends_a_round():
    g = translating(rollouts=0, teach=True, reward="same", reward_weight=1.0)
    assert g.round(2) == ("d", "d", "g", "fit")
    assert g.uncounted == ("g", "fit")
    assert (g.keeps_last, translating(rollouts=0).keeps_last) == (True, False)
    tokens = torch.tensor([[2, 3], [3, 0]])
    assert g.rewards(tokens, Draw(0), pairs_of(2)).tolist() == [[1, 1], [0, 0]]
    assert g.turns["fit"][1](pairs_of(3), Draw(0)).total > 0
    with pytest.raises(RecipeError, match="did you mean 'same'"):
        translating(reward="sane")
    with pytest.raises(RecipeError, match="teach = true"):
        game(teach=True)


def test_d_sees_texts_with_their_inputs():
    g = translating(rollouts=0)
    seen = []
    g.D.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    batch = pairs_of(6)
    g.d_loss(batch, Draw(0)).total.backward()
    assert all(torch.equal(x[..., 4:], batch.source) for x in seen)
    assert all(p.grad is None for p in g.G.parameters())
