"""`multigan bench modes`: which loss and penalty covers all modes."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.verb import Verb
from multigan.cli.writing import writing

__all__ = ["app"]

app = typer.Typer(help="Measure what is claimed.", no_args_is_help=True, rich_markup_mode=None)

QUICK_SETS = "ring,grid,stacked-digits"


@app.callback()
def _root() -> None:
    """Measure what is claimed."""


@app.command("modes", cls=Verb)
@writing
def modes(  # noqa: PLR0913  (one option each)
    sets: Annotated[str, typer.Option(help="ring, grid, stacked-digits, stacked-mnist; commas between.")] = QUICK_SETS,
    configs: Annotated[str, typer.Option(help="Losses and penalties, commas between; all = every one.")] = "all",
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each, with seeds 0, 1, ...")] = 1,
    samples: Annotated[
        int | None, typer.Option(min=1, help="Drawn from each generator; default: as in the papers.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of MNIST's idx files, for stacked-mnist.")] = None,
    out: Annotated[Path | None, typer.Option(help="JSON file; rows that it holds are not trained again.")] = None,
    plot: Annotated[Path | None, typer.Option(help="SVG file.")] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="Override a key of every recipe.", metavar="KEY=VALUE")
    ] = None,
) -> None:
    """Train each loss and penalty on sets of known modes, and count what is covered."""
    from multigan.bench.configs import CONFIGS, config
    from multigan.bench.modes import ModeBench
    from multigan.bench.plot import check_plot_path, write_plot
    from multigan.bench.rows import Results
    from multigan.bench.sets import mode_set
    from multigan.terminal.console import PlainConsole

    check_plot_path(plot)
    kinds = [mode_set(name.strip()) for name in sets.split(",")]
    chosen = list(CONFIGS.values()) if configs == "all" else [config(name.strip()) for name in configs.split(",")]
    results = Results(out)
    rows = ModeBench(kinds, chosen, seeds, samples, data, overrides or []).run(results, PlainConsole())
    if plot is not None:
        facts = {kind.name: results.sets[kind.name] for kind in kinds}
        write_plot(plot, facts, rows, {kind.name: kind.modes for kind in kinds})
