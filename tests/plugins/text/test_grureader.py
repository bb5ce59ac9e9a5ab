import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.both_ways import BothWays
from multigan.plugins.text.grureader import build_gru


def spec_of(*entries, length=4, end=0):
    words = {"kind": "word", "entries": ["", "�", *entries], "tokenizer": ""}
    return Spec("text", (length, len(entries) + 2), (), {"end": end, "vocabulary": words}, 1)


SPEC = spec_of("a", "b", "c")


def net(**options):
    torch.manual_seed(0)
    return build_gru(SPEC, SPEC, **{"width": 6, **options}).double().eval()


def test_the_number_of_parameters_by_hand():
    w, v = 6, 5
    gru = 3 * w * (w + w + 2)
    expected = v * w + 3 * gru + (2 * w * w + w) + w * w + (2 * w * w + w) + v + w
    assert sum(param.numel() for param in net().parameters()) == expected


def test_attention_by_hand():
    G = net()
    source, tokens = F.one_hot(torch.tensor([[2, 3, 0, 0]]), 5).double(), torch.tensor([[3, 2, 0, 0]])
    s = G.shared
    given = s.words.weight[torch.tensor([[2, 3, 0]])] * 6**0.5
    states = s.joined(s.reader(given)[0])[0]
    h = s.writer(s.words.weight[torch.tensor([[0, 3, 2]])] * 6**0.5 + G.side)[0][0]
    weights = (s.query(h) @ states.T / 6**0.5).softmax(-1)
    top = torch.tanh(s.top(torch.cat([h, weights @ states], -1)))
    torch.testing.assert_close(G.logits(tokens, source)[0, :3], top @ s.words.weight.T * 6**0.5 + s.bias)


def test_both_ways_are_one_net_but_for_the_side():
    G = BothWays(net(), net(), SPEC, SPEC)
    alone = sum(param.numel() for param in net().parameters())
    assert sum(param.numel() for param in G.parameters()) == alone + 6
    assert G.back.shared is G.there.shared
    assert G.back.side is not G.there.side
    with pytest.raises(RecipeError, match="one net for 5 and 4 words"):
        build_gru(*[spec_of("a", "b")] * 2).share(net())


def test_inputs_with_words_of_their_own_have_a_table_of_their_own():
    torch.manual_seed(0)
    G = build_gru(SPEC, spec_of("x", "y", "z", "u"), width=6).double().eval()
    source, tokens = F.one_hot(torch.tensor([[5, 3, 0, 0]]), 6).double(), torch.tensor([[3, 2, 0, 0]])
    given = G.shared.foreign.weight[torch.tensor([[5, 3, 0]])] * 6**0.5
    torch.testing.assert_close(G.read(source).states, G.shared.joined(G.shared.reader(given)[0]))
    assert G.logits(tokens, source).shape == (1, 4, 5)
    with pytest.raises(RecipeError, match="one vocabulary"):
        G.share(build_gru(SPEC, SPEC, width=6))


def test_dropout_is_the_steps():
    G, source = net(dropout=0.5).train(), F.one_hot(torch.tensor([[2, 3, 0, 0]]), 5).double()
    tokens = torch.tensor([[3, 2, 0, 0]])
    one, same, other = (G.logits(tokens, source, Draw(0, step)) for step in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_what_it_cannot_is_said():
    with pytest.raises(RecipeError, match="no token ends"):
        build_gru(*[spec_of("a", end=None)] * 2)
