"""The multi-period discriminator: sounds folded at several periods, so that each critic hears every p-th sample."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from multigan.core.types import Spec
from multigan.nets.sizes import Size
from multigan.plugins.audio.critics import Panel, classes_of, features_and_logits
from multigan.plugins.audio.stages import wave_shape

__all__ = ["PERIODS", "PeriodCritic", "build_periods"]

PERIODS = (2, 3, 5, 7, 11)
KERNEL, STRIDE = 5, 3
Period = Annotated[int, Field(ge=1, le=64)]


class PeriodCritic(nn.Module):
    """Sounds as pictures of `period` columns, looked at along each column.

    Args:
        channels: of a wave.
        period: samples of a row.
        width: channels of the first layer; the last two have 32 times as many.

    Source: Kong et al. 2020 (HiFi-GAN), section 2.3 and appendix B, table 6, with the strides of the authors' code.
    """

    def __init__(self, channels: int, period: int, width: int) -> None:
        super().__init__()
        self.period, self.width = period, 32 * width
        maps = [channels, width, 4 * width, 16 * width, 32 * width, 32 * width]
        strides = [STRIDE] * 4 + [1]
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv2d(a, b, (KERNEL, 1), (stride, 1), (KERNEL // 2, 0)))
            for (a, b), stride in zip(pairwise(maps), strides, strict=True)
        )
        self.out = weight_norm(nn.Conv2d(maps[-1], 1, (3, 1), 1, (1, 0)))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Waves `(batch, channels, samples)` to logits `(batch, rows, period)` and the features of every layer."""
        missing = -x.shape[-1] % self.period
        if missing:  # the end is mirrored up to a whole row
            x = nn.functional.pad(x, (0, missing), "reflect")
        return features_and_logits(self.layers, self.out, x.unflatten(2, (-1, self.period)))


def build_periods(
    spec: Spec,
    *,
    width: Size = 32,
    periods: Annotated[tuple[Period, ...], Field(min_length=1, max_length=16)] = PERIODS,
    conditional: bool = False,
) -> nn.Module:
    """HiFi-GAN's multi-period discriminator for waves of `spec.shape` = (channels, samples), 64 samples or more.

    41,105,770 parameters with one channel, width 32 and the paper's periods.

    Args:
        spec: what one wave is.
        width: channels of the first layer: 32 in the paper, 4 learns on a laptop.
        periods: in samples, those of the paper prime so that they overlap least.
        conditional: take labels.

    Source: Kong et al. 2020 (HiFi-GAN), section 2.3.
    """
    channels, _ = wave_shape(spec)
    return Panel([PeriodCritic(channels, period, width) for period in periods], classes_of(spec, conditional))
