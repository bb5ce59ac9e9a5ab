"""The ladder of WaveGAN: which strides lead from a short base to any number of samples."""

from dataclasses import dataclass

from multigan.core.counted import counted
from multigan.core.errors import RecipeError
from multigan.core.types import Spec

__all__ = ["SHORTEST", "Ladder", "plan_ladder", "wave_shape"]

SHORTEST = 64  # samples: below, one stage of stride 4 over 16 steps already overshoots
BASE = 16  # steps of the coarsest activations, as in the paper


@dataclass(frozen=True)
class Ladder:
    """Strides from coarse to fine.

    Attributes:
        base: steps of the coarsest activations.
        strides: upsampling factors, coarse to fine.
        samples: length of a wave; `base * prod(strides) - samples` is cropped from the end.
    """

    base: int
    strides: tuple[int, ...]
    samples: int

    def widths(self, width: int) -> list[int]:
        """Channels of the activations before each stage, coarse to fine: `width * 2^(n-1), ..., width`."""
        return [width * 2**power for power in reversed(range(len(self.strides)))]

    def lengths(self) -> list[int]:
        """Steps of the activations before each stage, and of the last stage's uncropped output."""
        steps = [self.base]
        for stride in self.strides:
            steps.append(steps[-1] * stride)
        return steps


def plan_ladder(samples: int) -> Ladder:
    """Fewest stages of stride 4, with a last stage of stride 2 where that fits, over a base of 16 to 31 steps.

    The paper's three ladders come out exactly: 16384 = 16·4⁵, 32768 = 16·4⁵·2, 65536 = 16·4⁶. Any other length is
    the ladder's length less a crop of under 1/16.

    Args:
        samples: length of a wave, at least 64.

    Returns:
        The ladder.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), tables 3-4; the authors' code for the longer slices.
    Departures: lengths that are not a power of two.

    Example:
        >>> plan_ladder(22050)
        Ladder(base=22, strides=(4, 4, 4, 4, 4), samples=22050)
    """
    if samples < SHORTEST:
        raise RecipeError(f"a wave of {counted(samples, 'sample')}", f"at least {SHORTEST}", "raise data.samples")
    strides, reach = [4], 4
    while BASE * reach * 4 <= samples:
        strides.append(4)
        reach *= 4
    if BASE * reach * 2 <= samples:
        strides.append(2)
        reach *= 2
    return Ladder(-(-samples // reach), tuple(strides), samples)


def wave_shape(spec: Spec) -> tuple[int, int]:
    """`(channels, samples)` of a spec whose shape is that of a wave.

    Raises:
        RecipeError: the data are no waves.
    """
    if len(spec.shape) != 2:
        raise RecipeError(
            f"a WaveGAN for {spec.modality} data of shape {spec.shape}",
            "waves of shape (channels, samples)",
            "choose a net of that modality, or modality = 'audio'",
        )
    return spec.shape[0], spec.shape[1]
