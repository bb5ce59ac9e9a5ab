"""`multigan check`: whether a plugin keeps the contract, rule by rule."""

from collections import Counter
from typing import Annotated

import typer

from multigan.cli.lines import echo

__all__ = ["check"]

BROKEN = 1


def check(
    target: Annotated[str, typer.Argument(help="A modality, an installed package, or module:object.")],
    thorough: Annotated[bool, typer.Option("--thorough", help="Also the checks that take longer: export.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each check catches.")] = False,
) -> None:
    """Check a modality, or all that a package offers, against the contract.

    Exit code: 0 = keeps it, 1 = something is to be done, 2 = it is not there or does not load.
    """
    from multigan.testing.packages import check_target

    states: Counter[str] = Counter()
    for thing, result in check_target(target, thorough=thorough):
        states[result.state] += 1
        states["bad"] += not result.good
        note = f"  {result.message}" if result.message else ""
        echo(f"{result.state:<8}  {thing}: {result.name}{note}")
        if explain and (text := _explanation(result.name)):
            echo(f"          catches: {text}")
    echo(", ".join(f"{count} {state}" for state, count in states.items() if state != "bad"))
    if states["bad"]:
        raise typer.Exit(BROKEN)


def _explanation(name: str) -> str:
    from multigan.testing import CHECKS

    return (CHECKS[name].__doc__ or "").strip() if name in CHECKS else ""
