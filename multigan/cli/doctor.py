"""`multigan doctor`: what a run suffers from, or what is wrong with data before training."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo, echo_json
from multigan.core.counted import counted
from multigan.core.shell import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multigan.doctor.inspect import DataReport

__all__ = ["doctor", "doctor_data", "doctor_run", "train_command"]

MARKS = {"note": "note   ", "warning": "warning", "fault": "FAULT  "}


def doctor(
    target: Annotated[Path, typer.Argument(help="A run directory, or your folder or file of data.")],
    modality: Annotated[str | None, typer.Option(help="What the files are, instead of going by their endings.")] = None,
    recipe: Annotated[str | None, typer.Option(help="The recipe to check them for.")] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="Override a recipe key: --set data.size=32", metavar="KEY=VALUE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how a run is doing, why, and what to type next; or inspect data before training.

    Exit code for data: 0 clean or notes only, 1 warnings, 2 faults.
    """
    if (target / "recipe.toml").is_file():
        doctor_run(target, as_json=json)
        return
    doctor_data(target, modality=modality, recipe=recipe, overrides=overrides or [], as_json=json)


def doctor_run(run: Path, *, as_json: bool = False) -> None:
    """Diagnose a run from its files and print the verdict.

    Args:
        run: its directory.
        as_json: print JSON instead of lines.
    """
    from multigan.doctor.health import examine

    verdict = examine(run)
    if as_json:
        echo_json(verdict.to_json())
    else:
        echo(*verdict.lines())


def doctor_data(
    path: Path,
    *,
    modality: str | None = None,
    recipe: str | None = None,
    overrides: list[str] | None = None,
    as_json: bool = False,
) -> None:
    """Inspect `path`, print what was found and exit with the report's code.

    Args:
        path: a folder or a file of data.
        modality: what the files are, instead of going by their endings.
        recipe: the recipe to check them for.
        overrides: `"table.key=value"` strings.
        as_json: print JSON instead of lines.
    """
    from multigan.doctor.inspect import inspect_data
    from multigan.terminal.waiting import waiting

    with waiting("looking at files") as tick:

        def count(done: int, total: int) -> None:
            tick(done, total)
            if done >= total > 0:
                tick.now("comparing what was read")

        report = inspect_data(path, modality, recipe=recipe, overrides=overrides or [], tick=count)
    if as_json:
        echo_json(report.to_json())
    else:
        given = [recipe or report.recipe] if recipe or modality else []
        for line in told(report, train_command(report.path, *given, overrides=overrides or [])):
            echo(line)
    raise typer.Exit(report.exit_code)


def told(report: "DataReport", command: str) -> list[str]:
    """The report as lines: counts, then findings with evidence and cure, then the sum with the command that trains."""
    from multigan.files.findings import shown

    head = f"{shown(report.path)}: {report.modality or 'nothing that is read'}"
    rows = {**report.counts, **({"recipe": report.recipe} if report.recipe else {})}
    width = max((len(name) for name in rows), default=0)
    lines = [head, *(f"  {name:<{width}}  {value}" for name, value in rows.items())]
    for found in report.findings:
        lines += ["", f"{MARKS[found.severity]}  {found.what} [{found.name}]"]
        lines += [f"           {entry}" for entry in found.evidence]
        lines += [f"         → {found.fix}"] if found.fix and found.fix != "nothing" else []
    return [*lines, "", _sum(report, command)]


def _sum(report: "DataReport", command: str) -> str:
    counts = {name: sum(found.severity == name for found in report.findings) for name in ("fault", "warning", "note")}
    said = ", ".join(counted(n, name) for name, n in counts.items() if n) or "nothing to remark"
    closing = {
        0: f"train with: {command}",
        1: f"training works; its result is the worse for the warnings; train with: {command}",
        2: "mend the faults before training",
    }
    return f"{said}: {closing[report.exit_code]}"


def train_command(path: Path, recipe: str = "", *, overrides: "Sequence[str]" = ()) -> str:
    """What trains on the files that were looked at, as they were looked at, for a shell.

    Args:
        path: of the files.
        recipe: the one that was asked for, "" where `train` picks the same.
        overrides: `"table.key=value"` strings that were given.
    """
    from multigan.recipe.recipe import is_shipped

    name = str(path)
    name = f"./{name}" if name.startswith("-") or is_shipped(name) else name
    words = [name, *(["--recipe", recipe] if recipe else []), *(word for one in overrides for word in ("--set", one))]
    return " ".join(map(typed, ["multigan", "train", *words]))
