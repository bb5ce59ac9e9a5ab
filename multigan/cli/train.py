"""`multigan train`: a recipe, a TOML file, or your own files."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.misspelt import refuse_misspelt
from multigan.core.counted import counted
from multigan.core.errors import RecipeError
from multigan.core.shell import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from multigan.pace.budget import Budget
    from multigan.training import Run

__all__ = ["train"]


def train(  # noqa: PLR0913  (the options of a command)
    target: Annotated[
        str | None, typer.Argument(help="A recipe (image/digits), a .toml file, or your folder or file of data.")
    ] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="Override a recipe key: --set train.batch=32", metavar="KEY=VALUE")
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option("--out", help="Run directory; default runs/NAME-NUMBER, after your files or the recipe."),
    ] = None,
    recipe: Annotated[
        str | None, typer.Option(help="Recipe for your files, instead of the one that is picked.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Short for --set train.seed=N.")] = None,
    minutes: Annotated[
        float | None,
        typer.Option(help="Be done in so many minutes; with --resume: minutes from now on.", metavar="M", min=0),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            help="Train so many samples, all phases; with --resume those that are done count.", metavar="N", min=1
        ),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Go on with a run that was stopped; with --minutes or --samples for longer.")
    ] = None,
    data: Annotated[str | None, typer.Option(help="With --resume: where the data is now, if it was moved.")] = None,
    changed_data: Annotated[
        bool, typer.Option("--changed-data", help="With --resume: go on though the data was changed; it is recorded.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Print nothing but errors.")] = False,
) -> None:
    """Train a generator.

    With --minutes a probe of some seconds measures this machine and chooses how many samples each phase gets; a run
    whose machine gets slower ends in time all the same. A run that has ended is lengthened with --resume RUN and
    --minutes (from now on) or --samples (in all).
    """
    from multigan.pace.budget import Budget, process_began

    budget = Budget(minutes, samples, began=process_began())
    sets = [*(overrides or []), *([f"train.seed={seed}"] if seed is not None else [])]
    if resume is not None:
        _refuse_both(target, sets)
        _refuse_beside(run, recipe)
        from multigan.training import resume_within

        again = resume
        _close(
            _until_signal(lambda: resume_within(budget, again, data=data, changed_data=changed_data, quiet=quiet)),
            budget,
            quiet,
        )
        return
    if data is not None or changed_data:
        raise _without_resume()
    if target is None:
        raise RecipeError("nothing to train", "a recipe or your files", "type multigan train image/digits")
    name, found = _resolve(target, recipe, sets, quiet)
    if found and not quiet:
        echo(*_swapped(sets), err=True)
    from multigan.training import train_within

    begin = partial(train_within, budget, name, run=run, overrides=[*found, *sets], own_files=bool(found), quiet=quiet)
    _close(_until_signal(begin), budget, quiet)


def _until_signal(train: "Callable[[], Run]") -> "Run":
    """What training leaves; where a signal ended it at once, say what stands and leave with the signal's code."""
    from multigan.core.signals import Interrupted, exit_code

    try:
        return train()
    except Interrupted as stop:
        if not stop.silent:
            echo(f"stopped by {stop.signal.name} at once: {_what_stands(stop.folder, saved=stop.saved)}", err=True)
        raise typer.Exit(exit_code(stop)) from None


def _what_stands(folder: Path | None, *, saved: bool) -> str:
    if folder is None:
        return "nothing was trained yet that could be resumed; give the same command again"
    if not saved:
        return f"nothing was saved yet; begin from the start with: {_resume(folder)}"
    return f"its last checkpoint is whole; go on with: {_resume(folder)}"


def _resume(folder: Path) -> str:
    if folder.name == "twin" and (folder.parent / "recipe.toml").is_file():
        return f"multigan twin {typed(folder.parent)}"  # which also notes what it is the twin of
    return f"multigan train --resume {typed(folder)}"


def _refuse_both(target: str | None, sets: list[str]) -> None:
    if target is not None or sets:
        raise RecipeError(
            "--resume goes on with the recipe of the run",
            "no recipe and no --set beside it",
            "leave them away; moved data: --data PATH",
        )


def _without_resume() -> RecipeError:
    given = "--data and --changed-data say where a run's data is now"
    return RecipeError(given, "--resume RUN beside them", "your own files go first")


