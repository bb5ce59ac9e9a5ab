"""What is in the way of a sound: noise of many kinds, made or recorded, at a ratio that is drawn."""

from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Modality, Spec
from multigan.plugins.audio.noises import NOISES, babble
from multigan.plugins.audio.recorded import Recorded, refuse_place

__all__ = ["Background", "build_background"]

Kind = Literal["white", "pink", "brown", "hum", "clicks", "babble", "shaped"]
Decibels = Annotated[float, Field(ge=-60, le=100)]
KINDS: tuple[Kind, ...] = ("white", "pink", "brown", "hum", "clicks", "babble")
FAINTEST = 1e-4
"""Power that a slice is taken to have at least: in a pause, noise is as loud as beside a voice of -40 dB."""
PIECES = 64


class Background:
    """Noise at a drawn ratio to the sound: every row gets one kind.

    The ratio is of mean powers, the sound's over the pieces of it that are no pause (within 30 dB of the loudest).

    Args:
        kinds: of noise.
        snr_db: least and most of the ratio.
        recorded: noises of a person's own: half of the rows, where there are kinds as well, else all.
        sample_rate_hz: of the sounds.
    """

    draws = True

    def __init__(
        self, kinds: Sequence[str], snr_db: tuple[float, float], recorded: Recorded | None, sample_rate_hz: int
    ) -> None:
        self.kinds, self.snr_db, self.recorded = tuple(kinds), snr_db, recorded
        self.sample_rate_hz = sample_rate_hz

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """Sounds `(batch, channels, samples)`, with noise: the same in all channels."""
        noise = self._noise(x, draw).to(x)
        least, most = self.snr_db
        snr_db = (least + (most - least) * draw.uniform("snr", (len(x),))).to(x)
        wanted = loudness(x) / 10 ** (snr_db / 10)
        has = noise.square().mean(-1).clamp_min(1e-20)
        return x + (noise * (wanted / has).sqrt()[:, None])[:, None]

    def _noise(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, samples)`, each row of its kind."""
        batch, samples = len(x), x.shape[-1]
        kind = draw.integers("kind", 0, max(1, len(self.kinds)), (batch,))
        if self.recorded is not None:
            own = draw.uniform("own", (batch,)) < (0.5 if self.kinds else 1.0)
            kind = torch.where(own, -1, kind)
        noise = torch.zeros(batch, samples)
        for number in kind.unique().tolist():
            rows = kind == number
            name = self.kinds[number] if number >= 0 else ""
            noise[rows] = self._of(name, x, draw.child(name or "recorded"))[rows]
        return noise

    def _of(self, name: str, x: Tensor, draw: Draw) -> Tensor:
        if name == "babble":
            return babble(x.mean(1), draw)
        if name:
            return NOISES[name](draw, len(x), x.shape[-1], self.sample_rate_hz)
        if self.recorded is None:
            raise ValueError("no recorded noises")
        return self.recorded(draw, len(x), x.shape[-1])


def loudness(x: Tensor) -> Tensor:
    """Mean power `(batch,)` of sounds `(batch, channels, samples)` over the pieces that are no pause."""
    power = x.square().mean(1)
    size = max(1, x.shape[-1] // PIECES)
    pieces = power[:, : power.shape[-1] // size * size].unflatten(-1, (-1, size)).mean(-1)
    counts = pieces > pieces.amax(-1, keepdim=True) / 1000
    mean = (pieces * counts).sum(-1) / counts.sum(-1).clamp_min(1)
    made: Tensor = mean.clamp_min(FAINTEST)
    return made


def build_background(
    modality: Modality,
    spec: Spec,
    *,
    kinds: tuple[Kind, ...] = KINDS,
    snr_db: tuple[Decibels, Decibels] = (-5.0, 15.0),
    source: str = "",
) -> Background:
    """Noise in sounds.

    Args:
        modality: of the sounds.
        spec: of a sound.
        kinds: of noise that is made.
        snr_db: least and most of the ratio to the sound, in dB.
        source: a folder of noises; half of the sounds get one of these, all where no kinds are named.

    Raises:
        RecipeError: there is nothing to draw from, the ratio's ends are the wrong way round, or these are no sounds.
    """
    rate = sound_rate(spec, "background")
    if snr_db[0] > snr_db[1]:
        given = f"background with snr_db = [{snr_db[0]:g}, {snr_db[1]:g}]"
        raise RecipeError(given, "the lower end first", "swap them", key=["snr_db"])
    if not kinds and not source:
        fix = f"write one of {', '.join(KINDS)}, or source = 'my-noises/'"
        raise RecipeError("background of no kinds", "noises", fix, key=["kinds"])
    if source and not rate:
        refuse_place(source)
    return Background(kinds, snr_db, Recorded(source, rate) if source else None, rate)


def sound_rate(spec: Spec, name: str) -> int:
    """The rate of sounds in Hz; 0 while a recipe is checked, before data is read.

    Raises:
        RecipeError: these are no sounds.
    """
    if spec.modality != "audio" and "sample_rate_hz" not in spec.meta:
        raise RecipeError(f"the degradation '{name}' on {spec.modality}", "sounds", "remove it", key=["name"])
    return int(spec.meta.get("sample_rate_hz", 0))
