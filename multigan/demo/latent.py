"""Samples with z scaled, and walks between two seeds."""

import math

import torch
from torch import Tensor

from multigan.draw import Draw
from multigan.errors import DataError
from multigan.exporters.explicit import make_explicit
from multigan.generator import CHUNK, Generator

__all__ = ["has_latent", "sample", "slerp", "walk"]

CPU = torch.device("cpu")


def has_latent(generator: Generator) -> bool:
    """Whether G has a z; one without draws all its noise elsewhere."""
    return all(generator.net.latent.shape)  # type: ignore[arg-type]


@torch.no_grad()
def sample(
    generator: Generator, n: int, seed: int, label: str | None, scale: float = 1.0, temperature: float = 1.0
) -> Tensor:
    """Like `Generator.tensors`, with z multiplied by `scale` and the net's temperature by `temperature`."""
    if scale == 1 and temperature == 1:
        return generator.tensors(n, seed, label)
    net = generator.net
    own = getattr(net, "temperature", None)
    if own is not None:
        net.temperature = own * temperature
    try:
        chunks = []
        for number in range(-(-n // CHUNK)):
            draw = Draw(seed, number, "generate/")
            z = net.latent.sample(CHUNK, draw) * scale  # type: ignore[union-attr, operator]
            chunks.append(net(z, generator.cond(label, number, CPU), draw).float())
        return torch.cat(chunks)[:n]
    finally:
        if own is not None:
            net.temperature = own


@torch.no_grad()
def walk(generator: Generator, first: int, last: int, steps: int, label: str | None, scale: float = 1.0) -> Tensor:
    """Samples on the way from the first z of one seed to that of another; noise beyond z is that of the first seed.

    Raises:
        DataError: the generator has no z.
    """
    if not has_latent(generator):
        raise DataError(f"'{generator.config['name']}' has no z to walk through", "a net with a latent", "use seeds")
    latent = generator.net.latent
    ends = [latent.sample(CHUNK, Draw(seed, 0, "generate/"))[0] for seed in (first, last)]  # type: ignore[union-attr, operator]
    mix = slerp if latent.kind == "normal" else torch.lerp  # type: ignore[union-attr]
    z = scale * torch.stack([mix(ends[0], ends[1], step / (steps - 1)) for step in range(steps)])
    net = make_explicit(generator.net, generator.modality, generator.spec, conditional=generator.conditional)
    cond = generator.cond(label, 0, CPU)
    values = {
        one.name: value[:1].expand(steps, *one.shape)
        for one, value in zip(net.inputs, net.sample(1, first), strict=True)
    }
    values |= {"z": z} | ({"cond": cond[:1].expand(steps)} if cond is not None else {})
    return net.in_space([values[one.name] for one in net.inputs])


def slerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """Along the great circle from a to b, whose lengths are interpolated too.

    Source: Shoemake 1985, section 3.3; for latents White 2016, section 2.1.
    """
    cosine = torch.dot(a.flatten(), b.flatten()) / (a.norm() * b.norm()).clamp_min(1e-12)
    angle = math.acos(max(-1.0, min(1.0, float(cosine))))
    if math.sin(angle) < 1e-4:
        return torch.lerp(a, b, t)
    parts = [math.sin((1 - t) * angle) / math.sin(angle), math.sin(t * angle) / math.sin(angle)]
    return parts[0] * a + parts[1] * b
