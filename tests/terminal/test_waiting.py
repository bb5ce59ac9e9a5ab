import io
import re

import pytest
from rich.console import Console

from multigan.terminal import waiting as module
from multigan.terminal.waiting import Onlooker, Pace, waiting


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_short_work_says_nothing_where_there_is_no_terminal(clock):
    out = io.StringIO()
    with waiting("looking", console=Console(file=out)) as tick:
        for done in range(5):
            tick(done, 5)
    assert out.getvalue() == ""


def test_long_work_says_how_far_it_is(clock):
    out = io.StringIO()
    with waiting("looking", console=Console(file=out, width=20)) as tick:
        for clock.now in range(31):
            tick(clock.now + 1, 40)
    assert out.getvalue().splitlines() == [
        "looking: 6 of 40, about 28 s left",
        "looking: 16 of 40, about 22 s left",
        "looking: 26 of 40, about 13 s left",
    ]


def test_a_total_that_is_not_known(clock):
    out = io.StringIO()
    with waiting("looking", console=Console(file=out)) as tick:
        clock.now = 6.0
        tick(7, 0)
    assert out.getvalue() == "looking: 7\n"


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_terminal_gets_a_line_that_goes_again(width):
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width)
    with waiting("looking", console=console) as tick:
        tick(1, 2)
    assert "looking" in out.getvalue()
    assert "50%" in out.getvalue()
    assert out.getvalue().endswith("\x1b[2K")


def test_quiet():
    out = io.StringIO()
    with waiting("looking", quiet=True, console=Console(file=out, force_terminal=True)) as tick:
        tick(1, 2)
    assert out.getvalue() == ""


class Closed(io.StringIO):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, text):
        raise self.error


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("error", [BrokenPipeError(32, "broken pipe"), OSError(5, "I/O error"), ValueError("closed")])
def test_a_terminal_that_was_closed_stops_nothing(clock, terminal, error):
    done = []
    with waiting("looking", console=Onlooker(file=Closed(error), force_terminal=terminal)) as tick:
        clock.now = 60.0
        tick(1, 2)
        done.append(1)
    assert done == [1]


def test_work_without_ticks_gives_signs_of_life(monkeypatch):
    monkeypatch.setattr(module, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(module, "LINE_SECONDS", 0.0)
    out = io.StringIO()
    with waiting("thinking", console=Console(file=out)) as shown:
        while out.getvalue().count("\n") < 2:
            shown.closed.wait(0.01)
    assert all(re.fullmatch(r"thinking: \d+ s so far", line) for line in out.getvalue().splitlines())


def test_signs_of_life_get_seldom_until_there_is_news():
    pace = Pace(0.0)
    assert [second for second in range(400) if pace.without_news(second)] == [5, 15, 35, 75, 155, 315]
    assert [second for second in range(400, 700) if pace.without_news(second)] == [635]
    assert sum(pace.without_news(second) for second in range(700, 100_000)) < 180  # at least one in ten minutes
    pace.with_news(200_000)
    assert [second for second in range(200_000, 200_060) if pace.without_news(second)] == [200_010, 200_020, 200_040]


def test_how_far_it_is_is_said_as_often_as_ever():
    pace = Pace(0.0)
    assert [second for second in range(50) if pace.with_news(second)] == [5, 15, 25, 35, 45]


def test_a_stage_that_was_told_is_not_told_again_and_is_what_is_at_work(clock):
    out = io.StringIO()
    with waiting("evaluating", console=Console(file=out)) as shown:
        clock.now = 20.0
        shown.now("drawing samples", told=True)
        clock.now = 29.0
        shown(1, 4)
        assert out.getvalue() == ""
        clock.now = 30.0
        shown(1, 4)
    assert out.getvalue() == "drawing samples: 1 of 4, about 30 s left\n"


def test_another_stage(clock):
    out = io.StringIO()
    with waiting("drawing", console=Console(file=out)) as shown:
        clock.now = 4.0
        shown.now("measuring")
        clock.now = 6.0
        shown.now("judging")
        shown(1, 2)
        clock.now = 16.0
        shown(1, 2)
    assert out.getvalue() == "judging ...\njudging: 1 of 2, about 10 s left\n"


def test_another_stage_on_a_terminal():
    out = io.StringIO()
    with waiting("drawing", console=Console(file=out, force_terminal=True)) as shown:
        shown(1, 2)
        shown.now("judging")
    assert "judging" in out.getvalue()


def test_errors_pass_through():
    with pytest.raises(KeyError), waiting("looking", console=Console(file=io.StringIO())):
        raise KeyError("x")


def test_of_a_long_name_the_first_clause_is_said_again_and_how_far_it_is_in_full(clock):
    out = io.StringIO()
    with waiting("evaluating", console=Console(file=out)) as shown:
        what = "drawing 2,000 fakes for 328 items (--samples N for another number); features of 148 trained"
        shown.now(what, told=True)
        clock.now = 20.0
        shown(500, 2000)
    assert out.getvalue() == "drawing 2,000 fakes for 328 items: 500 of 2,000, about 60 s left\n"
