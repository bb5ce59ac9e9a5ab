"""Two translators, there and back, that descend one loss, and what judges the one and the other."""

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import Sharing, latent_of
from multigan.core.types import Critique, Spec

__all__ = ["BothJudges", "BothWays"]


class BothWays(nn.Module):
    """Inputs to samples and samples to inputs; called, it is the way there.

    Nets that can share weights do.

    Args:
        there: from inputs to samples.
        back: from samples to inputs.
        spec: of a sample.
        source: of an input.

    Source: Zhu et al. 2017 (CycleGAN), section 3: G and F are one loss's parameters.
    """

    def __init__(self, there: nn.Module, back: nn.Module, spec: Spec, source: Spec) -> None:
        super().__init__()
        if isinstance(there, Sharing) and isinstance(back, Sharing):
            back.share(there)
        self.there, self.back, self.spec, self.source = there, back, spec, source
        self.latent = latent_of(there)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, ...)` to samples."""
        made: Tensor = self.there(z, cond, draw, source=source)
        return made


class BothJudges(nn.Module):
    """What judges samples, and what judges inputs; called, it judges samples.

    Args:
        there: of samples.
        back: of inputs.
    """

    def __init__(self, there: nn.Module, back: nn.Module) -> None:
        super().__init__()
        self.there, self.back = there, back

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor | Critique:
        """Samples `(batch, ...)` to logits `(batch, *patch)`, or a `Critique`."""
        said: Tensor | Critique = self.there(x, cond, draw)
        return said
