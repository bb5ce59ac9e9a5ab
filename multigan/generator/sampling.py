"""Ways to draw other than plainly: closer to the middle of z, or cooler."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.errors import DataError
from multigan.core.generators import Steerable, Steered
from multigan.core.types import Latent, Modality, Nuclear, Spec, Tempered, able
from multigan.plugins.abilities import Steers
from multigan.recipe.options import bind

__all__ = ["Sampling", "refuse_share", "said", "wished"]


@dataclass(frozen=True)
class Sampling:
    """How noise is drawn. All but the last trade variety for typical samples; the defaults change nothing.

    Args:
        scale: z is multiplied by it: 0 is one sample, above 1 leaves the ground that was trained on.
        truncation: normal z is kept within plus or minus this many deviations; uniform z within this share of [-1, 1].
        temperature: of generators that draw from probabilities (text): logits are divided by it.
        top_p: of such generators: only the likeliest tokens whose shares together reach it are drawn.
        steered: of generators that write: the form that they keep to; see `wished`.

    Source: scale: as Karras et al. 2019, appendix B, but of z itself; truncation: Brock et al. 2019, section 3.1;
    top_p: Holtzman et al. 2020, section 3.1.
    Departures: truncated normals come from the inverse distribution function in place of redrawing, so that the same
        seed gives a like sample at every truncation.
    """

    scale: float = 1.0
    truncation: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    steered: Steered | None = None

    def __post_init__(self) -> None:
        wrong = [
            name
            for name, value in (("truncation", self.truncation), ("temperature", self.temperature))
            if value is not None and not value > 0
        ]
        if wrong or not self.scale >= 0:
            name = wrong[0] if wrong else "scale"
            raise DataError(f"{name} = {getattr(self, name)}", "a number above 0", f"type --{name} 0.7")
        refuse_share(self.top_p)

    def latent(self, z: Tensor, latent: Latent) -> Tensor:
        """z `(batch, *latent.shape)` as asked.

        Raises:
            DataError: there is no z to change.
        """
        if self.scale == 1.0 and self.truncation is None:
            return z
        if not z[0].numel():
            raise DataError(
                "this generator has no z, so there is nothing to scale or truncate", "", "use --temperature 0.7"
            )
        return self.scale * self._truncated(z, latent)

    @contextmanager
    def applied(self, net: nn.Module) -> Iterator[None]:
        """The net at this temperature and in this form, for a while.

        Raises:
            DataError: the net has none.
        """
        if self.temperature is not None and not isinstance(net, Tempered):
            raise DataError(
                "this generator draws from no probabilities, so it has no temperature",
                "",
                "use --truncation 1 or --scale",
            )
        if self.steered is not None and not isinstance(net, Steerable):
            given = f"{type(net).__name__} cannot be kept to a form"
            raise DataError(given, "a net that can", "train with --set G.net=lstm")
        if self.top_p is not None and not isinstance(net, Nuclear):
            given = "this generator draws from no probabilities, so it has no nucleus"
            raise DataError(given, "", "use --truncation 1 or --scale")
        asked = {"temperature": self.temperature, "top_p": self.top_p, "steered": self.steered}
        before = {name: getattr(net, name) for name, value in asked.items() if value is not None}
        try:
            for name in before:
                setattr(net, name, asked[name])
            yield
        finally:
            for name, value in before.items():
                setattr(net, name, value)

    def _truncated(self, z: Tensor, latent: Latent) -> Tensor:
        if self.truncation is None:
            return z
        if latent.kind == "uniform":
            return z * min(1.0, self.truncation)
        low = float(torch.special.ndtr(torch.tensor(-self.truncation, dtype=torch.float64)))
        cut: Tensor = torch.special.ndtri(low + torch.special.ndtr(z.double()) * (1 - 2 * low)).to(z.dtype)
        return cut


def refuse_share(top_p: float | None) -> None:
    """A share that the nucleus is to have must be one.

    Raises:
        DataError: it is not in (0, 1].
    """
    if top_p is not None and not 0 < top_p <= 1:
        raise DataError(f"top_p = {top_p}", "above 0, at most 1", "type --top-p 0.9")


def wished(how: Sampling | None, modality: Modality, spec: Spec, wish: Mapping[str, Any]) -> Sampling | None:
    """`how`, with the form that is wished for; options of the modality's `steering`.

    Raises:
        DataError: this modality has no forms, or no sample can be of this one.
    """
    if not wish:
        return how
    if not able(modality, Steers):
        names = ", ".join(wish)
        raise DataError(f"{names} of a generator of {modality.name}", "a generator that keeps to forms", "")
    steered = modality.steering(spec, **bind(modality.steering, wish, "output", "--{flag} VALUE"))
    return replace(how or Sampling(), steered=steered)


def said(how: Sampling | None) -> dict[str, str]:
    """What the label of samples says of the form that they were asked to have."""
    return {} if how is None or how.steered is None else dict(how.steered.said)
