"""`multigan sign`: a C2PA manifest in labelled files, for those who have a certificate."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo

__all__ = ["sign"]


def sign(
    files: Annotated[list[Path], typer.Argument(help="PNG, GIF or WAV files that MultiGAN wrote.")],
    chain: Annotated[Path, typer.Option(help="Certificate and those above it, PEM.")],
    key: Annotated[Path, typer.Option(help="Private key, PEM.")],
    algorithm: Annotated[str, typer.Option(help="Of the key: es256, ps256, ed25519 ...")] = "es256",
) -> None:
    """Sign files as made by a trained algorithm (C2PA), in place and offline."""
    from multigan.provenance import signing

    for file in files:
        signing.sign(file, chain, key, algorithm)
        found = signing.verify(file) or {}
        echo(f"{file}: {found.get('state')}, signed by {found.get('signer')}  {found.get('problems')}")
