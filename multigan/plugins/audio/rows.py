"""Codes in a row, drawn window by window: the map between noise and a window's codes, and how a row goes on."""

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.nets.transport import WAVES, Velocities, carried, waves_of
from multigan.plugins.audio.convnext import frame_blocks
from multigan.plugins.audio.pulse import SIDES

__all__ = ["RowTransport"]

TOLD = 0.85
"""Share of windows whose beats are told while it learns, where the field takes them."""
ROUNDS = 4
"""Places along the way for each window of a batch: half of them draw it whole, half its second half after its first."""


class RowTransport(Velocities):
    """Windows of codes `(batch, channels * frames)`, channel after channel, by velocities of convolutions over frames.

    Beside whole windows it draws the second half of one whose first half is given, by the same field: where codes are
    known they stand in the place of noise, and a channel says so. A row of any length is drawn half a window at a time.
    With `pulse` it can be told where each code stands between two beats, `(batch, SIDES, frames)`, or nothing of it.

    Args:
        channels: of a code.
        frames: codes of a window; even.
        layers: blocks of the field, each of which looks 3 frames to both sides.
        width: channels of the blocks.
        classes: number of classes, 0 = unconditional.
        pulse: take beats.

    Source: Pasini & Schluter 2022 (Musika), section 3: long music from codes that are drawn window by window and
        decoded at once. Lipman et al. 2023 (Flow Matching), Eq. 22 and 23, for how they are drawn.
    Departures: a window is drawn after its predecessor's second half, in place of between two noise vectors; by
        velocities in place of an adversary.
    """

    def __init__(
        self, channels: int, frames: int, layers: int, width: int, classes: int = 0, *, pulse: bool = False
    ) -> None:
        super().__init__()
        self.channels, self.frames, self.pulse = channels, frames, pulse
        self.told = nn.Embedding(classes, width) if classes else None
        self.take_in = nn.Conv1d(channels + 1 + (SIDES + 1) * pulse, width, 5, padding=2)
        self.timed = nn.Linear(2 * WAVES + 1, width)
        self.place = nn.Parameter(torch.zeros(width, frames))
        self.body = frame_blocks(width, layers)
        self.out = nn.Conv1d(width, channels, 1)
        nn.init.zeros_(self.out.weight)
        if self.out.bias is not None:
            nn.init.zeros_(self.out.bias)

    def velocity(self, x: Tensor, t: Tensor, cond: Tensor | None, known: int = 0, beat: Tensor | None = None) -> Tensor:
        """Of places x `(batch, channels * frames)` at times t `(batch, 1)`; their first `known` frames are codes.

        Rows of `beat` that are all 0 are of windows whose beats are not told, as all are without it.
        """
        frames = x.unflatten(1, (self.channels, self.frames))
        flag = torch.zeros_like(frames[:, :1])
        flag[..., :known] = 1
        seen = [frames, flag]
        if self.pulse:
            beat = frames.new_zeros(len(frames), SIDES, self.frames) if beat is None else beat.to(frames)
            seen += [beat, beat.square().sum(1, keepdim=True) * (2 / SIDES)]  # 1 where beats are told
        hidden = self.take_in(torch.cat(seen, 1)) + self.timed(waves_of(t))[..., None] + self.place
        if self.told is not None:
            hidden = hidden + self.told(cond)[..., None]
        moved: Tensor = self.out(self.body(hidden)).flatten(1)
        return moved

    def lesson(self, code: Tensor, cond: Tensor | None, draw: Draw, beat: Tensor | None = None) -> Tensor:
        """Errors of velocities, of whole windows and of second halves `(batch,)`; most of their beats are told."""
        rows, numbers = code.shape
        if beat is not None:
            told = draw.uniform("rows/told", (rows, 1, 1)).to(code) < TOLD
            beat = (beat * told).repeat_interleave(ROUNDS // 2, 0)
        cond = None if cond is None else cond.repeat_interleave(ROUNDS // 2)
        code = code.repeat_interleave(ROUNDS // 2, 0)
        found = []
        for name, known in (("whole", 0), ("half", self.frames // 2)):
            z = draw.normal(f"rows/{name}/z", (rows, ROUNDS // 2, numbers)).flatten(0, 1)
            t = draw.uniform(f"rows/{name}/t", (rows, ROUNDS // 2, 1)).flatten(0, 1).to(code)
            place = self._with((1 - t) * z + t * code, code, known)
            error = (self.velocity(place, t, cond, known, beat) - (code - z)).unflatten(1, (self.channels, self.frames))
            found.append(error[..., known:].square().flatten(1).mean(1).view(rows, -1).mean(1))
        total: Tensor = (found[0] + found[1]) / 2
        return total

    def begin(self, z: Tensor, cond: Tensor | None, beat: Tensor | None) -> Tensor:
        """The codes of a window on these beats, of noise; both `(batch, channels * frames)`."""
        return carried(lambda x, time: self.velocity(x, torch.full_like(x[:, :1], time), cond, 0, beat), z)

    def go_on(self, before: Tensor, z: Tensor, cond: Tensor | None, beat: Tensor | None = None) -> Tensor:
        """The codes after `before` `(batch, channels, frames / 2)`, as many, of noise of that shape.

        Beats are of both, `(batch, SIDES, frames)`.
        """
        half = self.frames // 2

        def at(x: Tensor, time: float) -> Tensor:
            window = torch.cat([before, x.view_as(before)], 2).flatten(1)
            v = self.velocity(window, torch.full_like(window[:, :1], time), cond, half, beat)
            moved: Tensor = v.unflatten(1, (self.channels, self.frames))[..., half:].flatten(1)
            return moved

        after: Tensor = carried(at, z.flatten(1)).view_as(before)
        return after

    def _with(self, x: Tensor, code: Tensor, known: int) -> Tensor:
        parts = [side.unflatten(1, (self.channels, self.frames)) for side in (code, x)]
        return torch.cat([parts[0][..., :known], parts[1][..., known:]], 2).flatten(1)
