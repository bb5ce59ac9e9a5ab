"""WaveGAN for waves of any length: a DCGAN whose squares became long one-dimensional filters."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Critique, Latent, Spec
from multigan.nets.conditional_norm import ConditionalNorm, Conditioning, class_norm
from multigan.nets.minibatch_std import MinibatchStd
from multigan.nets.sizes import Group, Size, SizeOrNone
from multigan.plugins.audio.critics import classes_of, needed
from multigan.plugins.audio.shuffle import phase_shuffle
from multigan.plugins.audio.stages import plan_ladder, wave_shape

__all__ = ["WaveDiscriminator", "WaveGenerator", "build_discriminator", "build_generator"]

POST_FILTER = 512  # samples
Kernel = Annotated[int, Field(ge=4, le=2**20)]
"""Samples of a filter, at least the stride."""
UPSAMPLINGS = ("linear", "nearest", "transpose")


class Up(nn.Module):
    """One stage of G: `(batch, inside, T)` to `(batch, outside, T * stride)`.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), table 3 (`transpose`), and its variant `nearest`.
    Departures: `linear`.
    """

    def __init__(self, inside: int, outside: int, stride: int, kernel: int, upsample: str) -> None:
        super().__init__()
        self.stride, self.upsample = stride, upsample
        self.excess = kernel - stride
        self.conv: nn.Module
        if upsample == "transpose":
            self.conv = nn.ConvTranspose1d(inside, outside, kernel, stride)
        else:
            self.conv = nn.Conv1d(inside, outside, kernel)
            self.pad = ((kernel - 1) // 2, kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, inside, T)` to `(batch, outside, T * stride)`."""
        if self.upsample == "transpose":
            first = self.excess // 2
            out: Tensor = self.conv(x)[..., first : first + x.shape[-1] * self.stride]
            return out
        x = F.interpolate(x, scale_factor=self.stride, mode=self.upsample)
        filtered: Tensor = self.conv(F.pad(x, self.pad))
        return filtered


class WaveGenerator(nn.Module):
    """G of WaveGAN.

    Args:
        shape: `(channels, samples)` of a wave.
        classes: number of labels; 0 = unconditional, else an embedding of the label is joined to z.
        width: the paper's d.
        kernel: filter length; a multiple of the strides (24, 28) overlaps evenly.
        latent: size of z.
        upsample: `transpose`, `nearest` or `linear`.
        post_filter: learn one more filter of 512 samples on the output.
        conditioning: `"concat"` joins the label to z; the others put a conditional norm before each stage.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), table 3; its appendix for the post-filter.
    Departures: any length (the end is cropped); `linear` upsampling; the post-filter starts as the identity.
    """

    def __init__(  # noqa: PLR0913  (each is an option of the recipe)
        self,
        shape: tuple[int, int],
        classes: int,
        *,
        width: int,
        kernel: int,
        latent: int,
        upsample: str,
        post_filter: bool,
        conditioning: Conditioning = "concat",
    ) -> None:
        super().__init__()
        self.latent = Latent((latent,), "uniform")
        channels, samples = shape
        self.ladder = ladder = plan_ladder(samples)
        widths = ladder.widths(width)
        self.embed = nn.Embedding(classes, latent) if classes and conditioning == "concat" else None
        self.dense = nn.Linear(latent * (2 if self.embed else 1), widths[0] * ladder.base)
        outside = [*widths[1:], channels]
        self.stages = nn.ModuleList(
            Up(a, b, stride, kernel, upsample) for a, b, stride in zip(widths, outside, ladder.strides, strict=True)
        )
        told = [class_norm(conditioning, classes, channels) for channels in widths]
        self.norms = nn.ModuleList(nn.Identity() if norm is None else norm for norm in told)
        self.post_filter = nn.Conv1d(channels, channels, POST_FILTER, bias=False) if post_filter else None
        _initialise(self)
        if self.post_filter is not None:
            nn.init.dirac_(self.post_filter.weight)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, latent)` and labels `(batch,)` to waves `(batch, channels, samples)`; `draw` is not used."""
        if self.embed is not None:
            z = torch.cat([z, self.embed(needed(cond))], dim=1)
        x = self.dense(z).unflatten(1, (-1, self.ladder.base))  # (B, C, base)
        for norm, stage in zip(self.norms, self.stages, strict=True):
            x = norm(x, cond) if isinstance(norm, ConditionalNorm) else x
            x = stage(F.relu(x))  # (B, C / 2, T * stride)
        wave: Tensor = torch.tanh(x[..., : self.ladder.samples])
        if self.post_filter is None:
            return wave
        filtered: Tensor = self.post_filter(F.pad(wave, (POST_FILTER // 2, (POST_FILTER - 1) // 2)))
        return filtered


class WaveDiscriminator(nn.Module):
    """D of WaveGAN.

    Args:
        shape: `(channels, samples)` of a wave.
        classes: number of labels; 0 = unconditional, else a projection head is added.
        width: the paper's d.
        kernel: filter length.
        radius: of the phase shuffle after each of the first four layers; 0 = off.
        per_batch: shuffle all samples of a call alike.
        minibatch_std: samples per group whose spread the last layer sees (Karras et al. 2018, section 3); 0 = off.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), table 4; Miyato & Koyama 2018, Eq. 3 (projection).
    Departures: any length; the projection head looks at the mean over time.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        classes: int,
        *,
        width: int,
        kernel: int,
        radius: int,
        per_batch: bool,
        minibatch_std: int = 0,
    ) -> None:
        super().__init__()
        self.kernel, self.radius, self.per_batch = kernel, radius, per_batch
        channels, samples = shape
        ladder = plan_ladder(samples)
        self.strides = ladder.strides
        outside = ladder.widths(width)[::-1]
        inside = [channels, *outside[:-1]]
        self.layers = nn.ModuleList(
            nn.Conv1d(a, b, kernel, stride) for a, b, stride in zip(inside, outside, self.strides, strict=True)
        )
        self.spread = MinibatchStd(minibatch_std) if minibatch_std else nn.Identity()
        self.head = nn.Linear((outside[-1] + bool(minibatch_std)) * ladder.base, 1)
        self.embed = nn.Embedding(classes, outside[-1]) if classes else None
        _initialise(self)
        if self.embed is not None:
            nn.init.zeros_(self.embed.weight)  # D starts without an opinion of the labels

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, samples)` to one logit a wave `(batch,)`, with each layer's activations."""
        features = []
        for number, (layer, stride) in enumerate(zip(self.layers, self.strides, strict=True)):
            x = F.leaky_relu(layer(_pad_same(x, self.kernel, stride)), 0.2)  # (B, C, ceil(T / stride))
            features.append(x)
            if number < min(4, len(self.layers) - 1):
                x = phase_shuffle(x, self.radius, draw and draw.child(f"layer{number}"), per_batch=self.per_batch)
        logits = self.head(self.spread(x).flatten(1)).squeeze(1)  # (B,)
        if self.embed is not None:
            logits = logits + (self.embed(needed(cond)) * x.mean(2)).sum(1)
        return Critique((logits,), tuple(features))


