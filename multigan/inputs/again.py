"""The matching term that degrades once more: what comes out must explain what went in."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from pydantic import ValidationError
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, Modality, Spec, View
from multigan.inputs.assemble import degrading
from multigan.recipe.limits import quoted
from multigan.recipe.recipe import ViewTable

__all__ = ["Again"]


class Again:
    """`mean |degrade(real) - degrade(fake)|`, both degraded by the same draw.

    Where the input is the degraded target, `degrade(real)` is the input itself: a picture that is scaled down again
    must be the small one that it was made of.

    Args:
        views: what degrades, in order.

    Source: the mel loss of HiFi-GAN (Kong et al. 2020, Eq. 6) is this with a mel spectrogram.
    Departures: any views.
    """

    def __init__(self, views: Sequence[View]) -> None:
        self.views = tuple(views)

    @classmethod
    def build(cls, modality: Modality, spec: Spec, *, degrade: tuple[Mapping[str, Any], ...] = ()) -> "Again":
        """For samples like `spec`; `degrade` as in `[input]`.

        Raises:
            RecipeError, UnknownNameError: it is empty, or an entry is wrong.
        """
        try:
            tables = [ViewTable.model_validate(entry) for entry in degrade]
        except ValidationError as error:
            given = f"again with degrade = {quoted(list(degrade))}"
            raise RecipeError(given, "tables with a name", 'write { name = "grey" }', key=["degrade"]) from error
        if not tables:
            fix = 'write degrade = [{ name = "grey" }]'
            raise RecipeError("again degrades by nothing", "what the input was made by", fix, key=["name"])
        # A recipe is checked before sizes are known, by a sample of single numbers.
        return cls(degrading(tables, modality, spec, sized=set(spec.shape) != {1}))

    def __call__(
        self, D: DiscriminatorNet | None, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw
    ) -> Tensor:
        """Per sample `(batch,)`; the gradient reaches `fake` `(batch, ...)`."""
        with torch.no_grad():
            wanted = self._degraded(real, draw)
        return (self._degraded(fake, draw) - wanted).abs().flatten(1).mean(1)

    def _degraded(self, x: Tensor, draw: Draw) -> Tensor:
        for number, view in enumerate(self.views):
            x = view(x, draw.child(f"degrade-{number}"))
        return x
