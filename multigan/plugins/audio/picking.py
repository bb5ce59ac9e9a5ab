"""Which sounds of a set are trained on: MultiGAN's own are left out where there are others."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from multigan.plugins.audio.convert import Looked, at_one_rate
from multigan.provenance.synthetic import is_own_sound

__all__ = ["Picked", "pick"]

Look = TypeVar("Look", bound=Looked)


class Picked(NamedTuple, Generic[Look]):
    """Sounds that were looked at, usable or not.

    Attributes:
        rate: in Hz, 0 where no file is usable.
        seen: of each file that was looked at, in their order.
        own: files that MultiGAN made.
        only_own: whether no other file is usable; then these are among `seen`.
    """

    rate: int
    seen: list[Look]
    own: list[Path]
    only_own: bool

    @property
    def left(self) -> list[Path]:
        """MultiGAN's own files that are left out."""
        return [] if self.only_own else self.own


def pick(
    files: Sequence[Path],
    rate: int,
    looking_at: Callable[[int], Callable[[Path], Look]],
    tick: Callable[[int, int], None] | None = None,
) -> Picked[Look]:
    """Look at the sounds that are to be trained on, each brought to one rate.

    What MultiGAN made has no say in the rate and takes no memory, unless no other file is usable.

    Args:
        files: all of them.
        rate: see `convert.at_one_rate`.
        looking_at: see `convert.at_one_rate`.
        tick: `tick(done, total)` after each file.
    """
    own = [file for file in files if is_own_sound(file)]
    made = set(own)
    found, seen = at_one_rate([file for file in files if file not in made], rate, looking_at, tick)
    if own and not found:
        return Picked(*at_one_rate(files, rate, looking_at, tick), own, True)
    return Picked(found, seen, own, False)
