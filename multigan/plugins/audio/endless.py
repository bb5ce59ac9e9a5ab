"""Sounds of any length: an autoencoder whose codes stand in a row, and rows that are drawn as long as one likes."""

import math
from collections.abc import Iterator
from typing import Annotated, TypeAlias

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, UnsupportedError
from multigan.core.types import Spec
from multigan.nets.autoencoder import Autoencoder
from multigan.nets.mlp import Layers
from multigan.nets.sizes import Size
from multigan.plugins.audio.convnext import frame_blocks
from multigan.plugins.audio.fourier import STAGES, FourierHead
from multigan.plugins.audio.mel_picture import MelPicture
from multigan.plugins.audio.pulse import FASTEST, SLOWEST, TEMPI, beats, pulse_of
from multigan.plugins.audio.rows import RowTransport
from multigan.plugins.audio.stages import wave_shape

__all__ = ["Endless", "build_endless"]

STEP = 2**STAGES
"""Frames of spectra to a code."""
REACH = 8
"""Codes on either side that a sample is made of: 3 of the block at their rate, less for faster ones, and a window."""
REMEMBERED = 0.02
"""Weight of a batch among the tempi that are remembered."""
Channels = Annotated[int, Field(ge=1, le=256)]
Tempo: TypeAlias = Annotated[float, Field(ge=SLOWEST, le=FASTEST)]


class RowHead(FourierHead):
    """A Fourier head for any number of frames, whose noise is turned by the code of its own frame.

    Args:
        picture: knows window and hop.
        width: channels of a frame.
        channels: of the waves.
        inputs: channels of a code.
        gate: waves are multiplied by levels, which frames say as well.
    """

    def __init__(self, picture: MelPicture, width: int, channels: int, inputs: int, *, gate: bool = False) -> None:
        super().__init__(picture, width, channels, inputs, gate=gate)
        self.register_buffer("turns", Draw(0).normal("turns", (inputs, self.bins)), persistent=False)

    def waves(self, hidden: Tensor, codes: Tensor, first: int) -> Tensor:
        """`(batch, width, frames)` and codes `(batch, inputs, frames)`, of which `first` came before: to waves."""
        said = self.norm(hidden.transpose(1, 2))
        size, phase, hiss = self._said(said)
        places = (first + torch.arange(hidden.shape[2], device=hidden.device)) % len(self.noise_real)
        angles = (codes.detach().float().transpose(1, 2) @ self.turns)[:, None]  # (B, 1, T, bins)
        noise = torch.polar(torch.ones_like(angles), angles) * torch.complex(
            self.noise_real[places], self.noise_imaginary[places]
        )
        spectra = torch.polar(size, phase) + hiss * noise
        waves: Tensor = self.picture.any_wave(spectra.flatten(0, 1))
        sounds: Tensor = waves.unflatten(0, (-1, self.channels))
        return sounds if self.level is None else sounds * self._gate(self.level(said).float())


class _Encoder(nn.Module):
    """Waves to mean and log deviation of their codes, channel after channel: `(batch, 2 * inputs * codes)`."""

    def __init__(self, picture: MelPicture, channels: int, width: int, inputs: int) -> None:
        super().__init__()
        self.picture = picture
        layers: list[nn.Module] = [nn.Conv1d(channels * picture.bands, width, 5, padding=2)]
        for _ in range(STAGES):
            layers += [*frame_blocks(width, 1), nn.Conv1d(width, width, 4, 2, 1)]
        self.net = nn.Sequential(*layers, *frame_blocks(width, 1), nn.Conv1d(width, 2 * inputs, 1))

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        out: Tensor = self.net(self.picture(x).flatten(1, 2)).flatten(1)
        return out


