import pytest
import torch
import torch.nn.functional as F

import multigan
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, ShapeError
from multigan.core.generators import Reading, Steerable, Writer
from multigan.core.types import Spec
from multigan.engine.trainer import Quiet, Trainer
from multigan.plugins.text.transformer import build_transformer

SPEC = Spec("text", (6, 9), (), {"end": None})
ENDING = Spec("text", (6, 9), (), {"end": 0})
SMALL = {"width": 16, "layers": 2, "heads": 2}
RUN = [
    'G={net="transformer",width=16,heads=2,layers=1}', "D.filters=4", "data.length=12", "train.batch=8",
    "train.sheets=1", "train.report=false", "train.vitals=1",
]  # fmt: skip


class Stop(Quiet):
    def stepped(self, trainer, parts):
        trainer.stopping = trainer.state.step >= 6


def net(spec=SPEC, **options):
    torch.manual_seed(0)
    G = build_transformer(spec, **SMALL, **options)
    with torch.no_grad():
        for parameter in G.parameters():
            parameter.mul_(5)
    return G


def test_it_is_all_that_a_writer_is():
    for ability in (Reading, Writer, Steerable):
        assert isinstance(net(), ability)


@pytest.mark.parametrize("straight_through", [False, True])
def test_training_output_is_on_the_simplex_and_gradients_reach_everything(straight_through):
    G = net(straight_through=straight_through, beta_max=2.0)
    out = G(torch.zeros(7, 0), None, Draw(0))
    assert out.shape == (7, 6, 9)
    torch.testing.assert_close(out.sum(-1), torch.ones(7, 6))
    (out * torch.randn(7, 6, 9)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in G.parameters())


def test_the_relaxation_follows_the_equation():
    G = net(beta_max=3.0)
    draw = Draw(0, progress=0.5)
    out = G(torch.zeros(4, 0), None, draw)
    tokens = out.argmax(-1)
    expected = F.softmax(3.0**0.5 * (G.logits(tokens) + draw.gumbel("gumbel", (4, 6, 9))), -1)
    torch.testing.assert_close(out, expected)


def test_no_place_sees_a_later_one():
    G = net().eval()
    tokens = torch.randint(9, (3, 6))
    changed = tokens.clone()
    changed[:, 3] = (changed[:, 3] + 1) % 9
    same = (G.logits(tokens) - G.logits(changed)).abs().amax((0, 2)) < 1e-6
    assert same.tolist() == [True] * 4 + [False] * 2


def test_writing_with_kept_keys_is_what_one_pass_says():
    """At a temperature near 0 each token is the likeliest one given those before it, as one pass has them."""
    G = net().eval()
    tokens = G.sample(20, Draw(0), temperature=1e-6)
    assert torch.equal(tokens, G.logits(tokens).argmax(-1))
    seen = []
    written = G._write(5, lambda t, logits: seen.append(logits) or torch.randint(9, (5,)))
    torch.testing.assert_close(torch.stack(seen, 1), G.logits(written).detach(), atol=1e-4, rtol=1e-4)


def test_draws_have_the_models_frequencies():
    G = net().eval()
    first = torch.bincount(G.sample(4_000, Draw(3))[:, 0], minlength=9).double()
    expected = F.softmax(G.logits(torch.zeros(1, 6, dtype=torch.long))[0, 0], -1).double().detach() * 4_000
    assert ((first - expected).square() / expected).sum() < 26.1  # 8 degrees of freedom, p = .001


def test_after_the_end_only_ends_follow_and_a_prefix_is_kept():
    G = net(ENDING)
    for training in (True, False):
        tokens = G.train(training)(torch.zeros(300, 0), None, Draw(0)).argmax(-1)
        ended = (tokens == 0).cumsum(1) > 0
        assert ended.any()
        assert (tokens[ended] == 0).all()
    prefix = torch.tensor([[3, 1], [2, 8]])
    assert torch.equal(net().sample(2, Draw(0), prefix=prefix)[:, :2], prefix)


def test_what_it_cannot_be_is_said():
    with pytest.raises(ShapeError, match="draw=Draw"):
        net()(torch.zeros(2, 0))
    with pytest.raises(RecipeError, match="multiple of twice the heads"):
        build_transformer(SPEC, width=20, heads=3)


def test_nothing_stays_behind_on_a_move():
    G = net(ENDING)
    loose = [k for one in G.modules() for k, value in vars(one).items() if isinstance(value, torch.Tensor)]
    assert loose == []
    assert G.to("meta")(torch.zeros(2, 0, device="meta"), None, Draw(0, device="meta")).shape == (2, 6, 9)


def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path, monkeypatch):
    """Maximum likelihood, then Gumbel-softmax; the likelihood and all verbs of texts take it."""
    sets = [*RUN, 'phases=[{name="pretrain",turns=["mle"],samples=32}]', "train.samples=64"]
    whole = multigan.train("text/surnames", run=tmp_path / "whole", overrides=sets, quiet=True)
    fit = Trainer.fit
    monkeypatch.setattr(Trainer, "fit", lambda trainer: (trainer.handlers.insert(0, Stop()), fit(trainer))[1])
    multigan.train("text/surnames", run=tmp_path / "halved", overrides=sets, quiet=True)
    monkeypatch.undo()
    halved = multigan.resume(tmp_path / "halved", quiet=True)
    assert halved.state.samples == whole.state.samples
    last = [multigan.load(run.folder / "generator") for run in (whole, halved)]  # a stop may be the best
    assert last[0].config["weights_sha256"] == last[1].config["weights_sha256"]
    found = multigan.evaluate(whole.folder, samples=100, cache=False, curve=False)
    assert found.score("nll_test").value > 0
    generator = whole.generator
    assert generator.generate(4) == generator.generate(9)[:4]
    assert generator.modality.fill(generator.net, "sm_th", generator.spec)


def test_it_plays_policy_gradient(tmp_path):
    game = ["game.name=policy-gradient", "game.rollouts=2", "train.samples=16", "game.loss=cross-entropy", "phases=[]"]
    sets = [*RUN, *game, "game.penalties=[]"]
    run = multigan.train("text/surnames", run=tmp_path / "run", overrides=sets, quiet=True)
    assert run.state.samples == 16
