import importlib.util
import json
from pathlib import Path

import pytest
import torch

from multigan.core.errors import DivergedError
from multigan.doctor.best import Best
from multigan.doctor.guard import GuardSettings
from multigan.engine.checkpoint import list_checkpoints, restore_latest
from multigan.engine.distributed import World
from multigan.engine.trainer import Quiet
from multigan.games.rules import Term
from multigan.losses.lecam import LeCam
from multigan.run.ledger import read_metrics

WORKER = Path(__file__).with_name("rollback_worker.py")
spec = importlib.util.spec_from_file_location("rollback_worker", WORKER)
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)
Poison, guarded = worker.Poison, worker.guarded


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


class Distances(Quiet):
    """Writes falling distances over the measured ones, and calls the run collapsed once, at a chosen measurement."""

    def __init__(self, vitals, checkup, ill_at):
        self.vitals, self.checkup, self.ill_at, self.measured, self.best_after = vitals, checkup, ill_at, [], None

    def stepped(self, trainer, parts):
        if self.vitals.latest:
            back = self.best_after is not None
            self.vitals.latest["vitals/distance"] = 9.0 if back else 1 / trainer.state.step
            self.measured.append(trainer.state.step)

    def pronounce(self, trainer):
        if len(self.measured) == self.ill_at:
            object.__setattr__(self.checkup.verdict, "name", "collapsed")
            self.measured.append(None)


class Pronounce(Quiet):
    def __init__(self, distances):
        self.distances = distances

    def stepped(self, trainer, parts):
        self.distances.pronounce(trainer)


@pytest.mark.parametrize("ill_at", [1, 5])
def test_the_best_generator_goes_back_too(tiny, tmp_path, ill_at):
    """Every measurement is better than the one before, and the last one before the run falls ill stays the best."""
    best, t = tmp_path / "generator-best", tiny(n=240, holdout=40)
    guarded(t, tmp_path, GuardSettings("rollback", on=("collapsed",)), best=best)
    vitals, metrics, checkup, *others = t.handlers
    distances = Distances(vitals, checkup, ill_at)

    def keep(trainer):
        best.mkdir(exist_ok=True)
        (best / "step").write_text(str(trainer.state.step))

    class Look(Quiet):
        def rewound(self, trainer):
            distances.best_after = (best / "step").read_text() if best.exists() else "none"

    keeper = Best(metrics.ledger, vitals, keep)
    t.handlers = [vitals, distances, metrics, keeper, checkup, Pronounce(distances), *others, Look()]
    t.fit()
    assert t.state.rollbacks == 1
    before = distances.measured[ill_at - 2] if ill_at > 1 else "none"
    assert distances.best_after == str(before)
    if ill_at > 1:
        assert (best / "step").read_text() == str(before)  # nothing later came near it
        assert keeper.summary().startswith(f"best at {8 * before:,} samples")


def test_what_a_broken_turn_has_observed_is_forgotten(tiny, tmp_path):
    """NaN that a penalty with a state has seen must not come back after the rollback."""
    lecam = LeCam(0.9)
    t = tiny(n=240, holdout=40, penalties=[Term("lecam", lecam, 0.1)])
    guarded(t, tmp_path, GuardSettings("rollback", times=1), Poison(13, 1))
    assert t.fit().step == 20
    assert t.state.rollbacks == 1
    assert torch.isfinite(lecam.averages).all()


@pytest.fixture(scope="module")
def on(torchrun, tmp_path_factory):
    """All faults on so many processes, started once for each number: what every process found, by fault."""
    found = {}

    def start(processes):
        if processes not in found:
            folder = tmp_path_factory.mktemp(f"on{processes}")
            torchrun(WORKER, processes, folder, *worker.FAULTS)
            found[processes] = {
                name: [json.loads((folder / f"{name}-rank{rank}.json").read_text()) for rank in range(processes)]
                for name in worker.FAULTS
            }
        return found[processes]

    return start


PROCESSES = pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.slow)])


@PROCESSES
@pytest.mark.parametrize("fault", ["loss of one", "loss of all", "checkpoint"])
def test_all_processes_go_back_together_as_one_does(on, processes, fault, tmp_path):
    """Whether NaN is in the loss of one process or of all, or found by the first alone when it saves."""
    ranks, alone = on(processes)[fault], worker.run(fault, tmp_path, World())
    assert alone["state"]["rollbacks"] == 1
    assert alone["state"]["step"] == 20
    assert [rank["state"] for rank in ranks] == [alone["state"]] * processes
    assert all(rank["weights"] == ranks[0]["weights"] for rank in ranks)
    for name, weights in alone["weights"].items():
        assert ranks[0]["weights"][name] == pytest.approx(weights, abs=1e-5), name
    assert [rank["error"] for rank in ranks] == [None] * processes
    assert all(rank["said"] == alone["said"] for rank in ranks)


@PROCESSES
@pytest.mark.parametrize(("fault", "rollbacks"), [("too often", 2), ("not asked", 0)])
def test_what_is_not_cured_ends_all_in_the_words_of_the_one_that_failed(on, processes, fault, rollbacks):
    ranks = on(processes)[fault]
    assert [rank["state"]["rollbacks"] for rank in ranks] == [rollbacks] * processes
    assert len({rank["error"] for rank in ranks}) == 1
    assert ranks[0]["error"].startswith("DivergedError: loss/D is not finite at step 1")
    assert "D.net.0 (Linear); its weight is not finite" in ranks[0]["error"]


@PROCESSES
def test_an_error_that_the_others_cannot_know_of_is_not_cured_and_ends_all(on, processes):
    *others, last = on(processes)["unknown to others"]
    assert last["error"] == "DivergedError: planted in one process."
    assert all(rank["error"].startswith("PeerError") for rank in others)
    assert all(rank["state"]["rollbacks"] == 0 for rank in (*others, last))
