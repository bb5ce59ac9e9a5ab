"""`multigan score`: any file of texts or ids against reference lines; `multigan temperature`: a run's curve."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from multigan.cli.lines import echo, echo_json
from multigan.core.counted import counted

__all__ = ["score", "temperature"]

COLUMNS = ("score", "value", "95 %", "floor", "n-gram text", "shuffled", "better")


def score(  # noqa: PLR0913  (one option each)
    file: Annotated[Path, typer.Argument(help="Texts or ids, one sample a line (.txt, .csv, .tsv, .jsonl; also .gz).")],
    reference: Annotated[Path, typer.Option(help="Real lines that the system was not trained on.")],
    train: Annotated[Path | None, typer.Option(help="Its training lines, to look for copies.")] = None,
    level: Annotated[str, typer.Option(help="Tokens: `word` (white space between; ids too) or `char`.")] = "word",
    most: Annotated[int, typer.Option(min=1, help="Lines in every compared set.")] = 500,
    seed: Annotated[int, typer.Option(help="Of the choice of lines.")] = 0,
    oracle: Annotated[Path | None, typer.Option(help="A run on the oracle whose likelihood judges ids.")] = None,
    column: Annotated[str, typer.Option(help="Of CSV, TSV and JSONL files; empty = `text`, or the only one.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score the samples of any system: BLEU, self-BLEU, likelihoods, diversity, copies, each with its floor."""
    from multigan.evaluation.scoring import score_files
    from multigan.terminal.waiting import waiting

    with waiting("scoring"):
        found = score_files(file, reference, train, level=level, most=most, seed=seed, oracle=oracle, column=column)
    if json:
        echo_json(found)
        return
    echo(*_head(found), "", *_table(found["scores"]), "", *found["findings"])


def temperature(
    run: Annotated[Path, typer.Argument(help="A run directory of a text model.")],
    temperatures: Annotated[str | None, typer.Option(help="Commas between; default .5 to 1.5.")] = None,
    samples: Annotated[int, typer.Option(min=1, help="At each temperature and seed.")] = 500,
    seeds: Annotated[int, typer.Option(min=1, help="Sets of samples at each temperature.")] = 2,
    which: Annotated[str, typer.Option(help="The GAN is the `last` or the `best` generator.")] = "last",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare a GAN with its own maximum-likelihood start at the same quality, over temperature."""
    from multigan.evaluation.scoring import numbers
    from multigan.evaluation.temperature import temperature_curve
    from multigan.terminal.waiting import waiting

    chosen = None if temperatures is None else numbers(temperatures)
    with waiting("drawing at each temperature"):
        found = temperature_curve(run, which=which, temperatures=chosen, samples=samples, seeds=range(seeds))
    if json:
        echo_json(found)
    else:
        echo(*_curve(found))


def _head(found: Mapping[str, Any]) -> list[str]:
    counts = found["counts"]
    compared = counts["compared"]
    lines = [
        f"{found['file']}: {compared} of {counted(counts['samples'], 'sample')} "
        f"against {counted(counts['references'], 'reference')}",
        f"floor: {counted(compared, 'other reference line')} in the place of samples; smoothing 1, self excluded",
    ]
    if found["train"] is None:
        lines.append("nothing is said of copies: give --train FILE")
    return lines


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return _aligned([COLUMNS, *(_cells(row) for row in rows)])


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    interval = "" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"
    frame = ("" if row.get(key) is None else f"{row[key]:.3f}" for key in ("floor", "baseline", "shuffled"))
    return row["title"], f"{row['value']:.3f}", interval, *frame, row["better"]


def _curve(found: Mapping[str, Any]) -> list[str]:
    keys = list(found["real"])
    rows = [("system", "temperature", *keys)]
    for name, points in found["systems"].items():
        for t, point in zip(found["temperatures"], points, strict=True):
            rows.append((name, f"{t:g}", *(f"{point[key]:.3f}" for key in keys)))
    rows.append(("real", "", *(f"{found['real'][key]:.3f}" for key in keys)))
    about = (
        f"{counted(found['n_fake'], 'sample')}, {counted(found['n_real'], 'held-out line')}, "
        f"{counted(len(found['seeds']), 'seed')} a point"
    )
    return [about, "", *_aligned(rows), "", *found["verdict"]]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
