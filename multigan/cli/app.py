"""The typer application; commands import what they need when they run, so that --help is instant."""

import typer

from multigan import __version__
from multigan.cli import (
    bench,
    check,
    compare,
    demo,
    doctor,
    edit,
    evaluate,
    explore,
    export,
    generate,
    lines,
    new,
    publish,
    recipes,
    report,
    score,
    sign,
    tell,
    train,
)

__all__ = ["app"]

app = typer.Typer(
    name="multigan",
    help="Train small generators of images, text and audio with one adversarial engine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(bench.app, name="bench")
app.add_typer(recipes.app, name="recipes")
app.command("train")(train.train)
app.command("generate", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(generate.generate)
app.command("export")(export.export)
app.command("interpolate")(explore.interpolate)
app.command("vary")(explore.vary)
app.command("directions")(explore.directions)
app.command("invert")(edit.invert)
app.command("edit")(edit.edit)
app.command("inpaint")(edit.inpaint)
app.command("publish")(publish.publish)
app.command("doctor")(doctor.doctor)
app.command("evaluate")(evaluate.evaluate)
app.command("score")(score.score)
app.command("temperature")(score.temperature)
app.command("report")(report.report)
app.command("compare")(compare.compare)
app.command("modalities")(tell.modalities)
app.command("plugins")(tell.plugins)
app.command("check")(check.check)
app.command("new")(new.new)
app.command("cite")(tell.cite)
app.command("demo")(demo.demo)
app.command("sign")(sign.sign)
app.command("provenance")(tell.provenance)


def _version(wanted: bool) -> None:
    if wanted:
        lines.echo(f"multigan {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Train small generators of images, text and audio with one adversarial engine."""
