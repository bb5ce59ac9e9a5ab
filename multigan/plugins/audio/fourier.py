"""An autoencoder of sounds: log-mel spectra in, frames of spectra out, and the inverse Fourier transform to a wave."""

import math
from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.autoencoder import Autoencoder, Dropout, FlowLayers, Told
from multigan.nets.between import Prior, between
from multigan.nets.mlp import Layers
from multigan.nets.sizes import Size
from multigan.plugins.audio.convnext import frame_blocks
from multigan.plugins.audio.harmonics import Harmonics
from multigan.plugins.audio.hiss import Hiss
from multigan.plugins.audio.mel_picture import HOP_SECONDS, MOST_FRAMES, MelPicture
from multigan.plugins.audio.note_names import pitches_of
from multigan.plugins.audio.stages import wave_shape

__all__ = ["FourierHead", "build_generator"]

Hop = Annotated[float, Field(ge=1, le=100)]
Sines = Annotated[int, Field(ge=0, le=256)]
HissBy = Literal["bins", "bands"]

STAGES = 2
"""Times that frames are halved in the encoder and doubled in the decoder."""
NARROW = 16
"""Channels of the encoder's last frames."""
LOUDEST = 6.0
MOST_MS = 1000 * HOP_SECONDS * MOST_FRAMES
"""Of a sound in frames as long as they are asked for."""
TURN = 1.0
"""Radians of the noise's phases for each number of a code, typically: codes have a spread of about 1."""
OPEN = -3.0
"""An untrained head's level: softplus of it is the attenuation, in nepers."""
FIRST = {"bins": (-3.0, -5.0), "bands": (-5.0, -3.0)}
"""Log amplitudes that an untrained head gives, of its tones and of its noise: what only hisses begins with noise."""


