"""`torch.export`: a graph of ATen operations that torch, ExecuTorch and compilers load (.pt2)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.export import Dim, ExportedProgram

from multigan.core import strict_json
from multigan.core.errors import ExportError
from multigan.exporters.about import KEY, SIDES
from multigan.exporters.explicit import EXAMPLE, Explicit
from multigan.exporters.form import Runner
from multigan.exporters.noise import Input
from multigan.exporters.quiet import quiet

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["ProgramForm", "form", "make_program"]


def make_program(net: Explicit) -> ExportedProgram:
    """Trace `net` with a batch axis that may be any size from 1, and what it is given of any size.

    Raises:
        ExportError: the net does something that cannot be traced.
    """
    batch = Dim("batch", min=1)
    example = tuple(net.sample(EXAMPLE, larger=net.translates))
    free = tuple({0: batch, **_sides(one)} for one in net.inputs)
    try:
        with quiet(), torch.no_grad():
            return torch.export.export(net, example, dynamic_shapes=(free,))
    # The tracer runs the net's code, which may fail in any way.
    except Exception as error:
        raise ExportError(
            f"torch.export cannot follow this net: {type(error).__name__}: {str(error).splitlines()[0]}",
            "a net of tensor operations whose shapes depend on the batch alone",
            "rewrite the net, or export its weights: --to safetensors",
        ) from error


def _sides(one: Input) -> dict[int, Any]:
    """The axes of a translator's input whose lengths are free, up to the multiple that its net takes."""
    if one.kind != "sample":
        return {}
    names = SIDES.get(len(one.shape), tuple(f"side_{k}" for k in range(1, len(one.shape))))
    return {k: one.multiple * Dim(name, min=1) for k, name in enumerate(names, 2)}


class ProgramForm:
    """See `Form`."""

    suffix = ".pt2"
    runtime = "torch.export"

    def write(self, net: Explicit, generator: "Generator", about: dict[str, Any], path: Path) -> Runner:
        """Write a .pt2 file; its JSON is the extra file `multigan`."""
        told = {KEY: strict_json.dumps(about, ensure_ascii=False)}
        buffer = io.BytesIO()  # the library insists on its own suffix for paths
        with quiet():
            torch.export.save(make_program(net), buffer, extra_files=told)
        path.write_bytes(buffer.getvalue())
        with quiet():
            loaded = torch.export.load(io.BytesIO(path.read_bytes())).module()

        def run(values: Sequence[Tensor]) -> Tensor:
            result: Tensor = loaded(*values)
            return result

        return run


form = ProgramForm()
