"""TorchScript by tracing: for C++ programs and audio hosts that load it."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from multigan.core import strict_json
from multigan.core.errors import ExportError
from multigan.exporters.about import KEY
from multigan.exporters.explicit import EXAMPLE, Explicit
from multigan.exporters.form import Runner
from multigan.exporters.quiet import quiet

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["ScriptForm", "form"]


class ScriptForm:
    """See `Form`. The check runs the traced function in memory: loading TorchScript files is not done here."""

    suffix = ".ts"
    runtime = "TorchScript"

    def write(self, net: Explicit, generator: "Generator", about: dict[str, Any], path: Path) -> Runner:
        """Write a TorchScript archive; its JSON is the extra file `multigan`."""
        buffer = io.BytesIO()  # in a file of its own the library would put that file's name into the archive
        try:
            with quiet(), torch.no_grad():
                traced = torch.jit.trace(net, tuple(net.sample(EXAMPLE)), check_trace=False)
                extra = {KEY: strict_json.dumps(about, ensure_ascii=False).encode()}
                torch.jit.save(traced, buffer, _extra_files=extra)
        # The tracer runs the net's code, which may fail in any way.
        except Exception as error:
            raise ExportError(
                f"torch.jit cannot trace this net: {type(error).__name__}: {str(error).splitlines()[0]}",
                "a net of tensor operations",
                "choose --to torch-export",
            ) from error

        path.write_bytes(buffer.getvalue())

        def run(values: Sequence[Tensor]) -> Tensor:
            result: Tensor = traced(*values)
            return result

        return run


form = ScriptForm()