class FourierHead(nn.Module):
    """Frames `(batch, width, frames)` to waves: of every bin an amplitude, a phase, and the amplitude of noise.

    `S = exp(a) exp(i p) + exp(m) e`, where e is noise: what hisses need not be drawn phase by phase. Waves are then
    windows laid over one another. The noise is one set of numbers, whose phases the code turns: one code is one
    sound, and two codes hiss differently, so that no line of the noise stands in all sounds alike. With a gate the
    wave is multiplied by a level, which each frame says as well: silence is not left to amplitudes that all vanish.

    With `hiss = "bands"` amplitudes of noise are those of mel bands, and what lies between is interpolated in decibels:
    real hiss is smooth, and a band has learnt its loudness long before every bin of it has. Of such a head `expected`
    says what the noise has on average, so that tones are worth no more than noise where a sound hisses: of one draw
    beside another a term sees twice the chance that there is, and beside a tone once. The mean of noise explains steady
    tones as well, which are lost to it: it is for sounds that only hiss.

    Args:
        picture: knows windows, hop and length.
        width: channels of a frame.
        channels: of the waves.
        inputs: numbers in a code.
        gate: the wave is multiplied by the frames' levels.
        carriers: phases are those beside a tone of each bin, whose frequency is drawn once within it. Phases that stand
            still are then tones between the bins and not a comb of lines at their centres.
        hiss: of what noise has amplitudes: `bins`, or mel `bands`.

    Source: Siuzdak 2024 (Vocos), section 3.1; noise by its own amplitudes: Caillon & Esling 2021 (RAVE), section 3.2,
        and of bands: Engel et al. 2020 (DDSP), section 3.3.
    Departures: amplitudes are bounded by e^6, and noise is filtered in the same transform.
    """

    noise_real: Tensor
    noise_imaginary: Tensor
    turns: Tensor
    carriers: Tensor | None

    def __init__(
        self,
        picture: MelPicture,
        width: int,
        channels: int,
        inputs: int,
        *,
        gate: bool = False,
        carriers: bool = False,
        hiss: HissBy = "bins",
    ) -> None:
        super().__init__()
        self.picture, self.channels, self.bins = picture, channels, len(picture.window) // 2 + 1
        self.hiss, noisy = hiss, self.bins if hiss == "bins" else picture.bands
        self.parts = (self.bins, self.bins, noisy)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, channels * sum(self.parts))
        nn.init.normal_(self.out.weight, 0.0, 0.02)
        with torch.no_grad():
            self.out.bias[: channels * self.bins], self.out.bias[-channels * noisy :] = FIRST[hiss]
        for name in ("real", "imaginary"):
            noise = Draw(0).normal(f"noise-{name}", (picture.frames, self.bins)) / 2**0.5
            self.register_buffer(f"noise_{name}", noise, persistent=False)
        self.level = nn.Linear(width, channels) if gate else None
        if self.level is not None:
            nn.init.normal_(self.level.weight, 0.0, 0.02)
            nn.init.constant_(self.level.bias, OPEN)
        self.register_buffer("carriers", _carriers(picture.frames, self.bins) if carriers else None, persistent=False)
        turns = TURN * Draw(0).normal("turns", (inputs, picture.frames * self.bins))
        self.register_buffer("turns", turns, persistent=False)

    def forward(self, hidden: Tensor, code: Tensor) -> Tensor:
        """`(batch, width, frames)` and codes `(batch, inputs)` to `(batch, channels, samples)`."""
        tones, noise, gate = self._parts(hidden)
        return self._wave(tones + noise * self._turned(code), gate)

    def expected(self, hidden: Tensor) -> tuple[Tensor, Hiss]:
        """Waves of the tones alone, `(batch, channels, samples)`, and what noise there is beside them."""
        tones, noise, gate = self._parts(hidden)
        hop = self.picture.hop
        if gate is not None:
            noise = noise * gate[..., ::hop, None]
        return self._wave(tones, gate), Hiss(noise.square().flatten(0, 1), hop, self.picture.samples)

    def _parts(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Spectra of tones and sizes of noise, each `(batch, channels, frames, bins)`, and the gate of the waves."""
        frames = self.norm(hidden.transpose(1, 2))
        size, phase, noise = self._said(frames)
        if self.carriers is not None:
            phase = phase + self.carriers
        tones = torch.complex(size * torch.cos(phase), size * torch.sin(phase))
        gate = None if self.level is None else self._gate(self.level(frames).float())[..., : self.picture.samples]
        return tones, noise, gate

    def _wave(self, spectra: Tensor, gate: Tensor | None) -> Tensor:
        sounds: Tensor = self.picture.wave(spectra.flatten(0, 1)).unflatten(0, (-1, self.channels))
        return sounds if gate is None else sounds * gate

    def _said(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Frames `(batch, frames, width)` to sizes, phases, sizes of noise, each `(batch, channels, frames, bins)`."""
        said = self.out(frames).float().split([self.channels * part for part in self.parts], 2)
        loud, phase, hiss = (part.unflatten(2, (self.channels, -1)).transpose(1, 2) for part in said)
        if self.hiss == "bands":
            hiss = hiss @ self.picture.wide
        return loud.clamp_max(LOUDEST).exp(), phase, hiss.clamp_max(LOUDEST).exp()

    def _gate(self, said: Tensor) -> Tensor:
        """What samples are multiplied by, `(batch, channels, frames * hop)`: frames' levels, in dB along a line."""
        level = -nn.functional.softplus(said).transpose(1, 2)  # (B, C, T)
        hop = self.picture.hop
        along = nn.functional.pad(level, (0, 1), mode="replicate")
        ways = torch.arange(hop, device=level.device) / hop
        line = along[..., :-1, None] + (along[..., 1:, None] - along[..., :-1, None]) * ways
        gate: Tensor = line.flatten(2).exp()
        return gate

    def _turned(self, code: Tensor) -> Tensor:
        """The noise for codes, `(batch, 1, frames, bins)`; no gradient in codes."""
        angles = (code.detach().float() @ self.turns).view(-1, 1, *self.noise_real.shape)  # any batch in a trace
        cos, sin = angles.cos(), angles.sin()
        real = self.noise_real * cos - self.noise_imaginary * sin
        return torch.complex(real, self.noise_real * sin + self.noise_imaginary * cos)


def _carriers(frames: int, bins: int) -> Tensor:
    """Phases `(frames, bins)` of tones, one a bin: a quarter turn a frame for each bin, and up to an eighth off it."""
    draw, number = Draw(0), torch.arange(bins, dtype=torch.float64)
    ahead = math.pi / 2 * (number % 4 + draw.uniform("carriers/ahead", (bins,)).double() - 0.5)
    first = 2 * math.pi * draw.uniform("carriers/first", (bins,)).double()
    return ((first + torch.arange(frames)[:, None] * ahead) % (2 * math.pi)).float()


class _Encoder(nn.Module):
    """Waves to mean and log deviation of codes `(batch, 2 nz)`."""

    def __init__(self, picture: MelPicture, channels: int, width: int, nz: int) -> None:
        super().__init__()
        self.picture = picture
        layers: list[nn.Module] = [nn.Conv1d(channels * picture.bands, width, 5, padding=2)]
        frames = picture.frames
        for _ in range(STAGES):
            layers += [*frame_blocks(width, 1), nn.Conv1d(width, width, 4, 2, 2)]
            frames = frames // 2 + 1
        # Few channels a frame: with all of them a step of Adam would throw codes far about.
        layers += [*frame_blocks(width, 1), nn.Conv1d(width, NARROW, 1), nn.GELU(), nn.Flatten()]
        self.net, self.out = nn.Sequential(*layers), nn.Linear(NARROW * frames, 2 * nz)

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        out: Tensor = self.out(self.net(self.picture(x).flatten(1, 2)))
        return out


class _Decoder(nn.Module):
    """Codes `(batch, inputs)` to waves."""

    def __init__(self, picture: MelPicture, channels: int, width: int, inputs: int, blocks: int, **head: Any) -> None:
        super().__init__()
        self.frames = picture.frames
        start = -(-picture.frames // 2**STAGES)
        self.first = nn.Sequential(nn.Linear(inputs, width * start), nn.Unflatten(1, (width, start)))
        layers = [*frame_blocks(width, blocks)]
        for _ in range(STAGES):
            layers += [nn.ConvTranspose1d(width, width, 4, 2, 1), *frame_blocks(width, blocks)]
        self.body = nn.Sequential(*layers)
        self.head = FourierHead(picture, width, channels, inputs, **head)

    def hidden(self, code: Tensor) -> Tensor:
        """Frames `(batch, width, frames)`."""
        frames: Tensor = self.body(self.first(code))[..., : self.frames]
        return frames

    def forward(self, code: Tensor) -> Tensor:
        waves: Tensor = self.head(self.hidden(code), code)
        return waves


class _Sounding(Told):
    """A decoder that is told classes, and says how loud its noise is where it is asked."""

    net: _Decoder

    def expected(self, code: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Hiss]:
        """Waves of codes `(batch, nz)` without noise, and how loud it is."""
        return self.net.head.expected(self.net.hidden(self.joined(code, cond)))


class _Tuned(_Sounding):
    """A decoder of notes: what it says in frames of spectra, and tones at the pitch of the class.

    Args:
        net: the decoder.
        tones: makes them of its frames.
        nz: size of a code.
        classes: number of classes.
    """

    def __init__(self, net: _Decoder, tones: Harmonics, nz: int, classes: int) -> None:
        super().__init__(net, nz, classes)
        self.tones = tones

    def forward(self, code: Tensor, cond: Tensor | None = None) -> Tensor:
        joined = self.joined(code, cond)
        hidden = self.net.hidden(joined)
        waves: Tensor = self.net.head(hidden, joined) + self.tones(hidden, cond)
        return waves

    def expected(self, code: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Hiss]:
        """The same with the tones."""
        hidden = self.net.hidden(self.joined(code, cond))
        waves, hiss = self.net.head.expected(hidden)
        return waves + self.tones(hidden, cond), hiss


class HissingAutoencoder(Autoencoder):
    """An autoencoder of sounds that says how loud its noise is: see `multigan.core.generators.Expecting`."""

    decoder: _Sounding

    def decode_expected(self, code: Tensor, cond: Tensor | None = None) -> tuple[Tensor, Hiss]:
        """Codes `(batch, nz)` to waves without noise, and how loud it is."""
        return self.decoder.expected(code, cond)


def build_generator(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    nz: Size = 64,
    width: Size = 128,
    blocks: Layers = 2,
    bands: Size = 64,
    hop_ms: Hop = 16.0,
    gate: bool = False,
    carriers: bool = False,
    hiss: HissBy = "bins",
    prior: Prior = "couplings",
    flow: FlowLayers = 4,
    flow_width: Size = 64,
    flow_dropout: Dropout = 0.0,
    harmonics: Sines = 0,
    conditional: bool = False,
) -> nn.Module:
    """An autoencoder for waves of `spec.shape` = (channels, samples).

    Args:
        spec: what one wave is.
        nz: size of z and of a code.
        width: channels of a frame within the nets.
        blocks: of the decoder, at each of its three rates of frames.
        bands: of the mel scale, which the encoder looks at.
        hop_ms: milliseconds from one frame to the next, about: short ones for sounds that begin and end at once.
        gate: frames also say a level by which the wave is multiplied: for sounds that end in silence.
        carriers: phases are told beside tones within the bins: hiss that is drawn by tones has no comb of lines.
        hiss: of what noise has a loudness: of all `bins`, or of mel `bands`, and then terms that can do so look at its
            average in place of a draw.
        prior: the map between z and codes: `couplings`, or `transport` by velocities.
        flow: layers of it; 0 = codes are z.
        flow_width: hidden units of each.
        flow_dropout: share of these that are dropped while it learns.
        harmonics: sines at multiples of the pitch by which a class is named; 0 = none.
        conditional: take labels.

    Raises:
        RecipeError: harmonics of classes that are not named by pitch, or without classes.
    """
    channels, samples = wave_shape(spec)
    classes = len(spec.classes) if conditional else 0
    rate = int(spec.meta["sample_rate_hz"])
    picture = MelPicture(
        samples, rate, bands=bands, iterations=0, hop_seconds=hop_ms / 1000, most_frames=MOST_MS / hop_ms
    )
    encoder = _Encoder(picture, channels, width, nz)
    head = {"gate": gate, "carriers": carriers, "hiss": hiss}
    decoder = _Decoder(picture, channels, width, nz * (2 if classes else 1), blocks, **head)
    kind = HissingAutoencoder if hiss == "bands" else Autoencoder
    way = between(prior, nz, flow, flow_width, classes, flow_dropout)
    if not harmonics:
        return kind(encoder, _Sounding(decoder, nz, classes), way, nz)
    if not conditional:
        given, fix = f"G.harmonics = {harmonics} without classes", "type --set game.conditional=true"
        raise RecipeError(given, "a run that is told the pitch", fix, key=("harmonics",))
    tones = Harmonics(pitches_of(spec.classes), harmonics, width, channels, picture.hop, samples, rate)
    return kind(encoder, _Tuned(decoder, tones, nz, classes), way, nz)
