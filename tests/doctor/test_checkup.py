import json

import pytest
import torch

from multigan.core.errors import DivergedError
from multigan.doctor.checkup import Checkup, failure_of
from multigan.doctor.doctor import Verdict
from multigan.doctor.history import Circumstances
from multigan.doctor.vitals import Vitals
from multigan.engine.trainer import Quiet
from multigan.run.ledger import Ledger
from multigan.run.writers import MetricsFile


def watched(trainer, folder, *extra):
    said = []
    vitals = Vitals(lambda x: x)
    facts = Circumstances(folder=str(folder), samples=160, items=200)
    ledger = Ledger(folder / "metrics.jsonl")
    metrics = MetricsFile(ledger, vitals=vitals)
    checkup = Checkup(folder, ledger, facts, vitals, said.extend)
    trainer.handlers = [vitals, metrics, checkup, *extra]
    return checkup, said


def written(folder):
    return json.loads((folder / "verdict.json").read_text())


def test_every_run_ends_with_a_verdict_in_words_and_in_a_file(tiny, tmp_path):
    t = tiny(n=240, holdout=40)
    checkup, said = watched(t, tmp_path)
    t.fit()
    assert said[-len(checkup.verdict.lines()) :] == checkup.verdict.lines()
    assert written(tmp_path)["name"] == checkup.verdict.name
    assert written(tmp_path)["ended_by"] is None
    assert failure_of(tmp_path) is None


def test_a_stopped_run_too(tiny, tmp_path):
    class Stop(Quiet):
        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == 5

    t = tiny(n=240, holdout=40)
    watched(t, tmp_path, Stop())
    t.fit()
    assert written(tmp_path)["numbers"]["vitals/distance"] > 0
    assert written(tmp_path)["ended_by"] is None


def test_a_run_that_dies_of_nan_is_diverged_with_layer_and_term(tiny, tmp_path):
    class Poison(Quiet):
        def stepped(self, trainer, parts):
            if trainer.state.step == 12:
                trainer.game.players["G"].net[2].bias.data[0] = torch.nan

    t = tiny(n=240, holdout=40)
    watched(t, tmp_path, Poison())
    with pytest.raises(DivergedError):
        t.fit()
    found = written(tmp_path)
    assert found["name"] == "diverged"
    assert "loss/D" in found["evidence"][0]
    assert "G.net.2 (Linear)" in found["evidence"][0]
    assert failure_of(tmp_path) == found["failure"]


def test_a_crash_is_no_divergence(tiny, tmp_path):
    class Crash(Quiet):
        def stepped(self, trainer, parts):
            if trainer.state.step == 12:
                raise KeyboardInterrupt

    t = tiny(n=240, holdout=40)
    watched(t, tmp_path, Crash())
    with pytest.raises(KeyboardInterrupt):
        t.fit()
    assert written(tmp_path)["name"] != "diverged"
    assert written(tmp_path)["ended_by"].startswith("KeyboardInterrupt")


def test_a_worse_verdict_is_said_once_while_training(tiny, tmp_path, optim):
    t = tiny(n=240, holdout=40)
    t.phases = (t.phases[0].__class__("adversarial", ("d", "g"), 6400, {**optim, "G": optim["G"].__class__(lr=1e-30)}),)
    t.optimizers = t.fresh_optimizers()
    checkup, said = watched(t, tmp_path)
    checkup.facts = Circumstances(samples=6400, items=200)
    t.fit()
    before_the_end = said[: said.index("verdict: G starves")]
    assert len([line for line in before_the_end if line.startswith("G starves at")]) == 1


def test_a_full_disk_does_not_hide_the_error(tiny, tmp_path):
    class Crash(Quiet):
        def stepped(self, trainer, parts):
            if trainer.state.step == 12:
                (tmp_path / "verdict.json").mkdir()
                raise ValueError("the reason")

    t = tiny(n=240, holdout=40)
    watched(t, tmp_path, Crash())
    with pytest.raises(ValueError, match="the reason") as caught:
        t.fit()
    assert "could not be written" in caught.value.__notes__[0]


def test_what_was_said_of_a_run_that_is_well_again_is_taken_back(tiny, tmp_path, monkeypatch):
    names = iter(["healthy", "diverged", "diverged", "still improving", "still improving"])

    def diagnosed(rows, facts):
        name = next(names, "healthy")
        return Verdict(name, ("evidence",), "command", "why", {})

    monkeypatch.setattr("multigan.doctor.checkup.diagnose", diagnosed)
    t = tiny(n=240, holdout=40)
    _, said = watched(t, tmp_path)
    t.fit()
    ill = next(k for k, line in enumerate(said) if line.startswith("diverged at"))
    well = next(k for k, line in enumerate(said) if line.startswith("no longer diverged at"))
    assert ill < well
    assert sum(line.startswith("no longer") for line in said) == 1


def test_a_verdict_that_the_last_measurement_overturns_is_taken_back(tiny, tmp_path, monkeypatch):
    t = tiny(n=240, holdout=40)
    checkup, said = watched(t, tmp_path)

    def diagnosed(rows, facts):
        name = "healthy" if t.state.samples >= 160 else "diverged"
        return Verdict(name, ("evidence",), "command", "why", {})

    monkeypatch.setattr("multigan.doctor.checkup.diagnose", diagnosed)
    t.fit()
    assert said[-len(checkup.verdict.lines()) - 1] == "no longer diverged"


def test_a_milder_name_is_no_cure_while_the_sign_stands(tiny, tmp_path):
    checkup, _ = watched(tiny(n=240, holdout=40), tmp_path)
    checkup._said, checkup._ill = 3, "collapsed"
    assert not checkup._passed(Verdict("too short to say", (), "", "", {}, ("too-short", "never-apart")))
    assert checkup._passed(Verdict("too short to say", (), "", "", {}, ("too-short",)))
    assert checkup._passed(Verdict("healthy", (), "", "", {}))
    assert not checkup._passed(Verdict("D overpowers", (), "", "", {}, ("overpowered",)))
