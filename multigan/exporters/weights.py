"""Weights alone, with how to rebuild the net: one safetensors file that code cannot hide in."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

from multigan.core import strict_json
from multigan.core.tensor_file import load_tensors, save_tensors
from multigan.exporters.about import KEY
from multigan.exporters.explicit import Explicit, make_explicit
from multigan.exporters.form import Runner
from multigan.nets.lookup import net_builder

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["WeightsForm", "form"]


class WeightsForm:
    """See `Form`. The file needs code for the net; names are those of `generator.net.state_dict()`."""

    suffix = ".safetensors"
    runtime = "torch"

    def write(self, net: Explicit, generator: "Generator", about: dict[str, Any], path: Path) -> Runner:
        """Write the weights; the JSON is in the header's `__metadata__`."""
        weights = {
            name: value.detach().cpu().clone().contiguous() for name, value in generator.net.state_dict().items()
        }
        save_tensors(weights, path, metadata={"format": "pt", KEY: strict_json.dumps(about, ensure_ascii=False)})
        plain = about["net"]
        source = generator.input_spec
        given = [generator.spec] if source is None else [generator.spec, source]
        again = net_builder(generator.modality, "G", plain["name"])(*given, **plain["options"])
        again.load_state_dict(load_tensors(path))
        conditional = bool(plain["options"].get("conditional"))
        rebuilt = make_explicit(again, generator.modality, generator.spec, conditional=conditional, source=source)

        def run(values: Sequence[Tensor]) -> Tensor:
            result: Tensor = rebuilt(*values)
            return result

        return run


form = WeightsForm()
