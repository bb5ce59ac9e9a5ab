"""The table of a bench: mean ± deviation over seeds, beside what exact samples would get."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

from multigan.core.counted import counted

__all__ = ["mode_table", "spread"]

Row = Mapping[str, Any]


def spread(values: Sequence[float], digits: int) -> str:
    """`"mean ± deviation"` over seeds (of the sample, n - 1); a single value stands alone."""
    if not values:
        return "-"
    mean = f"{statistics.mean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ± {statistics.stdev(values):.{digits}f}"


def mode_table(name: str, facts: Mapping[str, Any], rows: Iterable[Row], configs: Sequence[str], modes: int) -> Table:
    """One set's rows, one line a configuration, real samples first.

    Args:
        name: of the set.
        facts: see `Yardstick.facts`.
        rows: of all sets.
        configs: names in the order of lines.
        modes: how many there are.
    """
    floor, mine = facts["floor"], [row for row in rows if row["set"] == name]
    quality = "high_quality" in facts["ceiling"]
    title = f"{name}: {counted(modes, 'mode')}, {counted(facts['samples'], 'sample')} a seed"
    if facts["classifier_accuracy"] is not None:
        title += f"\ncounted by a classifier of {facts['classifier_accuracy']:.2%} held-out accuracy"
    best = f"exact samples: {floor['modes']:.1f} modes, reverse KL {floor['reverse_kl']:.4f} ± {floor['deviation']:.4f}"
    table = Table(title=title, caption=f"{best}\n(simulated, seed {floor['seed']}); ± in the table is over seeds")
    for head in ("", "seeds", "modes", *(["high quality"] if quality else []), "reverse KL", "seconds"):
        table.add_column(head, justify="right" if head else "left", no_wrap=True)
    table.add_row("real samples", "", *_numbers([facts["ceiling"]], quality), "", end_section=True)
    for config in configs:
        table.add_row(*_line(config, [row for row in mine if row["config"] == config], quality))
    return table


def _line(config: str, rows: Sequence[Row], quality: bool) -> list[str]:
    whole = [row for row in rows if "diverged" not in row]
    lost = len(rows) - len(whole)
    seeds = f"{len(rows)}" + (f", {lost} diverged" if lost else "")
    return [config, seeds, *_numbers(whole, quality), spread([row["seconds"] for row in rows], 0)]


def _numbers(rows: Sequence[Row], quality: bool) -> list[str]:
    good = [spread([row["high_quality"] for row in rows], 3)] if quality else []
    return [spread([row["modes"] for row in rows], 1), *good, spread([row["reverse_kl"] for row in rows], 4)]
