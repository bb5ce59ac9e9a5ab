"""Which random numbers a net draws, and handing them in from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import ExportError

__all__ = ["Input", "Listening", "Told"]


@dataclass(frozen=True)
class Input:
    """One input of an exported generator.

    Attributes:
        name: in the file.
        shape: without the batch axis.
        kind: `"normal"` (standard), `"uniform"` on [low, high), `"integers"` from low to high - 1, or `"sample"`: what
            a translator is given, of any size behind the channels; tried with uniform numbers.
        low: the least value.
        high: the bound above, excluded.
        purpose: of the noise in its `Draw`; empty for z and labels.
        multiple: of a `"sample"`: its sides are multiples of it.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    low: float = 0.0
    high: float = 1.0
    purpose: str = ""
    multiple: int = 1

    @property
    def dtype(self) -> str:
        """As numpy calls it."""
        return "int64" if self.kind == "integers" else "float32"

    def sample(self, batch: int, draw: Draw, *, larger: bool = False) -> Tensor:
        """Values `(batch, *shape)`; `larger`: of a `"sample"` one whose sides are larger, each by another length."""
        shape = (batch, *(self._larger() if larger and self.kind == "sample" else self.shape))
        if self.kind == "normal":
            return draw.normal(self.name, shape)
        if self.kind == "integers":
            return draw.integers(self.name, int(self.low), int(self.high), shape)
        return draw.uniform(self.name, shape) * (self.high - self.low) + self.low

    def _larger(self) -> tuple[int, ...]:
        return (self.shape[0], *(side + number * self.multiple for number, side in enumerate(self.shape[1:], 1)))


@dataclass(frozen=True)
class Listening(Draw):
    """A draw that notes what it is asked for.

    Args:
        batch: samples in the call; every noise must have as many rows.
        heard: the notes; shared with all children.
    """

    batch: int = 1
    heard: list[Input] = field(default_factory=list)

    def child(self, name: str) -> "Listening":
        """See `Draw.child`."""
        return Listening(self.seed, self.step, f"{self.path}{name}/", batch=self.batch, heard=self.heard)

    def normal(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """See `Draw.normal`."""
        self._note(purpose, shape, "normal", 0.0, 1.0)
        return super().normal(purpose, shape)

    def uniform(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """See `Draw.uniform`."""
        self._note(purpose, shape, "uniform", 0.0, 1.0)
        return super().uniform(purpose, shape)

    def integers(self, purpose: str, low: int, high: int, shape: tuple[int, ...]) -> Tensor:
        """See `Draw.integers`."""
        self._note(purpose, shape, "integers", low, high)
        return super().integers(purpose, low, high, shape)

    def _note(self, purpose: str, shape: tuple[int, ...], kind: str, low: float, high: float) -> None:
        if shape[0] != self.batch:
            raise ExportError(
                f"the net draws '{purpose}' of shape {shape} for {self.batch} samples",
                "noise whose first axis is the batch",
                "draw one row a sample",
            )
        full = self.path + purpose
        known = {one.purpose for one in self.heard}
        if full not in known:  # the same purpose asked twice gives the same numbers
            name = "noise_" + "".join(letter if letter.isalnum() else "_" for letter in full)
            self.heard.append(Input(name, tuple(shape[1:]), kind, low, high, full))


@dataclass(frozen=True)
class Told(Draw):
    """A draw that gives out tensors it was handed.

    Args:
        given: tensors by full purpose.
    """

    given: Mapping[str, Tensor] = field(default_factory=dict)

    def child(self, name: str) -> "Told":
        """See `Draw.child`."""
        return Told(self.seed, self.step, f"{self.path}{name}/", given=self.given)

    def normal(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """The tensor called `purpose`."""
        return self._find(purpose)

    def uniform(self, purpose: str, shape: tuple[int, ...]) -> Tensor:
        """The tensor called `purpose`."""
        return self._find(purpose)

    def integers(self, purpose: str, low: int, high: int, shape: tuple[int, ...]) -> Tensor:
        """The tensor called `purpose`."""
        return self._find(purpose)

    def _find(self, purpose: str) -> Tensor:
        if self.path + purpose not in self.given:
            raise ExportError(f"the net draws '{self.path}{purpose}' only now and then", "noise that is always drawn")
        return self.given[self.path + purpose].clone()  # the net may change it in place
