"""A causal net on sound as it comes: chunks of any size give the same bits."""

from collections import deque
from typing import Any, Protocol, runtime_checkable

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from multigan.core.errors import DataError, UnsupportedError
from multigan.plugins.audio.causal import Frames
from multigan.plugins.audio.scan import HIGHEST_HZ, LOWEST_HZ

__all__ = ["Causal", "Queue", "Stream", "causal_of"]

Wave = NDArray[np.float32]
PROBE_SECONDS = 1.0
LOUDEST = 1e6
"""Far beyond any sound; squares of more would not be finite for long."""


@runtime_checkable
class Causal(Protocol):
    """A net that is asked for the next frames, and told what it knew.

    Attributes:
        frames: how it cuts sounds.
        sample_rate_hz: of the sounds.
    """

    frames: Frames
    sample_rate_hz: int

    def start(self, x: Tensor) -> Any:
        """What is known of sounds `(batch, ...)` before they begin."""
        ...

    def step(self, frames: Tensor, state: Any) -> tuple[Tensor, Any]:
        """The next frames `(batch, t, window)` -> pieces to be added up, and what is known then."""
        ...


def causal_of(net: nn.Module) -> Causal:
    """The net, which can be asked for the next frames.

    Raises:
        UnsupportedError: it cannot.
    """
    if not isinstance(net, Causal):
        given = f"{type(net).__name__} takes whole sounds alone"
        raise UnsupportedError(given, "a net with frames, start and step, such as mask-gru", "see docs/enhance.md")
    return net


class Queue:
    """Samples `(n, channels)` that wait to be taken from the front."""

    def __init__(self, channels: int) -> None:
        self.channels, self.parts, self.length = channels, deque[Wave](), 0

    def add(self, part: Wave) -> None:
        """Samples at the end."""
        if len(part):
            self.parts.append(part)
            self.length += len(part)

    def take(self, count: int) -> Wave:
        """The first `count`, or fewer where there are no more."""
        taken, left = [np.zeros((0, self.channels), np.float32)], count
        while left and self.parts:
            part = self.parts.popleft()
            if len(part) > left:
                self.parts.appendleft(part[left:])
                part = part[:left]
            taken.append(part)
            left -= len(part)
        self.length -= count - left
        return np.concatenate(taken)


class _Blocks:
    """The net on blocks of always the same number of frames: so no sum is ever taken in another order.

    Args:
        net: the net.
        channels: each goes through it alone.
        block: frames.
    """

    def __init__(self, net: Causal, channels: int, block: int) -> None:
        self.net, self.channels, self.size = net, channels, block * net.frames.hop
        self.lag = self.late = net.frames.lag
        device = net.frames.forwards.device
        self.past = torch.zeros(channels, self.lag, device=device)
        self.carry = torch.zeros(channels, self.lag, device=device)
        self.state = net.start(self.past)
        self.waiting, self.taken, self.given = Queue(channels), 0, 0

    def push(self, chunk: Wave) -> Wave:
        """Samples `(n, channels)` -> all that is finished."""
        self.taken += len(chunk)
        self.waiting.add(chunk)
        made = [np.zeros((0, self.channels), np.float32)]
        while self.waiting.length >= self.size:
            made.append(self._block(self.waiting.take(self.size)))
        out = np.concatenate(made)
        self.given += len(out)
        return out

    def flush(self) -> Wave:
        """All that is not finished, as if silence came now."""
        total = self.taken
        left = total - self.given
        parts = [np.zeros((0, self.channels), np.float32)]
        while sum(map(len, parts)) < left:
            parts.append(self.push(np.zeros((self.size, self.channels), np.float32)))
        return np.concatenate(parts)[:left]

    @torch.inference_mode()
    def _block(self, chunk: Wave) -> Wave:
        new = torch.from_numpy(np.ascontiguousarray(chunk.T)).to(self.past.device)
        known = torch.cat([self.past, new], 1)
        pieces, self.state = self.net.step(known.unfold(1, self.net.frames.window, self.net.frames.hop), self.state)
        added = self.net.frames.added(pieces)
        added[:, : self.lag] += self.carry
        self.past, self.carry = known[:, self.size :], added[:, self.size :].clone()
        done = added[:, : self.size]
        # What lies before the first sample is nothing.
        skip, self.late = min(self.late, self.size), max(0, self.late - self.size)
        return done[:, skip:].T.cpu().numpy()


