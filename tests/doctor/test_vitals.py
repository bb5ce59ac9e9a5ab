import pytest
import torch

from multigan.doctor.measure import flat_weights
from multigan.doctor.vitals import Vitals
from multigan.engine.checkpoint import restore_latest
from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet
from multigan.run.ledger import Ledger, read_metrics
from multigan.run.saver import Saver
from multigan.run.writers import MetricsFile


def everything(trainer):
    """All that a run leaves: nets with buffers, average, optimizers."""
    nets = {**trainer.game.players, "ema": trainer.ema.net}
    found = {f"{name}/{key}": value for name, net in nets.items() for key, value in net.state_dict().items()}
    for player, optimizer in trainer.optimizers.items():
        for index, slots in optimizer.state_dict()["state"].items():
            found |= {f"{player}/{index}/{key}": torch.as_tensor(value) for key, value in slots.items()}
    return found


def test_training_does_not_notice_that_it_is_measured(tiny):
    plain, watched = tiny(n=200, holdout=40), tiny(n=200, holdout=40)
    watched.handlers = [Vitals(lambda x: x)]
    plain.fit()
    watched.fit()
    a, b = everything(plain), everything(watched)
    assert a.keys() == b.keys()
    assert all(torch.equal(a[name], b[name]) for name in a)  # with the count of G's calls, a buffer
    assert plain.state == watched.state


def test_it_measures_at_the_start_evenly_and_at_the_end(tiny, optim):
    heard = []

    class Ear(Vitals):
        def take(self, trainer):
            heard.append(trainer.state.step)
            return super().take(trainer)

    t = tiny(n=200, phases=[Phase("adversarial", ("d", "g"), 1200 * 8, optim, ("g",))])
    t.handlers = [Ear(lambda x: x)]
    t.fit()
    assert heard == [0, *range(60, 1201, 60)]
    heard.clear()
    t = tiny(n=200)  # 20 iterations
    t.handlers = [Ear(lambda x: x, times=0)]
    t.fit()
    assert heard == []


def test_what_would_take_more_than_a_quarter_of_the_time_left_is_measured_at_the_end_alone(tiny, optim):
    heard = []

    class Ear(Vitals):
        def take(self, trainer):
            heard.append(trainer.state.step)
            found = super().take(trainer)
            self._seconds = 10.0
            return found

    for left, expected in ((30.0, [0, 600]), (50.0, [0, *range(75, 601, 75)])):
        t = tiny(n=200, phases=[Phase("adversarial", ("d", "g"), 600 * 8, optim, ("g",))])
        t.handlers = [Ear(lambda x: x, times=8)]
        t.handlers[0].left = lambda left=left: left
        heard.clear()
        t.fit()
        assert heard == expected


def test_measurements_share_the_row_of_their_step(tiny, tmp_path):
    t = tiny(n=200, holdout=40)
    vitals = Vitals(lambda x: x)
    t.handlers = [vitals, MetricsFile(Ledger(tmp_path / "m.jsonl"), every=7, vitals=vitals)]
    t.fit()
    rows = read_metrics(tmp_path / "m.jsonl")
    steps = [row["step"] for row in rows]
    assert steps == sorted(set(steps))
    assert steps[0] == 0
    assert steps[-1] == 20
    last = rows[-1]
    assert {"loss/D", "vitals/distance", "vitals/G_moved", "vitals/D_moved", "vitals/seconds"} <= set(last)
    assert last["vitals/heldout_items"] == 40
    assert any("vitals/distance" not in row for row in rows)


def test_a_player_that_stands_still_is_seen(tiny, optim):
    frozen = {"G": optim["G"], "D": optim["D"].__class__(lr=1e-30)}
    t = tiny(n=200, phases=[Phase("adversarial", ("d", "g"), 160, frozen, ("g",))])
    vitals = Vitals(lambda x: x)
    t.handlers = [vitals]
    t.fit()
    assert vitals.latest["vitals/D_moved"] == 0
    assert vitals.latest["vitals/G_moved"] > 1e-3


