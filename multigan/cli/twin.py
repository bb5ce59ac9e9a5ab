"""`multigan twin`: what the same generator learns without an adversary, in as many updates."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo
from multigan.core.shell import typed

__all__ = ["twin"]


def twin(
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    quiet: Annotated[bool, typer.Option(help="Print nothing but errors.")] = False,
) -> None:
    """Train a run's twin in RUN/twin: likelihood or matching terms alone, for as many updates of G as the run took.

    It costs about as much time as the run's own updates of G; one that is stopped goes on when the same is typed again.
    Then evaluate puts it beside the generator.
    """
    from multigan.twinning import twin as make

    made = make(run, quiet=quiet)
    if made.signal is not None:
        raise typer.Exit(128 + made.signal)
    if not quiet:
        echo(f"next: multigan evaluate {typed(run)}, which puts the twin beside it")
