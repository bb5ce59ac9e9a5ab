"""Samples and walks as the page asks for them: by factors of z and temperature."""

from torch import Tensor

from multigan.core.generators import latent_of
from multigan.core.types import Tempered
from multigan.generator.generator import Generator
from multigan.generator.sampling import Sampling
from multigan.latent.blend import Place, slerp
from multigan.latent.walk import render_rows

__all__ = ["has_latent", "sample", "walk"]


def has_latent(generator: Generator) -> bool:
    """Whether G has a z; one without draws all its noise elsewhere."""
    return all(latent_of(generator.net).shape)


def sample(
    generator: Generator, n: int, seed: int, label: str | None, scale: float = 1.0, temperature: float = 1.0
) -> Tensor:
    """Like `Generator.tensors`, with z multiplied by `scale` and the net's own temperature by `temperature`.

    Raises:
        DataError: there is no z to scale, or no temperature.
    """
    own = generator.net.temperature if isinstance(generator.net, Tempered) else 1.0
    heat = None if temperature == 1 else own * temperature
    return generator.tensors(n, seed, label, Sampling(scale, temperature=heat))


def walk(generator: Generator, first: int, last: int, steps: int, label: str | None, scale: float = 1.0) -> Tensor:
    """Samples on the arc from the first sample of one seed to that of another, `(steps, *shape)`; see `explore.walk`.

    Raises:
        DataError: there is no z to scale.
    """
    how, latent = Sampling(scale), latent_of(generator.net)
    rows = [(Place(first), Place(last), step / (steps - 1)) for step in range(steps)]
    return render_rows(generator, rows, slerp, label, lambda z, _: how.latent(z, latent))
