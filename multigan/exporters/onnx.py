"""ONNX by torch's graph exporter, read back by ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from multigan.core import strict_json
from multigan.core.errors import ExportError
from multigan.core.plain import words_of
from multigan.exporters.about import KEY
from multigan.exporters.explicit import Explicit
from multigan.exporters.form import Runner
from multigan.exporters.program import make_program
from multigan.exporters.quiet import quiet

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["OnnxForm", "flat", "form"]


def flat(about: dict[str, Any]) -> dict[str, str]:
    """ONNX metadata: the whole JSON under `multigan`, and what other tools may look for under plain names."""
    meta = {name: str(value) for name, value in about["meta"].items() if isinstance(value, int | float | str)}
    plain = {"modality": about["modality"], "value_range": about["output"]["meaning"], **meta}
    return {**about["label"], **plain, KEY: strict_json.dumps(about, ensure_ascii=False)}


class OnnxForm:
    """See `Form`."""

    suffix = ".onnx"
    runtime = "onnxruntime"

    def write(self, net: Explicit, generator: "Generator", about: dict[str, Any], path: Path) -> Runner:
        """Write one .onnx file with its weights inside; metadata: see `flat`."""
        runtime = _import_runtime()
        names = [one["name"] for one in about["inputs"]]
        program = make_program(net)
        try:
            with quiet():
                converted: Any = torch.onnx.export(
                    program,
                    dynamo=True,
                    input_names=names,
                    output_names=[about["output"]["name"]],
                    external_data=False,
                    verbose=False,
                )
        except torch.onnx.errors.OnnxExporterError as error:
            reason = str(error).rsplit("Exception summary", 1)[-1].strip().splitlines()[0]
            raise ExportError(
                f"this net has no form in ONNX: {reason}", "operations of ONNX", "choose --to torch-export"
            ) from error
        converted.model.metadata_props.update(flat(about))
        converted.model.producer_name = about["label"]["software"]
        converted.save(path, external_data=False)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()  # as many as the net had, so that times compare
        try:
            session = runtime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            given = f"ONNX Runtime does not take this net: {words_of(error)}"
            raise ExportError(given, "operations of ONNX", "choose --to torch-export") from error

        def run(values: Sequence[Tensor]) -> Tensor:
            feed = {name: value.numpy() for name, value in zip(names, values, strict=True)}
            return torch.from_numpy(session.run(None, feed)[0])

        return run


def _import_runtime() -> Any:
    try:
        import onnx  # noqa: F401  (the exporter needs both; ask before time is spent)
        import onnxruntime
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise ExportError(
            f"ONNX needs the package {error.name}", "onnx, onnxscript, onnxruntime", "pip install 'multigan[export]'"
        ) from error
    return onnxruntime


form = OnnxForm()
