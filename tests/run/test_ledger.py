import json
import math

import pytest
import torch

from multigan.core.errors import RunError
from multigan.doctor.best import Best
from multigan.doctor.checkup import Checkup
from multigan.doctor.doctor import diagnose
from multigan.doctor.guard import Guard, GuardSettings
from multigan.doctor.history import Circumstances, History
from multigan.doctor.vitals import Vitals
from multigan.engine.checkpoint import restore_latest
from multigan.engine.trainer import Quiet
from multigan.run import ledger as ledger_module
from multigan.run.ledger import NEWEST, Ledger, read_metrics, unread_lines
from multigan.run.lock import RunLock
from multigan.run.saver import Saver
from multigan.run.writers import MetricsFile

FACTS = Circumstances(samples=160, items=200)


def row(step, measured=False, **values):
    found = {"step": step, "samples": 8 * step, "phase": "adversarial", "loss/D": 0.5, **values}
    return found | ({"vitals/distance": 1 / (step + 1)} if measured else {})


def steps(rows):
    return [entry["step"] for entry in rows]


@pytest.fixture
def reads(monkeypatch):
    """Paths that were read from now on, one entry a time."""
    found = []

    def counted(path):
        found.append(path)
        return read_metrics(path)

    monkeypatch.setattr(ledger_module, "read_metrics", counted)
    return found


def test_memory_has_measurements_and_the_newest(tmp_path):
    ledger = Ledger(tmp_path / "m.jsonl")
    assert ledger.rows == ()
    for step in range(40):
        ledger.append(row(step, measured=step % 10 == 0))
        whole = read_metrics(ledger.path)
        assert steps(whole) == list(range(step + 1))
        expected = [entry for k, entry in enumerate(whole) if step - k < NEWEST or k % 10 == 0]
        assert list(ledger.rows) == expected


def test_a_file_that_is_there_is_known(tmp_path):
    for step in range(40):
        Ledger(tmp_path / "m.jsonl").append(row(step, measured=step == 3))
    again = Ledger(tmp_path / "m.jsonl")
    again.append(row(40))
    assert steps(again.rows) == [3, 36, 37, 38, 39, 40]


def test_what_is_dropped_is_dropped_from_both(tmp_path):
    ledger = Ledger(tmp_path / "m.jsonl")
    for step in range(40):
        ledger.append(row(step, measured=step % 10 == 0))
    ledger.keep(25)
    assert steps(read_metrics(ledger.path)) == list(range(26))
    # What had been forgotten is among the newest again.
    assert steps(ledger.rows) == [0, 10, 20, 21, 22, 23, 24, 25]
    ledger.append(row(26))
    assert steps(ledger.rows) == [0, 10, 20, 22, 23, 24, 25, 26]


def test_what_could_not_be_written_is_not_remembered(tmp_path):
    ledger = Ledger(tmp_path / "folder" / "m.jsonl")
    assert ledger.rows == ()
    with pytest.raises(RunError, match="cannot write"):
        ledger.append(row(1))
    assert ledger.rows == ()


@pytest.mark.parametrize("sick", [None, 37, 20])
def test_a_history_of_memory_is_that_of_the_file(tmp_path, sick):
    ledger = Ledger(tmp_path / "m.jsonl")
    ledger.keep(0)
    for step in range(40):
        ledger.append(row(step, step % 10 == 0, **({"loss/G": float("nan")} if step == sick else {})))
    kept, whole = History(ledger.rows), History(read_metrics(ledger.path))
    assert json.dumps(kept.vitals) == json.dumps(whole.vitals)
    assert (kept.best(), kept.progress(FACTS)) == (whole.best(), whole.progress(FACTS))
    said = diagnose(ledger.rows, FACTS)
    assert said.to_json() == diagnose(read_metrics(ledger.path), FACTS).to_json()
    assert (said.name == "diverged") == (sick == 37)


class Agrees(Quiet):
    """Holds the ledger against the file after every step."""

    def __init__(self, ledger):
        self.ledger, self.times = ledger, 0

    def stepped(self, trainer, parts):
        whole = read_metrics(self.ledger.path)
        assert list(self.ledger.rows)[-NEWEST:] == whole[-NEWEST:]
        assert History(self.ledger.rows).vitals == History(whole).vitals
        self.times += 1

    rewound = lambda self, trainer: self.stepped(trainer, {})  # noqa: E731


class Poison(Quiet):
    """Breaks a weight the first time that step 14 comes by."""

    left = 1

    def stepped(self, trainer, parts):
        if trainer.state.step == 14 and self.left:
            self.left = 0
            trainer.game.players["D"].net[0].weight.data[0, 0] = torch.nan


