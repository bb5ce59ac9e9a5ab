"""LeCam regularisation: keep D's opinion of each side near its average opinion of the other."""

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, Modality, Spec
from multigan.losses.finite_differences import exact, in_full, total_logits

__all__ = ["LeCam"]


class LeCam(nn.Module):
    """`(D(real) - α_F)² + (D(fake) - α_R)²`, with α_R and α_F moving averages of D's logits of reals and fakes.

    The averages are corrected for their start at zero (Kingma & Ba 2015, section 3), and move once per turn of D in
    which the term is computed. They are buffers in `game.memory`: saved, and equal on all processes.

    Args:
        decay: of the averages, in [0, 1).

    Source: Tseng et al. 2021, R_LC.
    Departures: active from the first step (against averages of 0), where the authors' code waits. Squares as in the
    paper; the code squares only what D has above the average of fakes, or below that of reals.
    """

    averages: Tensor
    pending: Tensor

    def __init__(self, decay: float = 0.99) -> None:
        super().__init__()
        if not 0 <= decay < 1:
            raise RecipeError(f"lecam.decay = {decay}", "a number in [0, 1)", "the paper's is 0.99", key=["decay"])
        self.decay = decay
        # Of reals, of fakes, and of the number 1: the share of the average that is not its start at zero.
        self.register_buffer("averages", torch.zeros(3))
        self.register_buffer("pending", torch.zeros(3), persistent=False)

    @classmethod
    def build(cls, modality: Modality, spec: Spec, *, decay: float = 0.99) -> "LeCam":
        """From a recipe's options."""
        return cls(decay)

    @property
    def anchors(self) -> Tensor:
        """α_R and α_F, `(2,)`; zeros before the first update."""
        return self.averages[:2] / torch.where(self.averages[2] > 0, self.averages[2], 1.0)

    def forward(self, D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """The term, per sample.

        Args:
            D: the discriminator.
            real: `(batch, ...)`.
            fake: `(batch, ...)`.
            cond: labels `(batch,)` or None.
            draw: randomness inside D.

        Returns:
            `(batch,)`.
        """
        with exact(real):
            of_real = total_logits(D, in_full(real), cond, draw.child("real"))
            of_fake = total_logits(D, in_full(fake), cond, draw.child("fake"))
        with torch.no_grad():
            noted = torch.stack([of_real.mean(), of_fake.mean(), torch.ones_like(of_real[0])])
            self.pending += noted.to(self.pending)
        anchors = self.anchors.to(of_real)
        return (of_real - anchors[1]).square() + (of_fake - anchors[0]).square()

    @torch.no_grad()
    def settle(self) -> None:
        """Move the averages by what the turn noted; a turn without the term leaves them."""
        noted = self.pending / self.pending[2].clamp_min(1)
        moved = self.decay * self.averages + (1 - self.decay) * noted
        self.averages.copy_(torch.where(self.pending[2] > 0, moved, self.averages))
        self.pending.zero_()
