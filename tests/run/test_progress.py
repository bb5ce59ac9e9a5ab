import io
import itertools
from dataclasses import replace

import pytest
from rich.console import Console

from multigan.run import progress


def shown(tiny, monkeypatch, **console):
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    monkeypatch.setattr(progress, "REFRESH_SECONDS", 0.0)
    out = io.StringIO()
    trainer = tiny()
    trainer.handlers = [progress.ProgressBar(Console(file=out, **console))]
    trainer.fit()
    return out.getvalue()


def test_lines_where_there_is_no_terminal(tiny, monkeypatch):
    lines = shown(tiny, monkeypatch, width=40).splitlines()
    assert "adversarial: 8 of 160 samples" in lines[0]
    assert "left" not in lines[0], "one step says nothing of those that follow"
    assert "s left" in lines[3]
    assert "loss D" in lines[0]
    assert len(lines) == 20, "a line that is longer than the window is still one line, and none is empty"
    assert max(map(len, lines)) < 80


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_bar_on_a_terminal(tiny, monkeypatch, width):
    out = shown(tiny, monkeypatch, force_terminal=True, width=width, color_system=None)
    assert "adversarial" in out
    assert "100%" in out


def test_no_more_time_is_said_to_be_left_than_a_run_with_minutes_has(tiny, monkeypatch):
    out, ticks = io.StringIO(), itertools.count(0, 100)
    monkeypatch.setattr(progress.time, "perf_counter", lambda: next(ticks))
    trainer = tiny()
    trainer.handlers = [progress.ProgressBar(Console(file=out), lambda: 36.0)]
    trainer.fit()
    assert "about 36 s left" in out.getvalue().splitlines()[3]


def test_a_batch_that_is_more_than_was_asked_for_is_counted_whole(tiny, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    trainer = tiny()
    trainer.phases = [replace(phase, samples=3) for phase in trainer.phases]
    trainer.handlers = [progress.ProgressBar(Console(file=out))]
    trainer.fit()
    assert "8 of 8 samples, about 0 s left" in out.getvalue()
