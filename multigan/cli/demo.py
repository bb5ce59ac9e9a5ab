"""`multigan demo`: a page for trying generators in a browser."""

from typing import Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.which import Which, opened

__all__ = ["demo"]


def demo(
    runs: Annotated[list[str], typer.Argument(help="Run directories, generator folders or hub ids: one tab each.")],
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: the first free one from 7860.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 = the whole network.")] = "127.0.0.1",
    share: Annotated[str, typer.Option(help="Only `never`: no tunnel to elsewhere is opened.")] = "never",
    which: Which = None,
) -> None:
    """Open a page on this machine: seeds, classes, walks, players, uploads and downloads for any modality."""
    from multigan.core.errors import DataError
    from multigan.demo.page import import_gradio

    if share != "never":
        raise DataError(f"--share {share}", "never", "publish a page yourself, behind a server that you trust")
    import_gradio()
    from multigan.demo.serve import serve

    generators = [opened(run, which, applies=True) for run in runs]
    serve(generators, host, port, echo)
