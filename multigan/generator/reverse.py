"""The other way of a generator that was trained both ways: from samples to inputs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from multigan.core.errors import UnsupportedError
from multigan.core.strict_json import finite
from multigan.generator.generator import Generator
from multigan.nets.both_ways import BothWays

__all__ = ["reversed_way"]


def reversed_way(generator: Generator) -> Generator:
    """The generator that makes inputs of samples.

    Args:
        generator: trained by a game that goes both ways.

    Raises:
        UnsupportedError: it goes one way only.

    Example:
        >>> import multigan
        >>> back = reversed_way(multigan.load("runs/unpaired-1"))  # doctest: +SKIP
        >>> picture = back.apply("photo.png")  # doctest: +SKIP
    """
    if not isinstance(generator.net, BothWays) or generator.input_spec is None:
        given = "this generator goes one way only"
        expected = "one of the game 'cycle' or, of texts, 'back-translation' (text/restyle), which keep both"
        raise UnsupportedError(given, expected, "train it with --set input.swap=true, or swap the two sources")
    facts: Mapping[str, Any] = {"input": {"spec": finite(asdict(generator.spec)), "degrade": []}}
    found = Generator(generator.net.back, generator.input_spec, {**generator.config, **facts})
    found.kept, found.source = generator.kept, generator.source
    return found
