"""Verbs that write files for the user: `--overwrite`, and what is there is kept without it."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["place_for", "writing"]

Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files of the same name that have another content.")
]


def writing(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb with the option `--overwrite` that runs under `multigan.files.keeping`."""

    @wraps(verb)
    def run(*arguments: Any, overwrite: bool = False, **named: Any) -> None:
        from multigan.files.keeping import keeping

        with keeping(overwrite=overwrite):
            verb(*arguments, **named)

    known = inspect.signature(verb)
    option = inspect.Parameter("overwrite", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Overwrite)
    run.__signature__ = known.replace(parameters=[*known.parameters.values(), option])  # type: ignore[attr-defined]
    run.__annotations__ = {**verb.__annotations__, "overwrite": Overwrite}
    return run


def place_for(out: Path | None, source: str, verb: str) -> Path:
    """Where a verb writes: `out`, else `FOLDER/outputs/VERB` of a run or generator, `NAME-outputs/VERB` of a hub id.

    Args:
        out: what the user said.
        source: the run, the generator folder or the hub id.
        verb: its name.
    """
    if out is not None:
        _refuse_circle(out)
        return out
    if (folder := Path(source)).is_dir():
        # A run's generator folders are replaced whole when it goes on.
        inside = (folder.resolve().parent / "recipe.toml").is_file() and not (folder / "recipe.toml").is_file()
        return (folder.resolve().parent if inside else folder) / "outputs" / verb
    from multigan.files.names import file_name

    return Path(f"{file_name(source.rpartition('/')[2])}-outputs") / verb


def _refuse_circle(out: Path) -> None:
    from multigan.core.errors import WriteError

    try:
        out.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself, or names that no file system takes
        raise WriteError(f"--out {out} leads nowhere", "a folder, or a name for a new one", "check its links") from None
