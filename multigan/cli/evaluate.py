"""`multigan evaluate`: whether a generator is any good."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo, echo_json, sayer
from multigan.core.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multigan.evaluation.score import Evaluation, Score

__all__ = ["evaluate", "told"]

LINE_COLUMNS = 79
FULL = 1000
"""From where on decimals say nothing."""
ROUNDING = 1e-12


def evaluate(  # noqa: PLR0913  (the options of a command)
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    samples: Annotated[
        int | None, typer.Option(min=1, help="Fakes to draw.", show_default="4 an item, 2000 to 10000")
    ] = None,
    extractor: Annotated[
        str, typer.Option(help="Features: eye, default, classifier, hf:PATH_OR_ID, inception:PATH.")
    ] = "auto",
    which: Annotated[
        str | None, typer.Option(help="The `best` generator by held-out distance, or the `last`.", show_default="best")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of fakes, choices and resamples.")] = 0,
    data: Annotated[str | None, typer.Option(help="Where the data is now, if it was moved.")] = None,
    cache: Annotated[bool, typer.Option(help="Keep features for the next time.")] = True,
    curve: Annotated[bool, typer.Option(help="Text: compare with the maximum-likelihood start, if kept.")] = True,
    refined: Annotated[
        bool, typer.Option("--refined", help="What multigan refine made of it, beside the plain one.")
    ] = False,
    acceptance: Annotated[
        float | None, typer.Option(min=0.005, max=1, help="Of --refined: share that passes.", show_default="0.1")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print evaluation.json.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print nothing but errors.")] = False,
) -> None:
    """Judge a generator by reals it never saw; every number beside its floor and a trivial baseline."""
    from multigan.core.signals import exit_code
    from multigan.evaluation.run import evaluate as judge
    from multigan.evaluation.score import FILE
    from multigan.report.write import write_report
    from multigan.terminal.waiting import waiting

    try:
        with waiting("evaluating", quiet=quiet) as shown:
            found = judge(
                run,
                samples=samples,
                extractor=extractor,
                which=which,
                seed=seed,
                data=data,
                cache=cache,
                curve=curve,
                refined=refined,
                acceptance=acceptance,
                say=sayer(shown, quiet=quiet),
                tick=shown,
            )
            shown.now("writing the report")
            page = write_report(run)
    except KeyboardInterrupt as stop:
        kept = f"; {run / FILE} is the one from before" if (run / FILE).is_file() else ""
        echo(f"interrupted: nothing was written{kept}", err=True)
        raise typer.Exit(exit_code(stop)) from None
    if json:
        echo_json(found.to_json())
    elif not quiet:
        echo(*told(found), f"report: {page}")


def told(found: "Evaluation") -> list[str]:
    """An evaluation as lines: frame, table of scores, warnings, verdict."""
    facts, counts = found.facts, found.facts["counts"]
    other = facts["generator"].get("other")
    part = f" (distances: {counts['compared']:,} of them)" if counts["compared"] < counts["fake"] else ""
    head = (
        f"{facts['run']}: {facts['generator']['which']} generator{f' ({other})' if other else ''}, "
        f"{counted(counts['fake'], 'fake')}{part}, seed {facts['seed']}"
    )
    against = f"compared with {counts['compared']:,} {counts['compared_with']} reals"
    extractor = facts["extractor"]
    features = f"features {extractor['name']} ({extractor['sha256'][:12]}, {extractor['dim']} numbers)"
    lines = [head, f"{against}; {features}", "", *_table(found.scores), *_refined(found)]
    lines += ["", *(part for line in found.warnings for part in _wrapped(f"warning: {line}"))] if found.warnings else []
    took = f"{facts['seconds']['total']:.0f} s, {facts['peak_memory_bytes'] / 2**30:.1f} GiB at most"
    health = found.facts.get("health")
    named = [f"verdict: {health['name']}", *(f"  - {why}" for why in health["why"])] if health else []
    said = (part for line in [*named, *found.verdict] for part in _wrapped(line))
    return [*lines, "", *said, "", took]


def _refined(found: "Evaluation") -> list[str]:
    """What a refinement cost, and every score beside that of the plain generator."""
    refined = found.facts.get("refined")
    if not refined:
        return []
    from multigan.evaluation.refined import table

    rows = table(found.scores, refined["plain"])
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    warned = _wrapped(f"warning: {refined['warning']}") if refined["warning"] else []
    return ["", *_wrapped(f"refined: {refined['line']}"), *warned, *lines]


def _table(scores: "Sequence[Score]") -> list[str]:
    rows = [("", "fakes", "interval", "reals", "baseline"), *map(_cells, scores)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines, group = [_row(rows[0], widths)], ""
    for score, row in zip(scores, rows[1:], strict=True):
        lines += ["", score.group] if score.group != group else []
        group = score.group
        lines.append(_row(row, widths))
    return lines


def _cells(score: "Score") -> tuple[str, ...]:
    none = "no interval" if str(score.interval).startswith("none") else ""
    times = 100 if score.unit == "%" else 1
    sure = none
    if score.low is not None and score.high is not None:
        sure = f"{_whole(times * score.low):.3g} to {_whole(times * score.high):.3g}"
    numbers = [_number(value, times) for value in (score.value, score.floor, score.baseline)]
    title = f"  {score.title}{f', {score.unit}' if score.unit else ''}"
    return title, numbers[0], sure, *numbers[1:]


def _row(cells: "Sequence[str]", widths: "Sequence[int]") -> str:
    title, *others = cells
    numbers = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
    return "  ".join([f"{title:<{widths[0]}}", *numbers]).rstrip()


def _number(value: float | None, times: int = 1) -> str:
    if value is None:
        return "-"
    value = _whole(times * value)
    return f"{value:,.0f}" if abs(value) >= FULL else f"{value:.4g}"


def _whole(value: float) -> float:
    """The same, or 0 for what rounding leaves of it."""
    return 0.0 if abs(value) < ROUNDING else value


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, LINE_COLUMNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
