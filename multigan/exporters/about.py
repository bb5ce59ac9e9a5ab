"""What an exported file says of itself: inputs, output, decoding and provenance, as JSON."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from multigan.exporters.explicit import Explicit
from multigan.provenance import labels as provenance
from multigan.provenance.models import KEY

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["KEY", "SIDES", "describe", "output_name"]

SIDES = {2: ("length",), 3: ("height", "width")}
"""What free axes are called, by the number of axes without the batch."""


def describe(generator: "Generator", net: Explicit, output: Tensor) -> dict[str, Any]:
    """Everything that a program without MultiGAN needs.

    Args:
        generator: where the file comes from.
        net: the wrapped G.
        output: of an example batch.

    Returns:
        JSON values: `label` (provenance, see `provenance.label`), `modality`, `inputs` (name, shape, dtype, kind, low,
        high), `output` (name, shape, dtype, meaning), `classes`, `meta` (sample rate, vocabulary ...).
    """
    config, spec = generator.config, generator.spec
    return {
        "label": label(config),
        "modality": spec.modality,
        "inputs": [_input(one) for one in net.inputs],
        "output": {
            "name": output_name(net),
            "shape": ["batch", *(_free(output.shape[1:]) if net.translates else output.shape[1:])],
            "dtype": str(output.dtype).removeprefix("torch."),
            "meaning": "a sample in D's space" if net.exports is None else net.exports.output_meaning,
        },
        "classes": list(spec.classes),
        "meta": dict(spec.meta),
        **({"input": config["input"]} if "input" in config else {}),
        "net": config["net"],
        "samples_seen": config.get("samples_seen"),
    }


def label(config: Mapping[str, Any]) -> dict[str, str]:
    """The label of a file that makes samples: the seed is left to whoever draws with it."""
    fields = provenance.label_of(config, 0)
    del fields["seed"]
    return {**fields, "kind": "generator"}


def output_name(net: Explicit) -> str:
    """As the modality calls it."""
    return "samples" if net.exports is None else net.exports.output_name


def _free(shape: Sequence[int]) -> list[int | str]:
    """A shape whose sides may be any."""
    return [shape[0], *SIDES.get(len(shape), tuple(f"side_{k}" for k in range(1, len(shape))))]


def _input(one: Any) -> dict[str, Any]:
    what = {"name": one.name, "shape": ["batch", *one.shape], "dtype": one.dtype, "kind": one.kind}
    if one.kind == "sample":
        what |= {"shape": ["batch", *_free(one.shape)], "multiple": one.multiple}
    return what if one.kind == "normal" else {**what, "low": one.low, "high": one.high}
