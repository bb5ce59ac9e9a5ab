"""`multigan compare`: runs beside each other, seeds put together."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo, echo_json

__all__ = ["compare"]


def compare(
    runs: Annotated[list[Path], typer.Argument(help="Run directories; those that differ only in the seed are one.")],
    out: Annotated[Path, typer.Option(help="The page to write; a bare name is in the current folder.")] = Path(
        "compare.html"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON in place of the table.")] = False,
) -> None:
    """Compare runs: mean and deviation over seeds, and whether a difference is more than noise.

    Prints the table, and writes it with a dot for every seed as one page: compare.html in the current folder, or --out.
    """
    from multigan.report.compare import compare as put_together
    from multigan.report.compare_page import write_comparison
    from multigan.terminal.waiting import waiting

    with waiting("comparing runs"):
        comparison = put_together(runs)
        path = write_comparison(comparison, out)
    echo(f"page: {path}", err=as_json)
    if as_json:
        echo_json(comparison.to_json())
        return
    for line in comparison.lines():
        echo(line)
