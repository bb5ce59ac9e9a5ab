"""Nets of pictures for sounds: G draws the loudness of mel bands and gives its sound, D looks at that of a sound."""

from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Critique, Spec
from multigan.nets.conditional_norm import Conditioning
from multigan.nets.dcgan import DcganD, DcganG, Norm
from multigan.nets.sizes import Group, Size, SizeOrNone
from multigan.plugins.audio.mel_picture import MelPicture
from multigan.plugins.audio.stages import wave_shape

__all__ = ["SpectrogramDiscriminator", "SpectrogramGenerator", "build_discriminator", "build_generator"]

Bands = Annotated[int, Field(ge=8, le=1024)]
Iterations = Annotated[int, Field(ge=0, le=1000)]


class SpectrogramGenerator(nn.Module):
    """z to a picture of a sound's loudness, to the sound; the wave is what D hears, in training as afterwards.

    Args:
        picture: of waves; `sound` finds the phases.
        net: z to pictures `(batch, channels, bands, frames)` in [-1, 1].

    Source: Donahue, McAuley & Puckette 2019 (SpecGAN), section 3.
    Departures: D sees the loudness of the wave and not G's picture, so that nothing changes behind its back when the
        phases are found; DCGAN with batch norms; mel bands.
    """

    def __init__(self, picture: MelPicture, net: DcganG) -> None:
        super().__init__()
        self.picture, self.net, self.latent = picture, net, net.latent

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, nz)` to waves `(batch, channels, samples)`."""
        return self.picture.sound(self.net(z, cond, draw)).clamp(-1, 1)


class SpectrogramDiscriminator(nn.Module):
    """A wave to the picture of its loudness, to a logit.

    Args:
        picture: of waves.
        net: looks at pictures.

    Source: Donahue, McAuley & Puckette 2019 (SpecGAN), section 3.
    """

    def __init__(self, picture: MelPicture, net: DcganD) -> None:
        super().__init__()
        self.picture, self.net = picture, net

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, samples)` to logits `(batch,)` and the activations of every block."""
        critique: Critique = self.net(self.picture(x), cond, draw)
        return critique


def build_generator(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    nz: Size = 64,
    width: Size = 32,
    norm: Norm = "batch",
    up: Literal["transpose", "nearest"] = "transpose",
    bands: Bands = 64,
    iterations: Iterations = 1,
    conditional: bool = False,
    conditioning: Conditioning = "concat",
) -> nn.Module:
    """G for waves of `spec.shape` = (channels, samples): z `(batch, nz)` to `(batch, *shape)`.

    Args:
        spec: what one wave is.
        nz: size of z.
        width: feature maps of the last hidden layer; each earlier one has twice as many.
        norm: `"batch"` or `"none"`.
        up: `"transpose"`, or `"nearest"` (nearest neighbours and a 3 × 3 convolution).
        bands: of the mel scale.
        iterations: of Griffin-Lim.
        conditional: take labels.
        conditioning: `concat` joins the label to z; `instance`, `film` and `batch` make it gain and bias of each stage.
    """
    picture = _picture(spec, bands, iterations)
    shape, classes = (spec.shape[0], *picture.shape), len(spec.classes) if conditional else 0
    return SpectrogramGenerator(picture, DcganG(shape, nz, width, norm, up, classes, conditioning))


def build_discriminator(
    spec: Spec,
    *,
    width: Size = 32,
    norm: Norm = "batch",
    bands: Bands = 64,
    minibatch_std: Group = 0,
    hidden: SizeOrNone = 0,
    conditional: bool = False,
) -> nn.Module:
    """D for waves of `spec.shape` = (channels, samples): `(batch, *shape)` to logits `(batch,)`.

    Args:
        spec: what one wave is.
        width: feature maps of the first layer.
        norm: `"batch"` or `"none"`.
        bands: of the mel scale.
        minibatch_std: samples per group whose spread the last layer sees; 0 = off.
        hidden: units of a layer between the last feature map and the logit; 0 = none.
        conditional: take labels.
    """
    picture = _picture(spec, bands, 0)
    shape, classes = (spec.shape[0], *picture.shape), len(spec.classes) if conditional else 0
    return SpectrogramDiscriminator(picture, DcganD(shape, width, norm, classes, minibatch_std, hidden))


def _picture(spec: Spec, bands: int, iterations: int) -> MelPicture:
    _, samples = wave_shape(spec)
    return MelPicture(samples, int(spec.meta["sample_rate_hz"]), bands=bands, iterations=iterations)
