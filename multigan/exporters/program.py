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
from multigan.exporters.about import KEY
from multigan.exporters.explicit import EXAMPLE, Explicit
from multigan.exporters.form import Runner
from multigan.exporters.quiet import quiet

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["ProgramForm", "form", "make_program"]


def make_program(net: Explicit) -> ExportedProgram:
    """Trace `net` with a batch axis that may be any size from 1.

    Raises:
        ExportError: the net does something that cannot be traced.
    """
    batch = Dim("batch", min=1)
    example = tuple(net.sample(EXAMPLE))
    try:
        with quiet(), torch.no_grad():
            return torch.export.export(net, example, dynamic_shapes=(tuple({0: batch} for _ in example),))
    # The tracer runs the net's code, which may fail in any way.
    except Exception as error:
        raise ExportError(
            f"torch.export cannot follow this net: {type(error).__name__}: {str(error).splitlines()[0]}",
            "a net of tensor operations whose shapes depend on the batch alone",
            "rewrite the net, or export its weights: --to safetensors",
        ) from error


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
