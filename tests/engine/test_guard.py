import pytest
import torch

from multigan.engine.checkpoint import list_checkpoints, restore_latest
from multigan.engine.checkup import Checkup
from multigan.engine.events import Quiet
from multigan.engine.guard import Guard, GuardSettings
from multigan.engine.history import Facts
from multigan.engine.ledger import Ledger, read_metrics
from multigan.engine.loggers import MetricsFile
from multigan.engine.saver import Saver
from multigan.engine.vitals import Vitals
from multigan.errors import DivergedError


class Poison(Quiet):
    """Breaks a weight at one step, the first so many times that it comes by."""

    def __init__(self, step, times):
        self.step, self.left = step, times

    def stepped(self, trainer, parts):
        if trainer.state.step == self.step and self.left:
            self.left -= 1
            trainer.game.players["D"].net[0].weight.data[0, 0] = torch.nan


def guarded(trainer, folder, settings, *extra):
    said, vitals = [], Vitals(lambda x: x)
    # So short a run is judged ill by its numbers; here only NaN is to count, so the checkup sees none.
    checkup = Checkup(folder, Ledger(folder / "none.jsonl"), Facts(samples=160, items=200), vitals, said.extend)
    guard = Guard(settings, folder / "healthy", "print", checkup, vitals, said.extend)
    saver = Saver(folder / "checkpoints", "print", 10)
    metrics = MetricsFile(Ledger(folder / "m.jsonl"), every=1, vitals=vitals)
    checkup.folder.mkdir(exist_ok=True)
    trainer.handlers = [vitals, metrics, checkup, guard, *extra, saver]
    return said


def test_by_default_nan_ends_the_run(tiny, tmp_path):
    t = tiny(n=240, holdout=40)
    guarded(t, tmp_path, GuardSettings(), Poison(13, 1))
    with pytest.raises(DivergedError):
        t.fit()
    assert not (tmp_path / "healthy").exists()


def test_rollback_goes_on_from_a_healthy_step_with_a_smaller_one(tiny, tmp_path):
    rates = {}

    class Rates(Quiet):
        def stepped(self, trainer, parts):
            if not trainer.finished:
                rates.setdefault(trainer.state.step, []).append(trainer.optimizers["G"].param_groups[0]["lr"])

    t = tiny(n=240, holdout=40)
    said = guarded(t, tmp_path, GuardSettings("rollback", times=2, lr_factor=0.5), Rates(), Poison(14, 1))
    assert t.fit().step == 20
    assert rates[14][1] == pytest.approx(rates[14][0] / 2)
    assert len(rates[12]) == 1
    assert (t.state.rollbacks, t.state.lr_factor) == (1, 0.5)
    assert any(line.startswith("rollback 1 of 2: back at") for line in said)
    steps = [row["step"] for row in read_metrics(tmp_path / "m.jsonl")]
    assert steps == sorted(set(steps))
    assert all(torch.isfinite(p).all() for net in t.game.players.values() for p in net.parameters())


def test_rollbacks_are_counted_and_end(tiny, tmp_path):
    t = tiny(n=240, holdout=40)
    guarded(t, tmp_path, GuardSettings("rollback", times=2), Poison(14, 99))
    with pytest.raises(DivergedError):
        t.fit()
    assert t.state.rollbacks == 2
    assert t.state.lr_factor == 0.25


def test_a_resume_after_a_rollback_equals_the_unbroken_run(tiny, tmp_path):
    class Stop(Quiet):
        def rewound(self, trainer):
            trainer.stopping = True

    settings = GuardSettings("rollback")
    whole, halted = tiny(n=240, holdout=40), tiny(n=240, holdout=40)
    guarded(whole, tmp_path / "a", settings, Poison(14, 1))
    whole.fit()
    guarded(halted, tmp_path / "b", settings, Poison(14, 1), Stop())
    halted.fit()
    assert halted.state.step < 20
    resumed = tiny(n=240, holdout=40)
    restore_latest(resumed, tmp_path / "b" / "checkpoints", "print")
    assert resumed.state.lr_factor == 0.5
    guarded(resumed, tmp_path / "b", settings)
    resumed.fit()
    a, b = (t.game.players["G"].state_dict() for t in (whole, resumed))
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_checkpoints_of_the_ill_stretch_are_dropped(tiny, tmp_path):
    t = tiny(n=240, holdout=40)
    guarded(t, tmp_path, GuardSettings("rollback"))
    t.fit()
    kept = list_checkpoints(tmp_path / "healthy")
    assert len(kept) == 1
    assert t.handlers[3]._go_back(t)
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")][-1] == kept[0].name


def test_a_collapse_stops_or_goes_on_as_the_recipe_says(tiny, tmp_path):
    class Pronounce(Quiet):
        def __init__(self, checkup):
            self.checkup = checkup

        def stepped(self, trainer, parts):
            if self.checkup.verdict is not None and trainer.state.step >= 12:
                object.__setattr__(self.checkup.verdict, "name", "collapsed")

    for action, expected in (("stop", 12), ("none", 20)):
        folder = tmp_path / action
        folder.mkdir()
        t = tiny(n=240, holdout=40)
        guarded(t, folder, GuardSettings(action, on=("collapsed",)))
        t.handlers.insert(3, Pronounce(t.handlers[2]))
        t.fit()
        assert t.state.step == pytest.approx(expected, abs=2)