class Stream:
    """Sound in, cleaned sound out, as it comes.

    What `push` and `flush` give, one after the other, is as long as what went in and begins where it began; it does not
    depend on how the sound was cut into chunks, bit for bit. It depends in its last bits on `block`.

    Args:
        net: a causal net.
        sample_rate_hz: of what goes in and comes out; another than the net's is resampled there and back, and what
            lies above half of the net's rate is lost.
        channels: each goes through the net alone.
        block: frames that are worked on at a time: 1 = with the least delay, more = with less work.

    Raises:
        DataError: no such rate, or no channels.

    Example:
        >>> stream = multigan.load("runs/enhance-1").stream(16_000)  # doctest: +SKIP
        >>> clean = stream.push(chunk)  # doctest: +SKIP
    """

    def __init__(self, net: Causal, sample_rate_hz: int, channels: int = 1, block: int = 1) -> None:
        if not LOWEST_HZ <= sample_rate_hz <= HIGHEST_HZ:
            raise DataError(f"{sample_rate_hz} Hz", f"{LOWEST_HZ:,} to {HIGHEST_HZ:,} Hz", "give the rate of the sound")
        if channels < 1 or block < 1:
            raise DataError(f"{channels} channels in blocks of {block}", "1 or more of each", "leave them out")
        self.net, self.sample_rate_hz, self.channels, self.block = net, sample_rate_hz, channels, block
        self._blocks = _Blocks(net, channels, block)
        rates = (sample_rate_hz, net.sample_rate_hz)
        self._down = self._up = None
        if rates[0] != rates[1]:
            self._down = soxr.ResampleStream(*rates, channels, dtype="float32")
            self._up = soxr.ResampleStream(*rates[::-1], channels, dtype="float32")
        self._taken = self._given = 0
        self._over = False
        self.low_power = 0.0
        """Sum of squares of what the net was given."""

    @property
    def latency_ms(self) -> float:
        """How long after it went in, at the most, a sample comes out, computing aside."""
        frames, rate = self.net.frames, self.net.sample_rate_hz
        if self._down is None:
            return 1000 * (frames.window + (self.block - 1) * frames.hop) / rate
        return 1000 * self._measured() / self.sample_rate_hz

    def push(self, chunk: Wave) -> Wave:
        """Samples `(n,)` or `(n, channels)`, full scale 1 -> all that is finished, of the same form.

        Raises:
            DataError: it has other channels, or values that are not finite.
        """
        self._refuse_end()
        chunk = np.asarray(chunk)
        flat = chunk.ndim == 1
        sound = self._checked(chunk[:, None] if flat else chunk)
        self._taken += len(sound)
        made = self._through(sound, last=False)
        return made[:, 0] if flat else made

    def flush(self) -> Wave:
        """What is still to come, `(n, channels)`; then the stream is at its end.

        Raises:
            DataError: it was at its end before.
        """
        self._refuse_end()
        self._over = True
        return self._through(np.zeros((0, self.channels), np.float32), last=True)

    def _refuse_end(self) -> None:
        if self._over:
            raise DataError("a stream that was flushed", "no more of it", "make a new one: generator.stream(rate)")

    def _checked(self, chunk: Wave) -> Wave:
        if not np.issubdtype(chunk.dtype, np.floating):
            raise DataError(
                f"a chunk of {chunk.dtype}", "floating-point numbers, full scale 1", "chunk / 32768 of 16 bits"
            )
        sound = np.ascontiguousarray(chunk, dtype=np.float32)
        if sound.ndim != 2 or sound.shape[1] != self.channels:
            expected = f"(n, {self.channels}), or (n,) of one channel"
            raise DataError(f"a chunk of {chunk.shape}", expected, "say stream(rate, channels=...)")
        if not (np.abs(sound) <= LOUDEST).all():
            given = f"a chunk with values that are not finite, or beyond {LOUDEST:,}"
            raise DataError(given, "numbers, full scale 1", "divide by the full scale of the device")
        return sound

    def _through(self, sound: Wave, *, last: bool) -> Wave:
        low = sound if self._down is None else self._down.resample_chunk(sound, last=last)
        self.low_power += float(np.square(low, dtype=np.float64).sum())
        made = self._blocks.push(low)
        if last:
            made = np.concatenate([made, self._blocks.flush()])
        high = made if self._up is None else self._up.resample_chunk(made, last=last)
        # Rounded lengths there and back may differ by a sample.
        high = high[: self._taken - self._given]
        if last and len(high) < self._taken - self._given:
            high = np.pad(high, ((0, self._taken - self._given - len(high)), (0, 0)))
        self._given += len(high)
        return high

    def _measured(self) -> int:
        """Samples that a stream like this holds back, at the most, once it runs."""
        twin = Stream(self.net, self.sample_rate_hz, 1, self.block)
        chunk = np.zeros((max(1, self.sample_rate_hz // 200), 1), np.float32)
        most = taken = given = 0
        while taken < PROBE_SECONDS * self.sample_rate_hz:
            taken += len(chunk)
            given += len(twin.push(chunk))
            most = max(most, taken - given) if 2 * taken > PROBE_SECONDS * self.sample_rate_hz else 0
        return most
