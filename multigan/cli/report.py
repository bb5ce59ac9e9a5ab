"""`multigan report`: a run as one page."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo

__all__ = ["report"]


def report(run: Annotated[Path, typer.Argument(help="A run directory, finished or not.")]) -> None:
    """Write report.html into a run directory: one file that works offline."""
    from multigan.doctor.unread import unread_files
    from multigan.report.write import write_report
    from multigan.terminal.waiting import waiting

    with waiting("writing the report"):
        path = write_report(run)
    echo(*unread_files(run), err=True)
    echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
