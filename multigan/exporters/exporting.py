"""A run or a generator becomes a file; a file that differs from the net does not stay."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError

from multigan.core.atomic import staged
from multigan.core.errors import ExportError, UnsupportedError, unwritten
from multigan.exporters import forms
from multigan.exporters.about import describe
from multigan.exporters.explicit import EXAMPLE, make_explicit
from multigan.exporters.parity import Row, compare
from multigan.files.keeping import settle
from multigan.generator.answering import answers_lines
from multigan.plugins.contract import require
from multigan.provenance.labels import make_folder

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["Exported", "export"]

TOLERANCE = 1e-4


@dataclass(frozen=True)
class Exported:
    """A file, and the proof that it does what the net does.

    Attributes:
        path: the file.
        form: name of its format.
        runtime: what ran it for the proof.
        size_bytes: of the file.
        rows: one per batch size.
        tolerance: largest allowed difference.
    """

    path: Path
    form: str
    runtime: str
    size_bytes: int
    rows: tuple[Row, ...]
    tolerance: float

    @property
    def difference(self) -> float:
        """The largest absolute difference over all batch sizes."""
        return max(row.difference for row in self.rows)


def export(
    source: "str | Path | Generator",
    to: str = "onnx",
    out: str | Path | None = None,
    *,
    which: str | None = None,
    tolerance: float = TOLERANCE,
) -> Exported:
    """Write a generator for programs that do not have MultiGAN, and check the file.

    All random numbers (z, labels, noise inside the net) become inputs; the batch may be any size. The file is run at
    batches of 1, 3 and 8 beside the net; integer outputs (tokens) must be equal. A generator that is given an input
    has it as `source`, of any size (multiples of what its net takes); it is also tried with one of other sides.

    Args:
        source: a run directory, a generator folder, a hub id or a `Generator`.
        to: `"onnx"`, `"torchscript"`, `"torch-export"`, `"safetensors"` or a plugin's format.
        out: the file, or an existing folder; default NAME plus the format's suffix in the current folder.
        which: of a run, `"last"` or `"best"`; None = the best where the run kept one, else the last.
        tolerance: largest allowed difference, absolute, or relative to the largest output where that is above 1.

    Raises:
        ExportError: the net has no form in the format, or the file differs: then none is left behind.
        UnknownNameError: there is no such format.
        UnsupportedError: the modality cannot be exported.

    Example:
        >>> import multigan
        >>> multigan.export("runs/digits-1", "onnx", "digits.onnx").difference  # doctest: +SKIP
    """
    form = forms.get(to)
    generator = _generator(source, which)
    require(generator.modality, "export")
    if answers_lines(generator):
        what, expected = "a generator that writes as long as a text is", "one whose outputs have one shape"
        raise UnsupportedError(what, expected, "type multigan apply RUN LINES, or multigan.load(RUN).apply(LINE)")
    path = _path(out, _default_name(generator) + form.suffix)
    make_folder(path.parent)
    conditional = bool(generator.config["net"]["options"].get("conditional"))
    given, modality, spec = generator.input_spec, generator.modality, generator.spec
    net = make_explicit(generator.net, modality, spec, conditional=conditional, source=given)
    with torch.no_grad():
        about = describe(generator, net, net(*net.sample(EXAMPLE)))
    try:
        with staged(path, settle) as temporary:
            run = form.write(net, generator, about, temporary)
            rows = compare(net, run, seconds=_seconds(generator))
            done = Exported(path, to, form.runtime, temporary.stat().st_size, tuple(rows), tolerance)
            _judge(done)
    except (OSError, SafetensorError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        expected, fix = unwritten(error)
        raise ExportError(f"cannot write {path}: {why}", expected, f"{fix}, or choose another with --out") from error
    return done


def _judge(done: Exported) -> None:
    worst = max(done.rows, key=lambda row: row.difference)
    at = f" of {worst.size}" if worst.size else ""
    if not worst.difference <= done.tolerance:
        raise ExportError(
            f"the {done.form} file differs from the net by {worst.difference:.2g} at batch {worst.batch}{at}",
            f"at most {done.tolerance:g}",
            "no file was kept; choose another format",
        )


def _generator(source: "str | Path | Generator", which: str | None) -> "Generator":
    from multigan.generator.generator import Generator, load

    return source if isinstance(source, Generator) else load(source, which)


def _path(out: str | Path | None, name: str) -> Path:
    path = Path(out) if out is not None else Path(name)
    return path / name if path.is_dir() else path


def _default_name(generator: "Generator") -> str:
    from multigan.generator.generator import file_name

    return file_name(generator.config["name"])


def _seconds(generator: "Generator") -> float | None:
    """Duration of one sample, where samples have a rate."""
    rate = generator.spec.meta.get("sample_rate_hz")
    return generator.spec.shape[-1] / rate if rate else None
