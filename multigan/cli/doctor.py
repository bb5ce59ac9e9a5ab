"""`multigan doctor`: what a run suffers from, or what is wrong with a folder of data."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from multigan.errors import RunError

__all__ = ["doctor"]


def doctor(
    target: Annotated[Path, typer.Argument(help="A run directory, or a folder or file of data.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how a run is doing, why, and what to type next; or inspect data before training."""
    if not (target / "recipe.toml").is_file():
        _inspect(target)
        return
    import json

    from multigan.health import examine

    verdict = examine(target)
    typer.echo(json.dumps(verdict.to_json(), indent=1) if as_json else "\n".join(verdict.lines()))


def _inspect(target: Path) -> None:
    if find_spec("multigan.inspect") is None:
        raise RunError(f"{target} is no run directory", "a folder with recipe.toml", "type the path that train printed")
    from importlib import import_module

    report = import_module("multigan.inspect").inspect_data(target)
    typer.echo(report if isinstance(report, str) else "\n".join(str(line) for line in report))
