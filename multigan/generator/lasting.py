"""Samples that go on for as long as one asks, written as they are made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from multigan.core.draw import Draw
from multigan.core.errors import UnsupportedError
from multigan.core.generators import Lasting
from multigan.plugins.abilities import Lasts, able
from multigan.provenance.labels import make_folder
from multigan.recipe.options import bind

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["options_of", "save_lasting"]


@torch.no_grad()
def save_lasting(
    generator: "Generator",
    folder: str | Path,
    n: int,
    seconds: float,
    seed: int = 0,
    label: str | None = None,
    **options: Any,
) -> list[Path]:
    """Write `n` samples of `seconds` each into `folder`, marked as synthetic; returns the files.

    The same seed gives the same bytes, sample number i does not depend on `n`, and a shorter one is the beginning of a
    longer one but for its fading end. What is held in memory depends on neither number.

    Args:
        generator: whose net is a `multigan.core.generators.Lasting`.
        folder: made where it is missing.
        n: how many.
        seconds: length of each.
        seed: any integer.
        label: class name, of class-conditional generators; None takes classes in turn.
        options: of the modality's `save_lasting`, and of the net's `lasting`.

    Raises:
        UnsupportedError: the generator's samples have one length.
        UnknownNameError: there is no such class or option.
        DataError: that is no length.
    """
    modality, net = generator.modality, generator.net
    if not able(modality, Lasts):
        raise UnsupportedError(f"modality '{modality.name}' has no seconds", "sounds", "leave --seconds away")
    if not isinstance(net, Lasting):
        given = f"{type(net).__name__} makes samples of one length, {_length(generator)}"
        raise UnsupportedError(given, "a generator of sounds of any length", "train one with --recipe audio/loops")
    known = options_of(net.lasting)
    wish = {name: value for name, value in options.items() if name in known}
    rest = {name: value for name, value in options.items() if name not in known}
    bound = bind(modality.save_lasting, rest, "output", "--{flag} VALUE")
    wish = bind(net.lasting, wish, "output", "--{flag} VALUE")
    cond = generator.cond(label, 0)
    device = str(next(net.parameters()).device)
    with _made(Path(folder)):
        made = list[Path]()
        for number, name in enumerate(generator.file_names(n, seed, label)):
            own = None if cond is None else cond[number % len(cond)][None]
            pieces = net.lasting(Draw(seed, number, "lasting/", device=device), own, **wish)
            path = Path(folder) / name
            made.append(modality.save_lasting(pieces, seconds, path, generator.spec, generator.label(seed), **bound))
    return made


def options_of(asked: Callable[..., object]) -> list[str]:
    """Names of the options of `save`, `save_lasting` or `lasting`: its keyword-only parameters."""
    return [name for name, one in signature(asked).parameters.items() if one.kind is one.KEYWORD_ONLY]


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder; where nothing was written, what was made of it and of its parents goes again."""
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    make_folder(folder)
    try:
        yield
    except BaseException:
        with suppress(OSError):  # something lies in it
            for place in new:
                place.rmdir()
        raise


def _length(generator: "Generator") -> str:
    rate = generator.spec.meta.get("sample_rate_hz")
    return f"{generator.spec.shape[-1] / int(rate):.2f} s" if rate else "that of its data"
