"""A run of text from text, from its files to what is made of it: trained, broken off, applied, judged."""

import json

import pytest
import torch

import multigan
from multigan.core.errors import UnsupportedError
from multigan.evaluation.run import evaluate
from multigan.exporters.exporting import export
from multigan.generator.answering import How, answers
from multigan.generator.generator import load
from tests.tiny_writer import WRITER

SMALL = [*WRITER, "G.dropout=0.2"]
SETS = [*SMALL, "data.n=120", "data.vocab=80", "train.batch=8", "train.vitals=0", "train.sheets=2", "data.holdout=24"]
SETS += ['phases=[{name="fit", turns=["fit"], samples=64}]', "train.samples=48"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reply") / "run"
    multigan.train("text/reply", run=folder, overrides=[*SETS, "game.reward=chrf"], quiet=True)
    return folder


def test_it_keeps_the_fit_and_sheets_of_input_output_and_target(folder):
    assert (folder / "generator-fit" / "config.json").is_file()
    assert "input, output, target" in (folder / "report.html").read_text()
    facts = json.loads((folder / "generator" / "config.json").read_text())
    assert facts["input"]["spec"]["meta"]["vocabulary"] == facts["spec"]["meta"]["vocabulary"]


def test_it_is_judged_beside_the_fit_what_is_looked_up_and_the_input(folder):
    found = evaluate(folder, cache=False)
    rows = {score.key: score for score in found.scores}
    assert {"bleu", "chrf", "exact", "top_share", "distinct_1", "distinct_2", "copies"} <= set(rows)
    assert "l1" not in rows
    systems = found.curves["translation"]["systems"]
    assert list(systems) == ["generator", "the input as it is", "the target of the nearest trained input", "fit alone"]
    assert systems["the target of the nearest trained input"]["copies"]["value"] == 1
    assert found.verdict[0] == "what the adversary bought cannot be told by 24 pairs: 30 are needed"
    assert "signature" in rows["bleu"].note or "version:" in rows["bleu"].note


def test_what_it_cannot_is_said(folder):
    with pytest.raises(UnsupportedError, match="writes as long as a text is"):
        export(folder)
    with pytest.raises(UnsupportedError, match="given an input"):
        load(folder).generate(1)
    with pytest.raises(multigan.core.errors.DataError, match="a beam search that draws"):
        answers(load(folder), ["x"], How(beam=2, temperature=1.0))


def test_a_run_that_was_stopped_and_resumed_is_the_unbroken_one(tmp_path):
    whole = multigan.train("text/reply", run=tmp_path / "whole", overrides=[*SETS, "train.report=false"], quiet=True)
    short = [*SETS, "train.report=false", "train.checkpoints=6"]

    class Stop(Exception):
        pass

    from multigan.engine.trainer import Trainer

    turn, seen = Trainer.update, []

    def stopping(self, *given, **named):
        seen.append(1)
        if len(seen) == 14:
            raise Stop
        return turn(self, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "update", stopping)
        with pytest.raises(Stop):
            multigan.train("text/reply", run=tmp_path / "broken", overrides=short, quiet=True)
    resumed = multigan.resume(tmp_path / "broken", quiet=True)
    a, b = (load(run.folder, "last").net.state_dict() for run in (whole, resumed))
    assert all(torch.equal(a[name], b[name]) for name in a)
