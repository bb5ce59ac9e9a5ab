import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.core.types import Spec
from multigan.plugins.text.grureader import build_gru
from multigan.plugins.text.seq2seq import build_g
from multigan.plugins.text.translator import Read, sizes_of

WORDS = {"kind": "word", "entries": ["", "�", "a", "b", "c"], "tokenizer": ""}
SPEC = Spec("text", (5, 5), (), {"end": 0, "vocabulary": WORDS}, 1)
SMALL = {"width": 8, "layers": 1, "heads": 2, "hidden": 12}


@pytest.fixture(params=["gru-reader", "seq2seq", "bart"])
def net(request):
    torch.manual_seed(0)
    kind = {"kind": "bart"} if request.param == "bart" else {}
    G = build_gru(SPEC, SPEC, width=8) if request.param == "gru-reader" else build_g(SPEC, SPEC, **SMALL, **kind)
    with torch.no_grad():
        words = G.shared.words if request.param == "gru-reader" else G.body.get_input_embeddings()
        words.weight.mul_(30 if kind else 3)
    return G.double().eval()


def inputs(*rows):
    return F.one_hot(torch.tensor(rows), 5).double()


def test_sizes_count_the_first_end():
    assert sizes_of(torch.tensor([[2, 0, 3, 0], [0, 0, 0, 0], [2, 3, 4, 2]]), 0).tolist() == [2, 1, 4]


def test_inputs_are_repeated_in_a_row():
    read = Read(torch.arange(4.0).view(2, 2, 1), torch.ones(2, 2)).repeated(2)
    assert read.states[:, 0, 0].tolist() == [0, 0, 2, 2]


def test_step_by_step_is_teacher_forcing(net):
    source, tokens = inputs([2, 3, 4, 0, 0], [3, 0, 0, 0, 0]), torch.tensor([[2, 3, 4, 2, 3], [4, 4, 2, 3, 2]])
    whole = net.logits(tokens, source)
    state, before, read = None, torch.zeros(2, 1, dtype=torch.long), net.read(source)
    for t in range(5):
        logits, state = net.step(before, state, read)
        torch.testing.assert_close(logits, whole[:, t])
        before = tokens[:, t : t + 1]


def test_what_stands_behind_the_end_and_in_other_rows_changes_nothing(net):
    tokens = torch.tensor([[2, 3, 0, 0, 0], [2, 3, 4, 2, 2]])
    both = net.logits(tokens, inputs([2, 3, 0, 0, 0], [2, 2, 3, 3, 2]))
    alone = net.logits(tokens[:1], inputs([2, 3, 0, 3, 2]))
    torch.testing.assert_close(both[:1, :3], alone[:, :3])


def test_in_use_it_writes_the_likeliest_and_while_it_plays_draws(net):
    source = inputs([2, 3, 4, 0, 0]).expand(64, -1, -1)
    hard = net(torch.zeros(64, 0), None, Draw(0), source=source)
    assert (hard == hard[:1]).all()
    assert not hard[..., 1].any()
    net.train()
    soft = net(torch.zeros(64, 0), None, Draw(0), source=source)
    torch.testing.assert_close(soft.sum(-1), torch.ones(64, 5).double())
    assert len(soft.argmax(-1).unique(dim=0)) > 1


def test_a_beam_of_one_is_the_likeliest_token_at_every_step(net):
    source = inputs([2, 3, 4, 0, 0], [3, 0, 0, 0, 0])
    best, _ = net.beam(source, 1)
    assert torch.equal(best[:, 0], net.sample(2, Draw(0), temperature=0, source=source))


def test_without_an_input_it_says_so(net):
    with pytest.raises(ShapeError, match="without a draw or an input"):
        net(torch.zeros(1, 0))


def test_inputs_are_withheld_as_often_as_asked_and_only_while_it_trains(net):
    tokens, source = torch.tensor([[2, 3, 0, 0, 0]]).expand(400, -1), inputs([2, 3, 4, 0, 0]).expand(400, -1, -1)
    plain, without = net.logits(tokens[:1], source[:1]), net.logits(tokens[:1], net.nothing(source[:1]))
    assert not torch.allclose(plain[:, :3], without[:, :3])
    assert net.nothing(source).argmax(-1).unique().tolist() == [0]
    net.train()
    net.forget = 0.3
    found = net.logits(tokens, source, Draw(0))
    withheld = (found - without).abs().flatten(1).amax(1) < 1e-9
    assert ((found - plain).abs().flatten(1).amax(1) < 1e-9).logical_xor(withheld).all()
    assert 0.22 < withheld.double().mean() < 0.38
    torch.testing.assert_close(net.logits(tokens[:1], source[:1]), plain)
    torch.testing.assert_close(net.eval().logits(tokens[:1], source[:1], Draw(0)), plain)


def test_draws_in_use_are_of_the_nucleus_and_those_of_a_game_exact(net):
    source = inputs([2, 3, 4, 0, 0]).expand(600, -1, -1)
    first = net.logits(torch.zeros(1, 5, dtype=torch.long), source[:1])[0, 0].detach()
    first[1] = -torch.inf  # the unknown token is never drawn
    shares, order = first.softmax(0).sort(descending=True)
    top_p = float(shares[:2].sum()) - 1e-6
    drawn = net.sample(600, Draw(0), source=source, top_p=top_p)[:, 0]
    assert set(drawn.tolist()) == set(order[:2].tolist())
    kept = (drawn == order[0]).double().mean()
    assert abs(kept - shares[0] / shares[:2].sum()) < 0.08
    net.temperature, net.top_p = 1.0, top_p
    used = net(torch.zeros(600, 0), None, Draw(0), source=source)[:, 0].argmax(-1)
    assert torch.equal(used, drawn)
    assert len(net.sample(600, Draw(0), source=source)[:, 0].unique()) > 2


def test_no_text_is_empty_where_none_is_to_be(net):
    source = inputs([2, 3, 4, 0, 0]).expand(300, -1, -1)
    assert (net.sample(300, Draw(0), source=source)[:, 0] == 0).any()
    filled = net.sample(300, Draw(0), source=source, filled=True)
    assert (filled[:, 0] > 1).all()
    assert (filled[:, 1] == 0).any()
    first = net.logits(torch.zeros(1, 5, dtype=torch.long), source[:1])[0, 0].detach()
    shares = first.index_fill(0, torch.tensor([0, 1]), -torch.inf).softmax(0)
    drawn = torch.bincount(filled[:, 0], minlength=5) / 300
    assert (drawn - shares).abs().max() < 0.1
