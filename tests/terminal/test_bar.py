import io

import pytest
from rich.console import Console

from multigan.terminal.bar import make_bar, spoken, within


def drawn(width, **about):
    """The line as a terminal of this width shows it."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width, color_system=None)
    bar = make_bar(console)
    clock = iter(range(10_000))
    bar.get_time = lambda: next(clock)
    task = bar.add_task("adversarial", total=100)
    for done in range(0, 50, 10):
        bar.update(task, completed=done, **about)
    console.print(bar.get_renderable())
    return out.getvalue().rstrip("\n")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_time_left_is_whole_at_any_width(width):
    line = drawn(width, asides=["loss D 0.159  G 1.96", "17,280 samples"])
    assert "40%, " in line
    assert "s left" in line
    assert "…" not in line
    assert "\n" not in line
    assert len(line) <= width


def test_asides_go_before_the_time_left_does():
    asides = ["loss D 0.159  G 1.96", "17,280 samples"]
    assert "17,280 samples" in drawn(120, asides=asides)
    assert "loss D" not in drawn(40, asides=asides)


def test_names_are_no_markup():
    assert "[bold]x" in drawn(120, description="[bold]x")


def test_within():
    assert within(20, "abc", ["defg", "hi"]) == "abc  defg  hi"
    assert within(12, "abc", ["defg", "hi"]) == "abc  defg"
    assert within(5, "abcdefgh", ["x"]) == "abcdefgh"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (89, "89 s"), (95, "2 min"), (3599, "1 h 0 min"), (90_061, "25 h 1 min")]
)
def test_spoken(seconds, said):
    assert spoken(seconds) == said