@pytest.mark.parametrize("stop_at", [7, 13])
def test_a_stopped_run_is_measured_where_it_stands(tiny, stop_at):
    class Stop(Vitals):
        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == stop_at
            super().stepped(trainer, parts)

    t = tiny(n=200)
    t.handlers = [vitals] = [Stop(lambda x: x)]
    t.fit()
    assert t.state.step == stop_at
    assert "vitals/distance" in vitals.latest


def test_after_going_back_nothing_is_measured_from_the_weights_left_behind(tiny):
    t, vitals = tiny(n=200), Vitals(lambda x: x)
    vitals.started(t)
    t.game.players["D"].net[0].weight.data.fill_(torch.nan)
    vitals.take(t)
    t.game.players["D"].net[0].weight.data.fill_(0.5)
    vitals.rewound(t)
    assert "vitals/D_moved" not in vitals.take(t)
    t.game.players["D"].net[0].weight.data.mul_(1.1)
    assert vitals.take(t)["vitals/D_moved"] > 0


def test_a_step_of_one_phase_is_not_told_of_the_next(tiny, optim):
    phases = [Phase("pretrain", ("mle",), 10 * 8, optim), Phase("adversarial", ("d", "g"), 10 * 8, optim, ("g",))]
    t, heard = tiny(n=200, phases=phases), []

    class Ear(Vitals):
        def take(self, trainer):
            heard.append((trainer.phase.name, super().take(trainer)))
            return self.latest

    t.handlers = [Ear(lambda x: x, times=8)]
    t.fit()
    first = [name for name, _ in heard].index("adversarial")
    assert first > 0
    assert all("vitals/D_step" not in row for _, row in heard[first : first + 1])
    assert all(row["vitals/D_step"] > 1e-4 for _, row in heard[first + 1 :])  # D learns: in pre-training it was 0


def test_the_size_of_one_step_is_that_of_the_step_after_a_measurement(tiny, optim):
    sgd = {player: settings.__class__("sgd", lr=0.1, schedule="constant") for player, settings in optim.items()}
    t = tiny(n=200, phases=[Phase("adversarial", ("d", "g"), 80, sgd, ("g",))])
    weights = []

    class Ear(Quiet):
        def stepped(self, trainer, parts):
            weights.append(flat_weights(trainer.game.players["G"]))

    first = flat_weights(t.game.players["G"])
    vitals = Vitals(lambda x: x, times=3)
    t.handlers = [vitals, Ear()]
    heard = []
    vitals.take = lambda trainer, take=vitals.take: heard.append(take(trainer))
    t.fit()
    expected = (weights[0] - first).norm() / weights[0].norm()
    assert heard[1]["vitals/G_step"] == pytest.approx(expected.item(), rel=1e-6)
    assert heard[1]["vitals/G_moved"] > heard[1]["vitals/G_step"]


def test_the_first_measurement_after_a_resume_has_all_that_later_ones_have(tiny, tmp_path, optim):
    class Stop(Quiet):
        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == 18

    def run():
        t = tiny(n=200, holdout=40, phases=[Phase("adversarial", ("d", "g"), 40 * 8, optim, ("g",))])
        metrics = MetricsFile(Ledger(tmp_path / "metrics.jsonl"), every=100, vitals=(vitals := Vitals(lambda x: x)))
        t.handlers = [vitals, metrics, Saver(tmp_path / "checkpoints", "print", 10)]
        return t

    halted, resumed = run(), run()
    halted.handlers.insert(0, Stop())
    halted.fit()
    restore_latest(resumed, tmp_path / "checkpoints", "print")
    resumed.fit()
    first, *others = [row for row in read_metrics(tmp_path / "metrics.jsonl") if row["step"] > 18]
    assert len(others) >= 2
    for name in ("G_moved", "D_moved", "G_step", "D_step"):
        assert first[f"vitals/{name}"] > 0
    assert [name for name in others[0] if name.startswith("vitals/") and name not in first] == []
