import threading

import pytest

from multigan.run.background import Background
from multigan.run.ledger import Ledger, read_metrics
from multigan.run.writers import MetricsFile


class Keeps:
    def __init__(self):
        self.rows = []

    def write(self, step, values):
        self.rows.append((step, values))


class Hangs(Keeps):
    """Blocks in its first row until it is let go."""

    def __init__(self):
        super().__init__()
        self.inside, self.go = threading.Event(), threading.Event()

    def write(self, step, values):
        self.inside.set()
        self.go.wait()
        super().write(step, values)


class Raises:
    def __init__(self):
        self.calls = 0

    def write(self, step, values):
        self.calls += 1
        raise ConnectionError("the server is gone")


@pytest.fixture
def lines():
    return []


def test_every_row_arrives_in_order_from_another_thread(lines):
    seen = []

    class Where(Keeps):
        def write(self, step, values):
            super().write(step, values)
            seen.append(threading.current_thread())

    writer = Where()
    background = Background(writer, lines.append)
    for step in range(50):
        background.write(step, {"a": 1.0})
    background.close()
    assert [step for step, _ in writer.rows] == list(range(50))
    assert threading.main_thread() not in seen
    assert lines == []


def test_a_run_does_not_wait_for_a_logger_that_hangs(tiny, tmp_path, lines):
    """The logger is stuck for the whole of `fit`: were it in the way, this test would never end."""
    writer = Hangs()
    background = Background(writer, lines.append, room=4)
    trainer = tiny()
    metrics = MetricsFile(Ledger(tmp_path / "m.jsonl"), every=1, also=background)
    metrics.ended = lambda trainer: background.close(wait_seconds=0.01)
    trainer.handlers = [metrics]
    trainer.fit()
    assert writer.rows == []
    assert [row["step"] for row in read_metrics(tmp_path / "m.jsonl")] == list(range(1, 21))
    assert len(lines) == 1
    assert "Hangs was too slow: 20 rows" in lines[0]
    writer.go.set()


def test_a_full_queue_drops_and_counts(lines):
    writer = Hangs()
    background = Background(writer, lines.append, room=3)
    background.write(0, {})
    writer.inside.wait()
    for step in range(1, 11):
        background.write(step, {})
    assert background.dropped == 7
    writer.go.set()
    background.close()
    assert [step for step, _ in writer.rows] == [0, 1, 2, 3]
    assert lines == ["Hangs was too slow: 7 rows were dropped or came too late; metrics.jsonl has them all"]


def test_a_logger_that_raises_is_switched_off_with_one_line_and_the_run_goes_on(tiny, tmp_path, lines):
    writer = Raises()
    background = Background(writer, lines.append)
    background.write(0, {})
    background._thread.join()
    trainer = tiny()
    trainer.handlers = [MetricsFile(Ledger(tmp_path / "m.jsonl"), every=1, also=background)]
    trainer.fit()
    assert trainer.finished
    assert writer.calls == 1
    assert len(lines) == 1
    assert "Raises failed" in lines[0]
    assert "the server is gone" in lines[0]


def test_a_row_after_closing_is_no_error(lines):
    background = Background(Keeps(), lines.append)
    background.close()
    background.write(1, {})
    background.close(0.01)
    assert lines == []
