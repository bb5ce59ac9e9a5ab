"""Which of a run's generators a verb takes: one option, with one default, for all verbs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["Which", "opened", "opened_refined", "told"]

Which = Annotated[
    str | None,
    typer.Option(
        help="Of a run: `best` by held-out distance, `last`, `mle`, or `fit`.",
        show_default="best where the run kept one, else last",
    ),
]


def opened(gen: str, which: str | None = None, *, applies: bool = False) -> "Generator":
    """Load a generator, and say so where training ended with another, or no adversary taught it.

    Args:
        gen: a run directory, a generator folder or a hub id.
        which: as of the option.
        applies: whether the verb gives it an input, which others cannot.

    Raises:
        UnsupportedError: the generator needs an input that the verb has not.
    """
    from multigan.doctor.likelihood import likelihood_note
    from multigan.generator.applying import refuse_input
    from multigan.generator.generator import load
    from multigan.generator.kept import other_kept

    generator = load(gen, which)
    if not applies:
        refuse_input(generator, "this verb")
    if which is None and generator.kept == "best" and other_kept(Path(gen), "best", generator.config["weights_sha256"]):
        echo(f"using the best generator of {gen}; for the last one type --which last", err=True)
    if which != "mle" and (note := likelihood_note(gen, generator.kept, generator.config)):
        echo(note, err=True)
    return generator


def opened_refined(gen: str, which: str | None = None, acceptance: float | None = None) -> "Generator":
    """Load a refined generator, and say which of a run's it is.

    Args:
        gen: a run directory or a generator folder.
        which: as of the option; None = the one that was refined.
        acceptance: share of samples that pass.
    """
    from multigan.generator.generator import load

    generator = load(gen, which, refined=True, acceptance=acceptance)
    echo(f"the {generator.kept or 'only'} generator of {gen}, refined", err=True)
    return generator


def told(generator: "Generator") -> str:
    """How many samples of a refined generator passed, for people; "" of a plain one."""
    from multigan.generator.refined import RefinedGenerator

    return generator.tally.line() if isinstance(generator, RefinedGenerator) else ""
