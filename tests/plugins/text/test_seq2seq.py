import itertools

import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, ShapeError
from multigan.core.types import Spec
from multigan.plugins.text.seq2seq import build_g


def spec_of(length, entries):
    words = {"kind": "word", "entries": ["", "�", *entries], "tokenizer": ""}
    return Spec("text", (length, len(entries) + 2), (), {"end": 0, "vocabulary": words}, 1)


SPEC, SOURCE = spec_of(4, ["a", "b", "c"]), spec_of(6, ["x", "y"])
SMALL = {"width": 8, "layers": 1, "heads": 2, "hidden": 12}


def net(**options):
    torch.manual_seed(0)
    G = build_g(SPEC, SOURCE, **{**SMALL, **options})
    with torch.no_grad():
        G.body.shared.weight.mul_(3)
    return G.double().eval()


def inputs(*rows):
    return F.one_hot(torch.tensor(rows), SOURCE.shape[1]).double()


def test_what_stands_behind_the_end_and_in_other_rows_changes_nothing():
    G = net()
    tokens = torch.tensor([[2, 3, 0, 0], [2, 3, 4, 2]])
    both = G.logits(tokens, inputs([2, 3, 0, 0, 0, 0], [2, 2, 3, 3, 2, 3]))
    alone = G.logits(tokens[:1], inputs([2, 3, 0, 3, 2, 3]))
    torch.testing.assert_close(both[:1, :3], alone[:, :3])
    assert alone.shape == (1, 4, 5)
    assert not alone[:, 3].any()


def test_a_token_is_given_those_before_it_alone():
    G = net()
    source = inputs([2, 3, 0, 0, 0, 0])
    one, other = (G.logits(torch.tensor([[2, last, 3, 2]]), source) for last in (3, 4))
    torch.testing.assert_close(one[:, :2], other[:, :2])
    assert (one[:, 2] - other[:, 2]).abs().max() > 1e-6


def _likelihoods(G, source):
    """Every text without the unknown token, and its log-likelihood."""
    every = torch.tensor([[a, b, c, d] for a, b, c, d in itertools.product((0, 2, 3, 4), repeat=4)])
    over = (every == 0).cumsum(1) - (every == 0).long() > 0
    every = every.masked_fill(over, 0).unique(dim=0)
    logits = G.logits(every, source.expand(len(every), -1, -1))
    logits[..., 1] = -torch.inf
    steps = F.log_softmax(logits, -1).gather(2, every[..., None])[..., 0]
    counted = (every == 0).cumsum(1) - (every == 0).long() == 0
    return every, torch.where(counted, steps, 0.0).sum(1)


def test_it_draws_as_often_as_its_likelihood_says():
    G, n = net(), 4000
    source = inputs([2, 3, 2, 0, 0, 0])
    drawn = G.sample(n, Draw(3), source=source.expand(n, -1, -1))
    every, likely = _likelihoods(G, source)
    expected = likely.exp()
    torch.testing.assert_close(expected.sum(), torch.tensor(1.0, dtype=torch.float64))
    seen = torch.stack([(drawn == one).all(1).double().mean() for one in every])
    assert (seen - expected).abs().max() < 5 * (0.25 / n) ** 0.5
    assert not (drawn == 1).any()


def test_the_likeliest_token_at_every_step_and_a_beam_of_one_are_the_same():
    G = net()
    source = inputs([2, 3, 2, 0, 0, 0], [3, 3, 0, 0, 0, 0])
    greedy = G.sample(2, Draw(0), temperature=0.0, source=source)
    best, _ = G.beam(source, 1)
    assert torch.equal(greedy, best[:, 0])
    for t in range(4):
        logits = G.logits(F.pad(greedy[:, :t], (0, 4 - t), value=2), source)[:, t]
        logits[:, 1] = -torch.inf
        ended = (greedy[:, :t] == 0).any(1)
        assert torch.equal(torch.where(ended, 0, logits.argmax(1)), greedy[:, t])


