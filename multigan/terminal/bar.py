"""One line that says how far a thing is, for terminals of any width: the time left is the last to go."""

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import Progress, ProgressColumn, Task
from rich.progress_bar import ProgressBar
from rich.table import Table

__all__ = ["LINE_COLUMNS", "TIMED_FEWEST", "make_bar", "spoken", "within"]

LINE_COLUMNS = 79
"""Of a line that is not for a terminal: what most windows hold when a log is read."""
TIMED_FEWEST = 3
"""Steps that are timed at least, before it is told how long the rest will take: the first ones warm up."""
WIDEST_BAR, NARROWEST_BAR = 40, 10
BETWEEN = "  "


def make_bar(console: Console, *, transient: bool = False) -> Progress:
    """A bar whose tasks may carry `asides`: texts that are shown as far as there is room, the first first.

    Args:
        console: where to write.
        transient: whether the line goes when the bar is stopped.
    """
    return Progress(_Line(console), console=console, transient=transient)


def spoken(seconds: float) -> str:
    """A duration for people.

    Example:
        >>> spoken(8.2), spoken(95), spoken(4000)
        ('8 s', '2 min', '1 h 7 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def within(width: int, first: str, asides: Sequence[str]) -> str:
    """`first`, and of the asides as many as fit into `width` beside it, in their order."""
    line = first
    for aside in asides:
        if len(line) + len(BETWEEN) + len(aside) > width:
            break
        line += BETWEEN + aside
    return line


class _Line(ProgressColumn):
    """All of the line in one column: rich shortens columns alike, whatever they hold."""

    max_refresh = None

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console

    def render(self, task: Task) -> RenderableType:
        """What is done, a bar, how far and how long still; then asides."""
        room = self.console.width - 1
        far = _far(task)
        name = task.description[: max(room - len(far) - len(BETWEEN), 0)]
        left = room - len(name) - len(far) - 2 * len(BETWEEN)
        asides = within(left - NARROWEST_BAR, "", task.fields.get("asides", ()))
        parts: list[RenderableType] = [escape(name)] if name else []
        if left - len(asides) >= NARROWEST_BAR:
            width = min(WIDEST_BAR, left - len(asides))
            pulse = task.total is None
            parts.append(ProgressBar(task.total or 1, task.completed, width, pulse, animation_time=task.get_time()))
        parts.append(escape(far + asides))
        grid = Table.grid(padding=(0, len(BETWEEN), 0, 0), pad_edge=False)
        for _ in parts:
            grid.add_column(no_wrap=True)
        grid.add_row(*parts)
        return grid


def _far(task: Task) -> str:
    elapsed = task.elapsed or 0.0
    if task.total is None:
        return spoken(elapsed)
    left = task.time_remaining
    ahead = "" if left is None or task.finished else f", {spoken(left)} left"
    return f"{task.percentage:.0f}%{ahead}"
