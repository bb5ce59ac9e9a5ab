"""An autoencoder of pictures from the two halves of DCGAN."""

from typing import Literal

from torch import Tensor, nn

from multigan.core.types import Spec
from multigan.nets.autoencoder import Autoencoder, Dropout, FlowLayers, Told
from multigan.nets.between import Prior, between
from multigan.nets.dcgan import DcganD, DcganG, Norm
from multigan.nets.enlarged import Times, times_of
from multigan.nets.sizes import Size

__all__ = ["build_autoencoder"]


class _Encoder(nn.Module):
    """The convolutions of D, and in place of its logit mean and log deviation of codes `(batch, 2 nz)`.

    Source: Larsen et al. 2016, section 3 and appendix: an encoder of D's layers before a decoder of G's.
    """

    def __init__(self, shape: tuple[int, ...], width: int, norm: Norm, nz: int) -> None:
        super().__init__()
        body = DcganD(shape, width, norm)
        last = body.out.weight if isinstance(body.out, nn.Conv2d) else next(body.out.parameters())
        self.blocks, self.pad, self.out = body.blocks, body.pad, nn.Linear(last[0].numel(), 2 * nz)

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        if any(self.pad):
            x = nn.functional.pad(x, self.pad, mode="replicate")
        for block in self.blocks:
            x = block(x)
        out: Tensor = self.out(x.flatten(1))
        return out


def build_autoencoder(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    nz: Size = 64,
    width: Size = 32,
    norm: Norm = "batch",
    up: Literal["transpose", "nearest"] = "transpose",
    enlarged: Times = 1,
    prior: Prior = "couplings",
    flow: FlowLayers = 4,
    flow_width: Size = 64,
    flow_dropout: Dropout = 0.0,
    conditional: bool = False,
) -> Autoencoder:
    """For pictures of `spec.shape` = (channels, height, width).

    Args:
        spec: what one picture is.
        nz: size of z and of a code.
        width: feature maps of the finest layers; each coarser one has twice as many.
        norm: `"batch"` or `"none"`.
        up: `"transpose"`, or `"nearest"` (nearest neighbours and a 3 × 3 convolution).
        enlarged: how often smaller reals were before they were enlarged; `"auto"` is what the data says of itself.
        prior: the map between z and codes: `couplings`, or `transport` by velocities.
        flow: layers of it; 0 = codes are z.
        flow_width: hidden units of each.
        flow_dropout: share of these that are dropped while it learns.
        conditional: take labels.
    """
    classes = len(spec.classes) if conditional else 0
    times = times_of(spec.meta, enlarged)
    decoder = DcganG(spec.shape, nz * (2 if classes else 1), width, norm, up, enlarged=times)
    encoder = _Encoder(spec.shape, width, norm, nz)
    way = between(prior, nz, flow, flow_width, classes, flow_dropout)
    return Autoencoder(encoder, Told(decoder, nz, classes), way, nz)