def build_generator(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    width: Size = 64,
    kernel: Kernel = 25,
    latent: Size = 100,
    upsample: str = "transpose",
    post_filter: bool = False,
    conditional: bool = False,
    conditioning: Conditioning = "concat",
) -> nn.Module:
    """G of WaveGAN for waves of `spec.shape` = (channels, samples): z `(batch, latent)` to `(batch, *shape)`.

    Args:
        spec: what one wave is.
        width: the paper's d: 64 there, 16 learns drums on a laptop.
        kernel: filter length; 25 in the paper, a multiple of 4 overlaps evenly.
        latent: size of z, uniform in [-1, 1).
        upsample: `transpose` (the paper), `nearest` or `linear`.
        post_filter: learn one more filter of 512 samples on the output.
        conditional: take labels.
        conditioning: `concat` joins the label to z; `instance`, `film` and `batch` make it gain and bias of each stage.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), table 3.
    """
    shape = wave_shape(spec)
    _check_kernel(kernel)
    if upsample not in UPSAMPLINGS:
        raise RecipeError(
            f"G.upsample = '{upsample}'", "one of " + ", ".join(UPSAMPLINGS), "correct G.upsample", key=["upsample"]
        )
    classes = classes_of(spec, conditional)
    return WaveGenerator(
        shape,
        classes,
        width=width,
        kernel=kernel,
        latent=latent,
        upsample=upsample,
        post_filter=post_filter,
        conditioning=conditioning,
    )


def build_discriminator(
    spec: Spec,
    *,
    width: Size = 64,
    kernel: Kernel = 25,
    phase_shuffle: SizeOrNone = 2,
    per_batch: bool = False,
    minibatch_std: Group = 0,
    conditional: bool = False,
) -> nn.Module:
    """D of WaveGAN for waves of `spec.shape` = (channels, samples): `(batch, *shape)` to logits `(batch,)`.

    Args:
        spec: what one wave is.
        width: the paper's d.
        kernel: filter length.
        phase_shuffle: radius n of the phase shuffle; 0 = off.
        per_batch: shuffle all samples of a call alike, as the authors' code does.
        minibatch_std: samples per group whose spread the last layer sees; 0 = off.
        conditional: take labels.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), table 4.
    """
    shape = wave_shape(spec)
    _check_kernel(kernel)
    if phase_shuffle < 0:
        given = f"D.phase_shuffle = {phase_shuffle}"
        raise RecipeError(given, "0 or more steps", "D.phase_shuffle = 0 is off", key=["phase_shuffle"])
    return WaveDiscriminator(
        shape,
        classes_of(spec, conditional),
        width=width,
        kernel=kernel,
        radius=phase_shuffle,
        per_batch=per_batch,
        minibatch_std=minibatch_std,
    )


def _check_kernel(kernel: int) -> None:
    if kernel < 4:
        raise RecipeError(f"kernel = {kernel}", "at least the stride, 4", "the paper's is 25", key=["kernel"])


def _pad_same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Zeros around x `(batch, channels, T)` such that a convolution gives ceil(T / stride) steps."""
    steps = -(-x.shape[-1] // stride)
    missing = max((steps - 1) * stride + kernel - x.shape[-1], 0)
    return F.pad(x, (missing // 2, missing - missing // 2))


def _initialise(net: nn.Module) -> None:
    """Glorot's uniform weights and zero biases, the defaults of the authors' framework."""
    for part in net.modules():
        if isinstance(part, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
            nn.init.xavier_uniform_(part.weight)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
