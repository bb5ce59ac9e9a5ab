"""`multigan refine`: a critic for a generator that is done."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo, echo_json, sayer
from multigan.cli.which import Which
from multigan.core.counted import counted

if TYPE_CHECKING:
    from multigan.generator.critic import Made

__all__ = ["refine", "told"]


def refine(  # noqa: PLR0913  (the options of a command)
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    which: Which = None,
    start: Annotated[
        str, typer.Option(help="The critic: D's `last` weights, D's net `fresh`, a `judge`, `insight`, or `auto`.")
    ] = "auto",
    samples: Annotated[
        int | None, typer.Option(min=1, help="Reals to learn from, at most.", show_default="as the run")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0, help="Time to learn, at most.")] = None,
    lr: Annotated[
        float | None, typer.Option(min=0, help="Learning rate.", show_default="by the kind of critic")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of weights, order and fakes.")] = 0,
    data: Annotated[str | None, typer.Option(help="Where the data is now, if it was moved.")] = None,
    reals: Annotated[
        str, typer.Option(help="Learn from `trained` items, or `held-out` ones, unseen by G.")
    ] = "trained",
    json: Annotated[bool, typer.Option("--json", help="Print refined.json.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print nothing but errors.")] = False,
) -> None:
    """Train a critic against a run's generator, calibrate it, and keep it; then generate --refined.

    The run stays as it was until all is done; a call that is stopped is begun again.
    """
    from multigan.core.signals import exit_code
    from multigan.refinement.refine import refine as make
    from multigan.terminal.waiting import waiting

    try:
        with waiting("refining", quiet=quiet) as shown:
            made = make(
                run,
                which=which,
                start=start,  # type: ignore[arg-type]
                samples=samples,
                minutes=minutes,
                lr=lr,
                seed=seed,
                data=data,
                reals=reals,  # type: ignore[arg-type]
                say=sayer(shown, quiet=quiet),
                tick=shown,
            )
    except KeyboardInterrupt as error:
        echo("interrupted: the run is as it was, and nothing was written", err=True)
        raise typer.Exit(exit_code(error)) from None
    if json:
        echo_json(made.model_dump())
    elif not quiet:
        echo(*told(made, run))


def told(made: "Made", run: Path) -> list[str]:
    """A refinement as lines: what was learnt, from how much, how far it can be trusted, and what to type next."""
    loss, error, split = made.log_loss, made.calibration_error, made.split
    learnt = f", {split['learn']:,} to learn from" if "learn" in split else ""
    return [
        f"{run}: {made.which or 'only'} generator, a critic from {made.start}, {counted(made.steps, 'step')} on "
        f"{counted(made.samples, 'sample')}, seed {made.seed}: {made.ended}",
        f"loss on unseen reals {loss['calibrated']:.4f} nats (chance .6931); calibrated by "
        f"{counted(split['calibrate'], 'real')}: logits x {made.scale:.3g} {made.bias:+.3g}, "
        f"mean error of what it says {error['calibrated']:.1%} (before: {error['raw']:.1%})",
        f"held-out reals: {split['stop']:,} to stop by, {split['calibrate']:,} to calibrate by, {split['judge']:,} "
        f"to judge by{learnt}",
        _next(run),
    ]


def _next(run: Path) -> str:
    """What to type now."""
    from multigan.core.shell import typed
    from multigan.run.folder import find_run

    if find_run(run)[1].input is not None:
        return f'next: multigan apply {typed(run)} "a line" --candidates 8'
    return f"next: multigan evaluate {typed(run)} --refined, multigan generate {typed(run)} --refined"
