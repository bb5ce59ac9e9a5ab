"""A critic that reads with the generator's own eyes: what it is shown, by hand, and that only its head learns."""

import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins.text.insight import Insight, insight
from multigan.plugins.text.lstm import build_g
from multigan.plugins.text.textcnn import build_d
from multigan.plugins.text.transformer import build_transformer

WORDS = {"kind": "word", "entries": ["", "�", "a", "b", "c"], "tokenizer": ""}
SPEC = Spec("text", (4, 5), (), {"end": 0, "vocabulary": WORDS}, 1)


@pytest.fixture(params=["lstm", "transformer"])
def net(request):
    torch.manual_seed(0)
    G = build_g(SPEC, hidden=8) if request.param == "lstm" else build_transformer(SPEC, width=8, layers=1, heads=2)
    return G.double().eval()


def test_states_give_the_logits(net):
    tokens = net.sample(6, Draw(0))
    states = net.states(tokens)
    assert states.shape == (6, 4, net.width)
    torch.testing.assert_close(net.out(states), net.logits(tokens))


def test_what_is_seen_of_a_text_is_that_of_its_tokens_up_to_the_end(net):
    critic = insight(net).double()
    tokens = torch.tensor([[2, 3, 0, 0], [2, 3, 4, 2]])
    found = critic.seen(tokens)
    states, logits = net.states(tokens), net.logits(tokens)
    for row, size in ((0, 3), (1, 4)):
        logs = logits[row, :size].log_softmax(-1)
        surprise = -torch.stack([logs[t, tokens[row, t]] for t in range(size)])
        entropy = torch.stack([-sum(logs[t].exp()[k] * logs[t][k] for k in range(5)) for t in range(size)])
        each = torch.cat([states[row, :size], surprise[:, None], entropy[:, None]], 1)
        wanted = torch.cat([each.mean(0), each.max(0).values, torch.tensor([size / 4]).double()])
        torch.testing.assert_close(found[row], wanted)
    other = critic.seen(torch.tensor([[2, 3, 0, 4]]))
    torch.testing.assert_close(other[0], found[0])


def test_only_the_head_learns_and_gradients_are_those_of_the_head(net):
    critic = insight(net).double()
    x = F.one_hot(net.sample(12, Draw(1)), 5).double()
    critic(x).sum().backward()
    assert all(value.grad is None for value in critic.reader.parameters())
    assert all(value.grad is not None for value in critic.head.parameters())


def test_what_tells_no_states_gives_no_insight():
    assert insight(build_d(SPEC, embed=4, filters=4)) is None
    assert isinstance(insight(build_g(SPEC, hidden=4)), Insight)