def test_a_beam_of_all_texts_finds_the_likeliest():
    G = net()
    source = inputs([2, 3, 2, 0, 0, 0])
    found, scores = G.beam(source, 256)
    texts, expected = _likelihoods(G, source)
    best = (expected / (texts != 0).sum(1).add(1).clamp_max(4)).max(0)
    assert torch.equal(found[0, 0], texts[best.indices])
    torch.testing.assert_close(scores[0, 0], best.values)
    assert scores[0].tolist() == sorted(scores[0].tolist(), reverse=True)


def test_prefix_is_kept_and_after_the_end_only_ends_follow():
    G = net()
    prefix = torch.tensor([[3, 0], [4, 2]])
    drawn = G.sample(2, Draw(1), prefix=prefix, source=inputs([2, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0]))
    assert torch.equal(drawn[:, :2], prefix)
    assert not drawn[0, 2:].any()


def test_soft_texts_are_those_that_are_drawn():
    G = net().train()
    source = inputs([2, 3, 2, 0, 0, 0]).expand(50, -1, -1)
    soft = G(torch.zeros(50, 0), None, Draw(5), source=source)
    drawn = G.sample(50, Draw(5), source=source)
    assert soft.shape == (50, 4, 5)
    same = (soft.argmax(-1) == drawn) | (soft.argmax(-1) == 1)  # an exact draw takes no unknown token
    assert same.all()
    torch.testing.assert_close(soft.sum(-1), torch.ones(50, 4, dtype=torch.float64))
    soft.square().sum().backward()
    assert all(p.grad is not None for p in G.parameters())


def test_hard_texts_have_a_gradient_in_inputs_that_ask_for_one():
    G = net()
    source = inputs([2, 3, 2, 0, 0, 0]).requires_grad_(True)
    made = G(torch.zeros(1, 0), None, Draw(0), source=source)
    assert torch.equal(made.detach().sort(-1).values[..., -1].round(), torch.ones(1, 4, dtype=torch.float64))
    made.square().sum().backward()
    assert source.grad.abs().sum() > 0


def test_dropout_comes_from_the_draw_alone():
    G = net(dropout=0.5).train()
    tokens, source = torch.tensor([[2, 3, 4, 0]]), inputs([2, 3, 0, 0, 0, 0])
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    a, b, c = (G.logits(tokens, source, draw) for draw in (Draw(0), Draw(0), Draw(0, 1)))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    assert torch.equal(before, torch.random.get_rng_state())
    drawn = [G.sample(1, Draw(0), source=source) for _ in range(2)]
    assert torch.equal(*drawn)
    assert G.body.training


def test_one_vocabulary_is_one_table():
    assert build_g(SPEC, SPEC, **SMALL).embedding is None
    assert build_g(SPEC, SOURCE, **SMALL).embedding.weight.shape == (4, 8)


def test_what_is_wrong_is_said():
    with pytest.raises(RecipeError, match=r"heads = 3 of width = 8.*G\.width=9"):
        build_g(SPEC, SOURCE, width=8, heads=3)
    endless = Spec("text", (4, 5), (), {"end": None, "vocabulary": {"kind": "number", "size": 5}}, 1)
    with pytest.raises(RecipeError, match="texts that no token ends"):
        build_g(endless, SOURCE)
    with pytest.raises(ShapeError, match="without a draw or an input"):
        net()(torch.zeros(1, 0))


@pytest.mark.parametrize("kind", ["t5", "bart"])
def test_a_table_that_only_writes(kind):
    torch.manual_seed(0)
    tied, G = (build_g(SPEC, SOURCE, **SMALL, kind=kind, tied=one).eval() for one in (True, False))
    table = G.body.get_output_embeddings().weight
    assert tied.body.get_output_embeddings().weight is tied.body.get_input_embeddings().weight
    assert table is not G.body.get_input_embeddings().weight
    assert table.std() < 0.05
    logits = G.logits(torch.tensor([[2, 3, 0, 0]]), inputs([2, 3, 0, 0, 0, 0]).float())[0, :3]
    assert logits.std() < 0.2
    logits.sum().backward()
    assert table.grad.abs().sum() > 0


def test_weights_have_one_table():
    with pytest.raises(RecipeError, match="one table of words"):
        build_g(SPEC, SOURCE, **SMALL, weights="t5", tied=False)