def _refuse_beside(run: Path | None, recipe: str | None) -> None:
    beside = " and ".join(name for name, given in (("--out", run), ("--recipe", recipe)) if given is not None)
    if beside:
        raise RecipeError(
            f"{beside} beside --resume",
            "neither: a run goes on in its own folder with its own recipe",
            "leave them away, or copy the run's folder first and resume the copy",
        )


def _resolve(target: str, recipe: str | None, sets: list[str], quiet: bool) -> tuple[str, list[str]]:
    """The recipe to train, and the overrides that put the user's own files into it."""
    if not target.strip():
        raise RecipeError("an empty name to train on", "a recipe or your files", "type . for the folder you are in")
    path = Path(target).expanduser()
    if (path.suffix == ".toml" and not path.is_dir()) or not path.exists():
        refuse_misspelt(target)
        return target, []
    from multigan.recipe.recipe import is_shipped

    if is_shipped(target):
        if not quiet:
            echo(f"{target} is the recipe of that name; for what lies here type multigan train ./{target}", err=True)
        return target, []
    from multigan.plugins.choose import asked, sniff

    choice = asked(path, recipe, sets) if recipe else sniff(path, sets)
    if not quiet:
        echo(f"{choice.reason}: training {choice.recipe} on it", err=True)
        echo(f"  (another recipe: multigan recipes ls; a look at the files: multigan doctor {typed(target)})", err=True)
    from multigan.recipe.values import toml_value

    return choice.recipe, [f"data.source={toml_value(str(path.resolve()))}"]


def _close(result: "Run", budget: "Budget", quiet: bool) -> None:
    """Say what is there and what to type next; leave with the signal's code where one came."""
    if result.signal is not None:
        if _is_first():
            how = "to go on all the same" if _is_sick(result.folder) else "go on with"
            saved = counted(result.state.samples, "sample")
            echo(f"stopped by {result.signal.name} and saved at {saved}; {how}: {_resume(result.folder)}", err=True)
        raise typer.Exit(128 + result.signal.value)
    if not quiet and _is_first():
        echo(_trained(result, budget.elapsed()), err=True)
        if line := _drawing(result.folder):
            echo(line, err=True)


def _swapped(sets: list[str]) -> list[str]:
    if not any(one.replace(" ", "") == "input.swap=true" for one in sets):
        return []
    return ["  input.swap = true: what is called the input there is the target, and the target the input"]


def _trained(result: "Run", whole: float) -> str:
    """What was trained, and of a run that went on, what of it now; how long that took, and all of it by the clock."""
    samples = result.state.samples
    if result.before and samples == result.before:
        return f"nothing was left to train: {result.folder} has its {counted(samples, 'sample')}"
    now = f", {samples - result.before:,} of them now," if result.before else ""
    training = round(result.seconds)
    rest = max(0, round(whole) - training)
    took = f"{training} s with its measurements, {rest} s to start, read and write: {training + rest} s in all"
    return f"trained {counted(samples, 'sample')}{now} in {took}: {result.folder}"


def _drawing(folder: Path) -> str:
    """How to see what it makes; nothing where the verdict said so."""
    verdict = _verdict(folder)
    if verdict.get("name") == "healthy":
        return ""
    from multigan.doctor.first_use import first_use
    from multigan.doctor.weights import best_alone_spoilt

    which = "last" if best_alone_spoilt(folder) else ""
    command, why = first_use(str(folder), verb := _verb(folder), which)
    so_far = "see what it makes so far" if verdict and verb == "generate" else why
    return f"{so_far}: {command}"


def _verb(folder: Path) -> str:
    """How what was trained is used first."""
    from multigan.core.errors import MultiGANError
    from multigan.doctor.first_use import verb_for
    from multigan.recipe.recipe import load_recipe

    try:
        return verb_for(load_recipe(str(folder / "recipe.toml")))
    except MultiGANError:
        return "generate"


def _verdict(folder: Path) -> "dict[str, object]":
    """What the doctor said of the run; {} where it said nothing."""
    import json

    from multigan.doctor.checkup import VERDICT

    try:
        found = json.loads((folder / VERDICT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_sick(folder: Path) -> bool:
    from multigan.doctor.doctor import SICK

    return _verdict(folder).get("name") in SICK


def _is_first() -> bool:
    import os

    return os.environ.get("RANK", "0") == "0"
