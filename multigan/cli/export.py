"""`multigan export`: a generator as a file for other programs, with the proof that it is the same."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.which import Which, opened

if TYPE_CHECKING:
    from multigan.exporters.exporting import Exported

__all__ = ["export", "table"]

DIFFERS = 1


def export(
    run: Annotated[str, typer.Argument(help="A run directory, a generator folder or a hub id.")],
    to: Annotated[
        str, typer.Option(help="onnx, torchscript, torch-export, safetensors; several with commas.")
    ] = "onnx",
    out: Annotated[Path | None, typer.Option(help="The file, or a folder for several; default NAME.SUFFIX.")] = None,
    which: Which = None,
    tolerance: Annotated[float, typer.Option(min=0, help="Largest allowed difference from the net.")] = 1e-4,
) -> None:
    """Write a generator for programs without MultiGAN, and check it against the net at batches of 1, 3 and 8.

    A generator that is given an input takes it in any size; two are checked.
    """
    from multigan.core.errors import ExportError
    from multigan.exporters import forms
    from multigan.exporters.exporting import export as write
    from multigan.terminal.waiting import waiting

    names = [name.strip() for name in to.split(",")]
    for name in names:
        forms.get(name)
    if len(names) > 1 and out is not None:
        from multigan.provenance.labels import make_folder

        make_folder(out)
    generator = opened(run, which, applies=True)
    failed = False
    for name in names:
        try:
            with waiting(f"writing {name} and checking it against the net"):
                done = write(generator, name, out, tolerance=tolerance)
            echo(*table(done))
        except ExportError as error:
            echo(f"multigan: {error}", err=True)
            failed = True
    if failed:
        raise typer.Exit(DIFFERS)


def table(done: "Exported") -> list[str]:
    """The proof in lines: differences, times and, for sound, the real-time factor."""
    timed = done.rows[0].real_time_factor is not None
    lines = [
        f"{done.path}  {done.form}, {done.size_bytes / 1e6:.2f} MB, checked in {done.runtime}",
        f"  batch   max |difference|   torch ms   file ms{'   x real time' if timed else ''}",
    ]
    for row in done.rows:
        factor = f"   {row.real_time_factor:>11.1f}" if row.real_time_factor is not None else ""
        size = f"   inputs of {row.size}" if row.size else ""
        cells = f"{row.batch:>5}   {row.difference:>16.2g}   {row.torch_ms:>8.2f}   {row.file_ms:>7.2f}"
        lines.append(f"  {cells}{factor}{size}")
    return lines