def healthy(trainer, folder, *extra):
    """All that reads or writes a run's metrics, as a run has it."""
    vitals, ledger = Vitals(lambda x: x), Ledger(folder / "metrics.jsonl")
    checkup = Checkup(folder, ledger, FACTS, vitals, lambda lines: None)
    guard = Guard(GuardSettings("rollback"), folder / "healthy", "print", checkup, vitals, lambda lines: None)
    best, saver = Best(ledger, vitals, lambda t: None), Saver(folder / "checkpoints", "print", 10)
    agrees = Agrees(ledger)
    metrics = MetricsFile(ledger, every=1, vitals=vitals)
    trainer.handlers = [vitals, metrics, best, checkup, guard, *extra, agrees, saver]
    return best, agrees


def test_a_run_reads_its_file_once_and_once_a_rollback(tiny, tmp_path, reads):
    t = tiny(n=240, holdout=40)
    best, agrees = healthy(t, tmp_path, Poison())
    t.fit()
    assert t.state.rollbacks == 1
    assert agrees.times > 20
    assert best.summary()
    assert len(reads) == 2


def test_a_resume_reads_its_file_once_and_knows_all_of_it(tiny, tmp_path, reads):
    class Stop(Quiet):
        def stepped(self, trainer, parts):
            trainer.stopping = trainer.state.step == 12

    whole, halted, resumed = (tiny(n=240, holdout=40) for _ in range(3))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    healthy(whole, tmp_path / "a")
    whole.fit()
    healthy(halted, tmp_path / "b", Stop())
    halted.fit()
    # Lines of steps that no checkpoint has are dropped, as after a kill.
    Ledger(tmp_path / "b" / "metrics.jsonl").append(row(19, measured=True, **{"vitals/distance": -1.0}))
    restore_latest(resumed, tmp_path / "b" / "checkpoints", "print")
    best, _ = healthy(resumed, tmp_path / "b")
    reads.clear()
    resumed.fit()
    assert len(reads) == 1
    assert best.summary() == Best(Ledger(tmp_path / "a" / "metrics.jsonl"), Vitals(lambda x: x), print).summary()
    lines = [read_metrics(tmp_path / name / "metrics.jsonl") for name in "ab"]
    assert steps(lines[0]) == steps(lines[1])


def test_what_is_not_finite_is_null_in_the_file_and_no_number_to_its_readers(tmp_path):
    ledger = Ledger(tmp_path / "metrics.jsonl")
    given = [row(1, **{"loss/G": math.nan}), row(2, measured=True, **{"loss/G": math.inf})]
    for one in given:
        ledger.append(one)
    ledger.keep(2)
    for line in (tmp_path / "metrics.jsonl").read_text().splitlines():
        assert json.loads(line, parse_constant=pytest.fail)["loss/G"] is None
    assert [math.isnan(one["loss/G"]) for one in read_metrics(ledger.path)] == [True, True]
    assert steps(read_metrics(ledger.path)) == [1, 2]
    ledger.path.write_text('{"step": null, "samples": 1, "phase": "x"}\n{"step": 1, "samples": 1, "phase": null}\n')
    assert read_metrics(ledger.path) == []


def test_damaged_lines_are_named_and_the_rest_is_read(tmp_path):
    path = tmp_path / "metrics.jsonl"
    assert unread_lines(path) == []
    for step in range(12):
        Ledger(path).append(row(step))
    assert unread_lines(path) == []
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*whole[:2], b"garbage\n", b"\n", *whole[3:], b'{"step": 12, "sam']))
    cut = "the last line of metrics.jsonl is cut, and is left out"
    assert unread_lines(path) == ["1 line of metrics.jsonl cannot be read, and is left out: 3", cut]
    assert steps(read_metrics(path)) == [0, 1, *range(3, 12)]
    path.write_bytes(b"".join([b"[]\n", *(line[9:] for line in whole[:7]), *whole[7:]]))
    assert unread_lines(path) == ["8 lines of metrics.jsonl cannot be read, and are left out: 1, 2, 3, 4, 5 and 3 more"]
    assert steps(read_metrics(path)) == [*range(7, 12)]


def test_a_last_line_that_is_cut_is_said_unless_it_is_being_written(tmp_path):
    path = tmp_path / "metrics.jsonl"
    for step in range(3):
        Ledger(path).append(row(step))
    path.write_bytes(path.read_bytes()[:-9])
    assert unread_lines(path) == ["the last line of metrics.jsonl is cut, and is left out"]
    lock = RunLock.take(tmp_path)
    assert unread_lines(path) == []
    lock.release()
    assert unread_lines(path) != []
    path.write_bytes(path.read_bytes().rpartition(b"\n")[0])  # a whole line is no worse without its end
    assert (unread_lines(path), steps(read_metrics(path))) == ([], [0, 1])


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.mkdir()
    for read in (read_metrics, unread_lines, lambda path: Ledger(path).rows):
        with pytest.raises(RunError, match=r"metrics.jsonl is a folder; expected the file .*; .* mv "):
            read(path)
