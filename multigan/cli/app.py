"""The typer application; commands import what they need when they run, so that --help is instant."""

import typer

from multigan.cli import (
    apply,
    bench,
    chat,
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
    refine,
    report,
    score,
    sign,
    tell,
    train,
    twin,
)
from multigan.cli.headings import Headed
from multigan.cli.verb import Verb
from multigan.cli.writing import writing
from multigan.core.version import __version__

__all__ = ["app"]

app = typer.Typer(
    name="multigan",
    cls=Headed,
    help="Train small generators of images, text and audio with one adversarial engine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(bench.app, name="bench")
app.add_typer(recipes.app, name="recipes")
app.command("train", cls=Verb)(train.train)
app.command("generate", cls=Verb, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    writing(generate.generate)
)
app.command("apply", cls=Verb)(writing(apply.apply))
app.command("chat", cls=Verb)(chat.chat)
app.command("export", cls=Verb)(writing(export.export))
app.command("interpolate", cls=Verb)(writing(explore.interpolate))
app.command("vary", cls=Verb)(writing(explore.vary))
app.command("directions", cls=Verb)(writing(explore.directions))
app.command("invert", cls=Verb)(writing(edit.invert))
app.command("edit", cls=Verb)(writing(edit.edit))
app.command("inpaint", cls=Verb)(writing(edit.inpaint))
app.command("refine", cls=Verb)(refine.refine)
app.command("publish", cls=Verb)(writing(publish.publish))
app.command("doctor", cls=Verb)(doctor.doctor)
app.command("evaluate", cls=Verb)(evaluate.evaluate)
app.command("twin", cls=Verb)(twin.twin)
app.command("score", cls=Verb)(score.score)
app.command("temperature", cls=Verb)(score.temperature)
app.command("report", cls=Verb)(report.report)
app.command("compare", cls=Verb)(writing(compare.compare))
app.command("modalities", cls=Verb)(tell.modalities)
app.command("plugins", cls=Verb)(tell.plugins)
app.command("check", cls=Verb)(check.check)
app.command("new", cls=Verb)(new.new)
app.command("cite", cls=Verb)(tell.cite)
app.command("demo", cls=Verb)(demo.demo)
app.command("sign", cls=Verb)(sign.sign)
app.command("provenance", cls=Verb)(tell.provenance)


def _version(wanted: bool) -> None:
    if wanted:
        lines.echo(f"multigan {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Train small generators of images, text and audio with one adversarial engine."""
