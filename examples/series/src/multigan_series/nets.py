"""G and D of one-dimensional convolutions, for windows of any length."""

import torch
from torch import Tensor, nn

from multigan import Critique, Draw, Latent, Spec

__all__ = ["ConvD", "ConvG", "build_d", "build_g"]

COARSE = 4  # steps at full length per step of the first layer
NOISE = 4  # numbers that G is given a step
CHANGES = 10.0  # changes are small beside values; so they weigh alike


class ConvG(nn.Module):
    """z `(batch, nz + 4 length)` -> `(batch, channels, length)` in [-1, 1].

    A coarse sequence from the first `nz` numbers, twice doubled and convolved; then four more numbers a step, without
    which no step could move by itself; a tanh.
    """

    def __init__(self, channels: int, length: int, nz: int, width: int) -> None:
        super().__init__()
        self.latent, self.nz = Latent((nz + NOISE * length,)), nz
        self.shape = (2 * width, -(-length // COARSE))
        self.length = length
        self.first = nn.Linear(nz, self.shape[0] * self.shape[1])
        self.body = nn.Sequential(
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2, mode="linear"),
            nn.Conv1d(2 * width, width, 5, padding=2),
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2, mode="linear"),
        )
        self.fine = nn.Sequential(
            nn.Conv1d(width + NOISE, width, 5, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 5, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, channels, 1),
        )

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """See the class."""
        coarse = self.body(self.first(z[:, : self.nz]).unflatten(1, self.shape))[..., : self.length]
        noise = z[:, self.nz :].unflatten(1, (NOISE, self.length))
        return torch.tanh(self.fine(torch.cat([coarse, noise], 1)))


class ConvD(nn.Module):
    """x `(batch, channels, length)` -> one logit; D sees the changes from step to step beside the values."""

    def __init__(self, channels: int, length: int, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(2 * channels, width, 5, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 5, stride=2, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, 2 * width, 5, stride=2, padding=2),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.out = nn.Linear(2 * width * -(-length // 4), 1)

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """Logits `(batch,)`."""
        changes = nn.functional.pad(x[..., 1:] - x[..., :-1], (1, 0))
        hidden = self.body(torch.cat([x, CHANGES * changes], 1))
        return Critique((self.out(hidden).squeeze(1),), (hidden,))


def build_g(spec: Spec, *, nz: int = 32, width: int = 64) -> nn.Module:
    """A G for windows of `spec`."""
    return ConvG(*spec.shape, nz, width)


def build_d(spec: Spec, *, width: int = 64) -> nn.Module:
    """A D for windows of `spec`."""
    return ConvD(*spec.shape, width)
