"""A generator whose every random number is an input: what a file without MultiGAN's `Draw` can run."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from multigan.core.draw import Draw
from multigan.core.generators import latent_of
from multigan.core.types import Latent, Modality, Spec
from multigan.exporters.noise import Input, Listening, Told
from multigan.plugins.abilities import Exports, able

__all__ = ["SOURCE", "Explicit", "make_explicit"]

SOURCE = "source"
"""What a translator's input is called, in files as in nets."""
EXAMPLE = 2  # samples: a tracer takes an axis of size 1 for a constant


class Explicit(nn.Module):
    """`G(z, cond, draw)` as a function of tensors alone.

    Args:
        net: the generator.
        inputs: z, labels and noise in the order of `forward`; z may be missing where it has no elements.
        modality: whose `to_output` the result passes through, where it has one.
        spec: what one sample is.
    """

    def __init__(self, net: nn.Module, inputs: Sequence[Input], modality: Modality, spec: Spec) -> None:
        super().__init__()
        self.net, self.inputs, self.spec = net, tuple(inputs), spec
        self.exports = modality if able(modality, Exports) else None

    def forward(self, *values: Tensor) -> Tensor:
        """Inputs `(batch, ...)` each -> the exported output `(batch, ...)`."""
        fake = self.in_space(values)
        return fake if self.exports is None else self.exports.to_output(fake, self.spec)

    def in_space(self, values: Sequence[Tensor]) -> Tensor:
        """Inputs in their order -> fakes in D's space."""
        named = {one.name: value for one, value in zip(self.inputs, values, strict=True)}
        noise = {one.purpose: named[one.name] for one in self.inputs if one.purpose}
        z = named.get("z")
        if z is None:
            z = values[0].new_zeros((values[0].shape[0], 0), dtype=torch.float32)
        more = {SOURCE: named[SOURCE]} if SOURCE in named else {}
        fake: Tensor = self.net(z, named.get("cond"), Told(0, given=noise), **more)
        return fake

    @property
    def translates(self) -> bool:
        """Whether it is given an input, of any size."""
        return any(one.kind == "sample" for one in self.inputs)

    def sample(self, batch: int, seed: int = 0, *, larger: bool = False) -> list[Tensor]:
        """Values for all inputs; `larger`: what a translator is given is larger than in training."""
        return [one.sample(batch, Draw(seed, path="export/"), larger=larger) for one in self.inputs]


def make_explicit(
    net: nn.Module, modality: Modality, spec: Spec, *, conditional: bool, source: Spec | None = None
) -> Explicit:
    """Copy a generator to the CPU, fold its parametrisations (spectral norm), and find the noise that it draws.

    Args:
        net: the generator; it is left alone.
        modality: of its samples.
        spec: what one sample is.
        conditional: it takes labels.
        source: what it is given beside z; None = nothing.

    Raises:
        ExportError: it draws noise whose first axis is not the batch.
    """
    net = copy.deepcopy(net).cpu().float().eval()
    _fold_parametrisations(net)
    inputs = [*_given(net, source), *_known_inputs(latent_of(net), spec, conditional)]
    listening = Listening(0, batch=EXAMPLE)
    z = latent_of(net).sample(EXAMPLE, Draw(0))
    with torch.no_grad():
        labels = torch.zeros(EXAMPLE, dtype=torch.long) if conditional else None
        more = {} if source is None else {SOURCE: torch.zeros(EXAMPLE, *source.shape)}
        net(z, labels, listening, **more)
    return Explicit(net, [*inputs, *listening.heard], modality, spec)


def _fold_parametrisations(net: nn.Module) -> None:
    for module in list(net.modules()):
        if parametrize.is_parametrized(module):
            # Torch keeps the weight as a property of a class that the copy shares with its original.
            kind = type(module)
            module.__class__ = type(kind.__name__, kind.__bases__, dict(vars(kind)))
            names = [*module.parametrizations] if isinstance(module.parametrizations, nn.ModuleDict) else []
            for name in names:
                parametrize.remove_parametrizations(module, name, leave_parametrized=True)


def _given(net: nn.Module, source: Spec | None) -> list[Input]:
    """The input of a translator: the sides that it was trained with, up to multiples of what its net takes."""
    if source is None:
        return []
    multiple = int(getattr(net, "multiple", 1))
    sides = (-(-side // multiple) * multiple for side in source.shape[1:])
    return [Input(SOURCE, (source.shape[0], *sides), "sample", -1.0, 1.0, multiple=multiple)]


def _known_inputs(latent: Latent, spec: Spec, conditional: bool) -> list[Input]:
    inputs = []
    if all(latent.shape):
        low = -1.0 if latent.kind == "uniform" else 0.0
        inputs.append(Input("z", latent.shape, latent.kind, low, 1.0))
    if conditional:
        inputs.append(Input("cond", (), "integers", 0, len(spec.classes)))
    return inputs
