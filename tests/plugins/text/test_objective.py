import numpy as np
import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Batch, Spec
from multigan.plugins.text.grureader import build_gru
from multigan.plugins.text.lstm import build_g
from multigan.plugins.text.objective import denoise, mle, token_nll
from multigan.plugins.text.scramble import scrambled
from multigan.plugins.text.transformer import build_transformer


@pytest.mark.parametrize("end", [None, 0])
def test_likelihood_equals_numpy_up_to_the_first_end(end):
    G = build_g(Spec("text", (4, 6), (), {"end": end}), hidden=5).double()
    tokens = torch.tensor([[2, 3, 0, 0], [5, 1, 4, 2], [0, 0, 0, 0]])
    logits = G.logits(tokens).detach().numpy()
    log_softmax = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = []
    for row, scores in zip(tokens.tolist(), log_softmax, strict=True):
        count = row.index(0) + 1 if end == 0 and 0 in row else 4
        expected.append(-sum(scores[t, row[t]] for t in range(count)) / 4)
    values = mle(G, Batch(F.one_hot(tokens, 6).double()), Draw(0))
    np.testing.assert_allclose(values.detach().numpy(), expected, rtol=1e-12)


def test_learning_lowers_it():
    G = build_g(Spec("text", (4, 6), (), {"end": None}), hidden=16)
    batch = Batch(F.one_hot(torch.tensor([[1, 2, 3, 4]] * 8), 6).float())
    optimizer = torch.optim.Adam(G.parameters(), lr=0.05)
    first = mle(G, batch, Draw(0)).mean().item()
    for _ in range(60):
        optimizer.zero_grad()
        mle(G, batch, Draw(0)).mean().backward()
        optimizer.step()
    assert mle(G, batch, Draw(0)).mean().item() < 0.1 * first


def test_short_texts_are_learnt_to_be_as_frequent_as_they_are():
    G = build_g(Spec("text", (8, 4), (), {"end": 0}), hidden=8)
    texts = [[2, 0, 0, 0, 0, 0, 0, 0]] * 4 + [[3, 1, 2, 3, 1, 2, 3, 0]] * 12
    batch = Batch(F.one_hot(torch.tensor(texts), 4).float())
    optimizer = torch.optim.Adam(G.parameters(), lr=0.02)
    for _ in range(300):
        optimizer.zero_grad()
        mle(G, batch, Draw(0)).mean().backward()
        optimizer.step()
    first = F.softmax(G.logits(torch.tensor([texts[0]]))[0, 0], -1)
    # of a mean over the tokens of each text it would be (4 / 2) / (4 / 2 + 12 / 8) = .57
    assert abs(first[2].item() - 0.25) < 0.02


def test_repairing_is_likelihood_given_the_broken_text():
    words = {"kind": "word", "entries": ["", "�", "a", "b", "c"], "tokenizer": ""}
    spec = Spec("text", (5, 5), (), {"end": 0, "vocabulary": words}, 1)
    G, real = build_gru(spec, spec, width=6), F.one_hot(torch.tensor([[2, 3, 4, 0, 0], [4, 4, 2, 3, 2]]), 5).float()
    found = denoise(G, Batch(real, None, real.flip(0)), Draw(3))
    given = scrambled(real, Draw(3).child("scrambled"))
    wanted = token_nll(G, real.argmax(-1), source=given) * torch.tensor([4, 5]) / 5
    torch.testing.assert_close(found, wanted)
    with pytest.raises(RecipeError, match="a vocabulary of their own"):
        denoise(G, Batch(real, None, real[..., :4]), Draw(3))


def test_a_net_that_is_given_nothing_has_nothing_to_repair():
    real = F.one_hot(torch.tensor([[2, 3, 0], [3, 2, 3]]), 4).float()
    words = {"kind": "word", "entries": ["", "�", "a", "b"], "tokenizer": ""}
    G = build_g(Spec("text", (3, 4), (), {"end": 0, "vocabulary": words}, 1), hidden=4)
    torch.testing.assert_close(denoise(G, Batch(real), Draw(0)), mle(G, Batch(real), Draw(0)))


@pytest.mark.parametrize("net", ["lstm", "transformer"])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_places_after_the_end_are_left_out_and_change_neither_value_nor_gradient(net, temperature):
    spec = Spec("text", (6, 5), (), {"end": 0})
    G = (build_g(spec, hidden=5) if net == "lstm" else build_transformer(spec, width=8, heads=2, layers=1)).double()
    tokens = torch.tensor([[2, 3, 0, 0, 0, 0], [1, 4, 2, 1, 0, 0], [0, 0, 0, 0, 0, 0], [3, 3, 1, 2, 0, 0]])
    places = []
    hook = G.out.register_forward_hook(lambda module, given, made: places.append(made.shape[:-1].numel()))
    values = token_nll(G, tokens, temperature)
    found = torch.autograd.grad((values * torch.arange(1.0, 5)).sum(), list(G.parameters()))
    hook.remove()
    assert places == [3 + 5 + 1 + 5]
    nll = F.cross_entropy(G.logits(tokens).transpose(1, 2) / temperature, tokens, reduction="none")
    expected = torch.stack([row[:n].mean() for row, n in zip(nll, (3, 5, 1, 5), strict=True)])
    wanted = torch.autograd.grad((expected * torch.arange(1.0, 5)).sum(), list(G.parameters()))
    torch.testing.assert_close(values, expected, rtol=1e-12, atol=1e-12)
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-12)
