"""Which of a run's generators a verb takes: one option, with one default, for all verbs."""

from typing import Annotated

import typer

__all__ = ["Which"]

Which = Annotated[
    str | None,
    typer.Option(
        help="Of a run: `best` by held-out distance, `last`, or `mle`.",
        show_default="best where the run kept one, else last",
    ),
]
