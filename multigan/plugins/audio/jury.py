"""Critics of several kinds as one discriminator, as vocoders are trained with."""

from torch import nn

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.sizes import SizeOrNone
from multigan.plugins.audio.critics import Panel, classes_of
from multigan.plugins.audio.periods import PERIODS, PeriodCritic
from multigan.plugins.audio.resolutions import SpectrumCritic, windows_of
from multigan.plugins.audio.scales import ScaleCritic
from multigan.plugins.audio.stages import wave_shape

__all__ = ["SCALES", "build_jury"]

SCALES = 3


def build_jury(
    spec: Spec,
    *,
    periods: SizeOrNone = 32,
    scales: SizeOrNone = 128,
    spectra: SizeOrNone = 0,
    conditional: bool = False,
) -> nn.Module:
    """D of HiFi-GAN: multi-period and multi-scale critics, and those of spectra where they are asked for.

    70,724,591 parameters with one channel and the widths of the paper.

    Args:
        spec: what one wave is.
        periods: width of the multi-period critics; 0 = none of them.
        scales: width of the multi-scale critics; 0 = none of them.
        spectra: width of the critics of complex spectra; 0 = none of them.
        conditional: take labels.

    Raises:
        RecipeError: no critic is left.

    Source: Kong et al. 2020 (HiFi-GAN), section 2.3; Jang et al. 2021 (UnivNet), section 2.2.
    """
    channels, _ = wave_shape(spec)
    critics: list[nn.Module] = []
    if periods:
        critics += [PeriodCritic(channels, period, periods) for period in PERIODS]
    if scales:
        critics += [ScaleCritic(channels, scales, k, k == 0) for k in range(SCALES)]
    if spectra:
        windows = windows_of(int(spec.meta["sample_rate_hz"]))
        critics += [SpectrumCritic(channels, window, spectra, "complex") for window in windows]
    if not critics:
        given = "a jury with periods = 0, scales = 0 and spectra = 0"
        raise RecipeError(given, "critics of one kind at least", "set D.periods = 4", key=["periods"])
    return Panel(critics, classes_of(spec, conditional))
