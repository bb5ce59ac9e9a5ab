"""A critic for a generator that is given texts, from the run to the candidates that it chooses among."""

import pytest

import multigan
from multigan.core.errors import UnsupportedError
from multigan.generator.answering import How, answers
from multigan.generator.generator import load
from multigan.refinement import refine as module

SETS = ["G.net=gru-reader", "G.width=6", "D.embed=8", "D.hidden=8", "data.n=400", "data.vocab=80", "phases=[]"]
SETS += ["train.samples=8", "train.batch=8", "train.vitals=0", "train.sheets=0", "train.report=false"]


def test_it_learns_pairs_and_chooses_by_them(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FEW", 512)
    run = multigan.train("text/reply", run=tmp_path / "run", overrides=[*SETS, "data.holdout=96"], quiet=True)
    made = multigan.refine(run.folder, start="fresh", samples=2048)
    assert made.log_loss["calibrated"] < 0.6
    generator = load(run.folder, made.which)
    lines = ["Where is the station?", "How is your dog?"]
    chosen = answers(generator, lines, How(candidates=4))
    assert len(chosen) == 2
    assert [one.text for one in chosen] == [one.text for one in answers(generator, lines, How(candidates=4))]


def test_sets_without_pairs_are_refused(tmp_path):
    sets = ["G.width=6", "D.filters=4", "data.n=100", "phases=[]", "train.samples=16", "train.batch=8"]
    sets += ["train.vitals=0", "train.sheets=0", "train.report=false"]
    run = multigan.train("text/restyle", run=tmp_path / "run", overrides=sets, quiet=True)
    with pytest.raises(UnsupportedError, match="trained without pairs"):
        multigan.refine(run.folder)
