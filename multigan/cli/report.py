"""`multigan report`: a run as one page."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo

__all__ = ["report"]


def report(run: Annotated[Path, typer.Argument(help="A run directory, finished or not.")]) -> None:
    """Write report.html into a run directory: one file that works offline.

    Where it cannot be written, the doctor's verdict is printed before the error.
    """
    from multigan.core.errors import MultiGANError, WriteError
    from multigan.doctor.health import examine
    from multigan.doctor.unread import unread_files
    from multigan.report.write import write_report
    from multigan.terminal.waiting import waiting

    try:
        with waiting("writing the report"):
            path = write_report(run)
    except WriteError:
        with suppress(MultiGANError):  # the page is what was asked for, and why there is none
            echo(*examine(run).lines())
        raise
    echo(*unread_files(run), err=True)
    echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