class _Decoder(nn.Module):
    """Rows of codes of any length to waves; one block at each rate of frames, so that a sample sees few codes."""

    def __init__(
        self, picture: MelPicture, channels: int, width: int, inputs: int, classes: int, *, gate: bool
    ) -> None:
        super().__init__()
        self.inputs, self.codes = inputs, picture.frames // STEP
        self.first = nn.Conv1d(inputs, width, 1)
        self.told = nn.Embedding(classes, width) if classes else None
        layers = [*frame_blocks(width, 1)]
        for _ in range(STAGES):
            layers += [nn.ConvTranspose1d(width, width, 4, 2, 1), *frame_blocks(width, 1)]
        self.body = nn.Sequential(*layers)
        self.head = RowHead(picture, width, channels, inputs, gate=gate)

    def forward(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        return self.row(code.unflatten(1, (self.inputs, self.codes)), cond)

    def row(self, codes: Tensor, cond: Tensor | None, first: int = 0) -> Tensor:
        """Codes `(batch, inputs, n)`, of which `first` came before: waves `(batch, channels, n * STEP * hop)`."""
        hidden = self.first(codes)
        if self.told is not None:
            hidden = hidden + self.told(cond)[..., None]
        frames = codes.repeat_interleave(STEP, 2)
        return self.head.waves(self.body(hidden), frames, first * STEP)


class Endless(Autoencoder):
    """See `multigan.core.generators.Lasting`.

    Args:
        encoder: waves to codes.
        decoder: rows of codes to waves.
        rows: z to codes, and how a row goes on. Where it takes beats, those of windows are told while it learns, and
            the beats of a piece are laid before anything is drawn.

    Attributes:
        tempi: how often tempi were heard while it learnt, `(TEMPI,)` from the slowest to the fastest.

    Source: Pasini & Schluter 2022 (Musika), section 3: an autoencoder, codes of a row that are drawn window by window,
        and one decoder for the whole row. Fourier head: Siuzdak 2024 (Vocos), section 3.1.
    Departures: one autoencoder in place of two; the row is decoded in pieces that overlap by all that a sample sees.
    """

    decoder: _Decoder
    flow: RowTransport
    tempi: Tensor

    def __init__(self, encoder: nn.Module, decoder: _Decoder, rows: RowTransport, rate: int) -> None:
        super().__init__(encoder, decoder, rows, decoder.inputs * decoder.codes)
        self.hop_seconds = decoder.head.picture.hop / rate
        if rows.pulse:
            self.register_buffer("tempi", torch.full((TEMPI,), 1 / TEMPI))

    def lesson_of(self, x: Tensor, code: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """What the rows descend, whose beats are those that are heard in x `(batch, channels, samples)`: `(batch,)`."""
        if not self.flow.pulse:
            return self.flow.lesson(code, cond, draw)
        with torch.no_grad():
            tempo, phase = pulse_of(self.decoder.head.picture(x), self.hop_seconds)
            if self.training:
                places = ((tempo - SLOWEST) * ((TEMPI - 1) / (FASTEST - SLOWEST))).round().long()
                heard = torch.bincount(places, minlength=TEMPI).to(self.tempi) / len(x)
                self.tempi.lerp_(heard, REMEMBERED)
            beat = beats(tempo, phase, self.flow.frames, STEP * self.hop_seconds)
        return self.flow.lesson(code, cond, draw, beat)

    def lasting(self, draw: Draw, cond: Tensor | None = None, *, tempo: Tempo | None = None) -> Iterator[Tensor]:
        """Waves `(1, channels, samples)` that follow each other without end; what is held does not grow.

        Codes are drawn half a window at a time and decoded with `REACH` codes around them, which is all that a sample
        is made of: together the pieces are what decoding the whole row at once would give.

        Args:
            draw: of noise.
            cond: labels `(1,)`.
            tempo: beats a minute, from the first sample on; None = one like those that were heard while it learnt.

        Raises:
            UnsupportedError: there is a tempo, and the net knows no beats.
        """
        if tempo is not None and not self.flow.pulse:
            given, fix = f"--tempo {tempo:g} of a generator that knows no beats", "train it with --set G.pulse=true"
            raise UnsupportedError(given, "one that does", fix)
        return self._pieces(draw, cond, self._tempo(draw, tempo) if self.flow.pulse else None)

    def _tempo(self, draw: Draw, asked: float | None) -> Tensor:
        """Beats a minute of a piece, `(1,)`."""
        if asked is not None:
            return self.tempi.new_full((1,), asked)
        share = draw.uniform("tempo", (1,)).to(self.tempi) * self.tempi.sum()
        place = torch.searchsorted(self.tempi.cumsum(0), share).clamp_max(TEMPI - 1)
        return SLOWEST + place * ((FASTEST - SLOWEST) / (TEMPI - 1))

    def _beat(self, tempo: Tensor | None, first: int) -> Tensor | None:
        """Beats of a window before which there were so many codes."""
        if tempo is None:
            return None
        return beats(tempo, torch.zeros_like(tempo), self.flow.frames, STEP * self.hop_seconds, first)

    def _pieces(self, draw: Draw, cond: Tensor | None, tempo: Tensor | None) -> Iterator[Tensor]:
        half = self.flow.frames // 2
        z = draw.normal("z", (1, *self.latent.shape))
        codes = self.flow.begin(z, cond, self._beat(tempo, 0)).unflatten(1, (-1, 2 * half))
        began, made, piece = 0, 0, 0  # the first code that is held; codes whose waves are out; pieces so far
        per = STEP * self.decoder.head.picture.hop
        while True:
            piece += 1
            z = draw.normal(f"z/{piece}", (1, self.flow.channels, half))
            codes = torch.cat([codes, self.flow.go_on(codes[..., -half:], z, cond, self._beat(tempo, piece * half))], 2)
            ready = began + codes.shape[2] - REACH
            wave = self.decoder.row(codes, cond, began)
            yield wave[..., (made - began) * per : (ready - began) * per]
            made = ready
            spare = max(0, min(made - REACH, began + codes.shape[2] - half) - began)
            codes, began = codes[..., spare:], began + spare


def build_endless(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    code: Channels = 16,
    width: Size = 128,
    bands: Size = 64,
    layers: Layers = 6,
    rows_width: Size = 128,
    gate: bool = False,
    pulse: bool = False,
    conditional: bool = False,
) -> Endless:
    """An autoencoder for waves of `spec.shape` = (channels, samples), and for any length.

    Args:
        spec: what one wave is: a window, half of which is drawn after the half before.
        code: numbers in a code; there is one about every 64 ms.
        width: channels of a frame within encoder and decoder.
        bands: of the mel scale, which the encoder looks at.
        layers: blocks of the map that draws codes.
        rows_width: their channels.
        gate: frames say a level by which waves are multiplied: silence is not left to amplitudes that all vanish.
        pulse: rows know beats: sounds have a tempo that holds, and may be asked for.
        conditional: take labels.

    Raises:
        RecipeError: the window has too few samples, or no whole number of codes.
    """
    channels, samples = wave_shape(spec)
    rate = int(spec.meta["sample_rate_hz"])
    classes = len(spec.classes) if conditional else 0
    picture = MelPicture(samples, rate, bands=bands, iterations=0, most_frames=math.inf)
    codes, rest = divmod(samples, STEP * picture.hop)
    if rest or codes % 2 or codes < 2 * REACH:
        unit = 2 * STEP * picture.hop
        least = max(1, round(samples / unit), -(-2 * REACH // 2)) * unit
        given = f"windows of {samples:,} samples"
        expected = f"a multiple of {unit:,}, {REACH * unit:,} or more"
        raise RecipeError(given, expected, f"type --set data.samples={least}", key=["net"])
    encoder = _Encoder(picture, channels, width, code)
    decoder = _Decoder(picture, channels, width, code, classes, gate=gate)
    return Endless(encoder, decoder, RowTransport(code, codes, layers, rows_width, classes, pulse=pulse), rate)
