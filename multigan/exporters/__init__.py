"""Generators as files for other programs, each one checked against the net it was made from.

The formats are a registry: a package adds one under the entry-point group `multigan.exporters`.
"""

from multigan.core.registry import Registry
from multigan.exporters.form import Form

__all__ = ["Form", "forms"]

forms: Registry[Form] = Registry(
    "export format",
    "multigan.exporters",
    builtin={
        "onnx": "multigan.exporters.onnx:form",
        "safetensors": "multigan.exporters.weights:form",
        "torch-export": "multigan.exporters.program:form",
        "torchscript": "multigan.exporters.script:form",
    },
    aliases={"pt2": "torch-export", "ts": "torchscript"},
)
