import pytest
import torch
import torch.nn.functional as F
from torch import nn

import multigan
from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError, DataError, UnsupportedError
from multigan.core.types import Spec
from multigan.generator.answering import How, answers
from multigan.generator.critic import Critic
from multigan.generator.generator import load
from multigan.generator.ranking import Ranker, judged_spec, ranker_of
from multigan.metrics.calibration import Calibration
from multigan.plugins.text.objective import token_nll

SETS = ["G.net=gru-reader", "G.width=6", "D.embed=4", "D.hidden=4", "data.n=60", "data.vocab=80", "phases=[]"]
SETS += ["train.samples=8", "train.batch=8", "train.vitals=0", "train.sheets=0", "train.report=false"]
LINES = ["Where is the station?", "", "I am hungry, Anna."]


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranked") / "run"
    multigan.train("text/reply", run=folder, overrides=[*SETS, "G.forget=0"], quiet=True)
    return load(folder, "last")


class Long(nn.Module):
    """A critic that wants few ends: its logit is how many tokens a text has, of both sides of the joined."""

    def __init__(self, vocab):
        super().__init__()
        self.vocab = vocab

    def forward(self, x, cond=None, draw=None):
        assert x.shape[2] > self.vocab  # the input is there too
        return (x[..., : self.vocab].argmax(-1) > 0).float().sum(1)


def ranker(generator, weight):
    seen = judged_spec(generator.spec, generator.input_spec)
    critic = Critic(Long(generator.spec.shape[1]), seen.shape, Calibration(weight, 0.5))
    return Ranker(generator, critic)


def test_the_score_is_likelihood_and_log_ratio(generator):
    made = answers(generator, LINES, How(temperature=1.0))
    found = ranker(generator, 2.0).scores(generator.net, made)
    assert found[1] == 0
    for k in (0, 2):
        tokens, ids = made[k].raw[None].long(), made[k].given[None].long()
        source = F.one_hot(ids, generator.input_spec.shape[1]).float()
        size = min(int((tokens != 0).sum()) + 1, tokens.shape[1])
        expected = -token_nll(generator.net, tokens, source=source) * size + 2 * (tokens != 0).sum() + 0.5
        torch.testing.assert_close(found[k], expected[0].double(), rtol=1e-4, atol=1e-4)


def test_the_best_is_what_the_critic_prefers_where_it_speaks_loudly(generator):
    loud, draw = ranker(generator, 100.0), Draw(3, 0, "apply/")
    best = loud.best(generator.net, LINES, 6, draw, 0, 0.0)
    first = answers(generator, LINES)
    drawn = [
        generator.modality.answer(
            generator.net, LINES, generator.input_spec, generator.spec,
            draw=draw.child(f"candidate-{k}"), beam=0, temperature=1.0,
        )
        for k in range(1, 6)
    ]  # fmt: skip
    for line in (0, 2):
        longest = max(int((one[line].raw != 0).sum()) for one in [first, *drawn])
        assert int((best[line].raw != 0).sum()) == longest
    assert best[1].text == ""
    same = loud.best(generator.net, LINES, 6, draw, 0, 0.0)
    assert [one.text for one in best] == [one.text for one in same]


def test_a_critic_sees_samples_with_their_inputs():
    spec, source = Spec("text", (4, 5), (), {}, 1), Spec("text", (6, 7), (), {}, 1)
    assert judged_spec(spec, None) is spec
    assert judged_spec(spec, source).shape == (6, 12)


def test_without_a_critic_or_texts_it_says_what_to_type(generator, tmp_path):
    with pytest.raises(CheckpointError, match="has not been refined"):
        answers(generator, LINES, How(candidates=4))
    with pytest.raises(DataError, match="1000 candidates of a line"):
        ranker_of(generator, 1000)
    run = multigan.train(
        "points/ring",
        run=tmp_path / "ring",
        overrides=["train.samples=8", "train.batch=8", "train.report=false"],
        quiet=True,
    )
    with pytest.raises(UnsupportedError, match="candidates of a generator"):
        ranker_of(load(run.folder), 4)


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forgetful") / "run"
    multigan.train("text/reply", run=folder, overrides=[*SETS, "G.forget=0.3"], quiet=True)
    return load(folder, "last")


def test_what_is_likely_without_the_line_is_taken_off(forgetful):
    made = answers(forgetful, LINES, How(temperature=1.0))
    found = Ranker(forgetful, None, 0.7).scores(forgetful.net, made)
    for k in (0, 2):
        tokens, ids = made[k].raw[None].long(), made[k].given[None].long()
        size = min(int((tokens != 0).sum()) + 1, tokens.shape[1])
        nats = [
            -token_nll(forgetful.net, tokens, source=F.one_hot(one, forgetful.input_spec.shape[1]).float()) * size
            for one in (ids, torch.zeros_like(ids))
        ]
        torch.testing.assert_close(found[k], (nats[0] - 0.7 * nats[1])[0].double(), rtol=1e-4, atol=1e-4)
    assert answers(forgetful, LINES, How(temperature=1.0, candidates=3, generic=0.7))[0].text
    zero = Ranker(forgetful, None, 0.0).scores(forgetful.net, made)
    assert torch.equal(zero, Ranker(forgetful, None).scores(forgetful.net, made))


def test_generic_is_refused_where_no_input_was_ever_withheld_or_out_of_range(generator, forgetful):
    with pytest.raises(UnsupportedError, match="never wrote without an input") as said:
        ranker_of(generator, 4, 0.5)
    assert "G.forget=0.1" in said.value.fix
    for wrong in (-0.1, 1.5):
        with pytest.raises(DataError, match="generic"):
            ranker_of(forgetful, 4, wrong)
