"""`multigan evaluate`: whether a generator is any good."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo, echo_json

if TYPE_CHECKING:
    from multigan.evaluation.score import Evaluation, Score

__all__ = ["evaluate", "told"]

INTERRUPTED = 130


def evaluate(  # noqa: PLR0913  (the options of a command)
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    samples: Annotated[int, typer.Option(help="Fakes to draw.")] = 10_000,
    extractor: Annotated[
        str, typer.Option(help="Features: default, classifier, hf:PATH_OR_ID, inception:PATH.")
    ] = "default",
    which: Annotated[str, typer.Option(help="The `best` generator by held-out distance, or the `last`.")] = "best",
    seed: Annotated[int, typer.Option(help="Of fakes, choices and resamples.")] = 0,
    data: Annotated[str | None, typer.Option(help="Where the data is now, if it was moved.")] = None,
    cache: Annotated[bool, typer.Option(help="Keep features for the next time.")] = True,
    curve: Annotated[bool, typer.Option(help="Text: compare with the maximum-likelihood start, if kept.")] = True,
    json: Annotated[bool, typer.Option("--json", help="Print evaluation.json.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print nothing but errors.")] = False,
) -> None:
    """Judge a generator by reals it never saw; every number beside its floor and a trivial baseline."""
    from multigan.evaluation.run import evaluate as judge
    from multigan.evaluation.score import FILE
    from multigan.report.write import write_report

    def say(line: str) -> None:
        if not quiet:
            echo(line, err=True)

    try:
        found = judge(
            run,
            samples=samples,
            extractor=extractor,
            which=which,
            seed=seed,
            data=data,
            cache=cache,
            curve=curve,
            say=say,
        )
    except KeyboardInterrupt:
        kept = f"; {run / FILE} is the one from before" if (run / FILE).is_file() else ""
        echo(f"interrupted: nothing was written{kept}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    say(f"report: {write_report(run)}")
    if json:
        echo_json(found.to_json())
    elif not quiet:
        echo(*told(found))


def told(found: "Evaluation") -> list[str]:
    """An evaluation as lines: frame, table of scores, warnings, verdict."""
    facts, counts = found.facts, found.facts["counts"]
    head = f"{facts['run']}: {facts['generator']['which']} generator, {counts['fake']:,} fakes, seed {facts['seed']}"
    against = f"compared with {counts['compared']:,} {counts['compared_with']} reals"
    extractor = facts["extractor"]
    features = f"features {extractor['name']} ({extractor['sha256'][:12]}, {extractor['dim']} numbers)"
    lines = [head, f"{against}; {features}", "", _row("", "fakes", "interval", "reals", "baseline")]
    group = ""
    for score in found.scores:
        lines += ["", score.group] if score.group != group else []
        group = score.group
        lines.append(_told(score))
    lines += ["", *(f"warning: {line}" for line in found.warnings)] if found.warnings else []
    took = f"{facts['seconds']['total']:.0f} s, {facts['peak_memory_bytes'] / 2**30:.1f} GiB at most"
    return [*lines, "", *found.verdict, "", took]


def _told(score: "Score") -> str:
    sure = "" if score.low is None or score.high is None else f"{_number(score.low)} to {_number(score.high)}"
    return _row(f"  {score.title}", _number(score.value), sure, _number(score.floor), _number(score.baseline))


def _row(title: str, *cells: str) -> str:
    widths = (11, 24, 11, 11)
    return f"{title:<34}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
