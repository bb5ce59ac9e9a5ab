"""`multigan publish`: a generator folder with a model card, on disk or on the hub."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.which import Which, opened

__all__ = ["publish"]


def publish(
    run: Annotated[str, typer.Argument(help="A run directory or a generator folder.")],
    to: Annotated[str | None, typer.Option("--to", help="Repository on the Hugging Face hub, OWNER/NAME.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Write the folder here instead of uploading it.")] = None,
    which: Which = None,
    licence: Annotated[str, typer.Option(help="Licence of the weights, as the hub names it.")] = "unknown",
    private: Annotated[bool, typer.Option("--private", help="Make a new repository private.")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Publish in spite of objections.")] = False,
) -> None:
    """Write a model card beside the weights and hand both out; objects where the run was not evaluated."""
    from multigan.core.errors import RunError
    from multigan.publish.card import CardOptions
    from multigan.publish.caution import objections, refuse_unless, remedy
    from multigan.publish.facts import read_facts
    from multigan.publish.folder import write_folder
    from multigan.publish.hub import push_to_hub
    from multigan.run.flags import remarks_of

    if (to is None) == (folder is None):
        raise RunError("publish needs one goal", "--to OWNER/NAME or --folder DIR", "give one of the two")
    generator, facts = opened(run, which, applies=True), read_facts(run)
    sha256 = generator.config["weights_sha256"]
    found = objections(facts, sha256)
    refuse_unless(anyway, found, remedy(facts, sha256, generator.kept))
    for line in found:
        echo(f"warning: {line}", err=True)
    for line in remarks_of(facts.evaluation or {}):
        echo(f"note: {line}; the card says so", err=True)
    if to is not None:
        echo(push_to_hub(generator, to, private=private, licence=licence, facts=facts))
    elif folder is not None:
        written = write_folder(generator, folder, facts=facts, options=CardOptions(folder.name, licence))
        size = sum(path.stat().st_size for path in written.rglob("*") if path.is_file())
        echo(f"{written}: {size / 2**20:.2f} MiB; read README.md before you hand it out")
