"""Instance noise: blur both distributions until they overlap, and less and less so."""

from dataclasses import dataclass

from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Modality, Spec

__all__ = ["InstanceNoise", "build_noise", "build_steady_noise"]


@dataclass(frozen=True)
class InstanceNoise:
    """`x + σ_t ε`, ε ~ N(0, I), `σ_t = σ + (final - σ) progress`: linear over the phase.

    Args:
        sigma: deviation at the phase's start, in units of D's space.
        final: deviation at its end.

    Source: Arjovsky & Bottou 2017, section 3; Sønderby et al. 2017, instance noise (annealed).
    """

    sigma: float
    final: float

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """x `(batch, ...)` -> the same shape."""
        sigma = self.sigma + (self.final - self.sigma) * draw.progress
        return x + sigma * draw.normal("instance-noise", tuple(x.shape)).to(x)


def build_noise(modality: Modality, spec: Spec, *, sigma: float = 0.1, final: float = 0.0) -> InstanceNoise:
    """Noise of deviation `sigma` that ends at `final`.

    Raises:
        RecipeError: a negative deviation.
    """
    if min(sigma, final) < 0:
        wrong = "sigma" if sigma < 0 else "final"
        given = f"instance-noise from {sigma} to {final}"
        raise RecipeError(given, "deviations of 0 or more", "correct game.views", key=[wrong])
    return InstanceNoise(sigma, final)


def build_steady_noise(modality: Modality, spec: Spec, *, sigma: float = 0.2) -> InstanceNoise:
    """Noise of deviation `sigma` in units of D's space, at all times the same.

    Raises:
        RecipeError: a negative deviation.
    """
    if sigma < 0:
        raise RecipeError(f"noise of sigma = {sigma}", "a deviation of 0 or more", "give one", key=["sigma"])
    return InstanceNoise(sigma, sigma)
