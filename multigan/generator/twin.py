"""What a run's twin says of itself: `RUN/twin`, the fit alone for as many updates of G as the run took."""

import json
from pathlib import Path
from typing import NamedTuple

from multigan.core.errors import MultiGANError
from multigan.core.plain import words_of
from multigan.core.shell import typed
from multigan.generator.generator import Generator, load

__all__ = ["FILE", "FIT", "PLACE", "TWIN", "Found", "Twin", "anew", "damaged", "twin_of"]

PLACE, FILE = "twin", "twin.json"
FIT, TWIN = "fit alone", "twin"
"""What both are called beside a generator: the one that its game began with, and the one of as many updates."""


class Twin(NamedTuple):
    """`RUN/twin/twin.json`.

    Attributes:
        of: SHA-256 of the weights of the run's last generator, by which a run that went on is known.
        own: SHA-256 of the twin's weights, by which a twin that was trained for longer is known.
        updates: of G, the run's and the twin's.
        run_seconds, seconds: wall time of the training loops of both, all sittings together.
    """

    of: str
    own: str
    updates: int
    run_seconds: float
    seconds: float

    def line(self) -> str:
        """For people: what is equal, and what each took."""
        took = f"{self.seconds:,.0f} s of training where the run took {self.run_seconds:,.0f}"
        return f"the fit alone for {self.updates:,} updates of G, as many as the last generator has had; {took}"


class Found(NamedTuple):
    """What lies in `RUN/twin`.

    Attributes:
        twin: what it says of itself, and its generator; None where there is none that can be shown.
        left_out: why the twin that lies there is not shown, and what to type; "" where it is, or where none lies there.
    """

    twin: tuple[Twin, Generator] | None = None
    left_out: str = ""


def twin_of(folder: Path) -> Found:
    """The twin of a run as it stands; weights are read once, so ask once."""
    place = folder / PLACE
    if not place.exists():
        return Found()
    once_more = f"type multigan twin {typed(folder)}"
    if not (place / FILE).exists():
        return Found(left_out=f"the twin in {place} is not done, and left out: {once_more}")
    try:
        told = Twin(**json.loads((place / FILE).read_text(encoding="utf-8")))
        own = load(place, "last")
    except (OSError, ValueError, TypeError, MultiGANError) as error:
        return Found(left_out=f"{damaged(place, error)}, and left out: {anew(place)}")
    try:
        run = load(folder, "last")
    except (OSError, MultiGANError) as error:
        given = error.given if isinstance(error, MultiGANError) else words_of(error)
        cure = f"copy {folder} again, or train it anew"
        return Found(left_out=f"the twin in {place} is left out, as the run's last generator is gone ({given}): {cure}")
    if run.config["weights_sha256"] != told.of:
        return Found(left_out=f"the twin in {place} is left out, as the run has gone on since: {anew(place)}")
    if own.config["weights_sha256"] != told.own:
        return Found(
            left_out=f"the twin in {place} is left out, as it was trained for longer than the run: {anew(place)}"
        )
    return Found((told, own))


def damaged(place: Path, error: Exception) -> str:
    """That a twin cannot be read, in the words of every verb that meets it."""
    why = error.given if isinstance(error, MultiGANError) else words_of(error)
    return f"the twin in {place} is damaged ({why})"


def anew(place: Path) -> str:
    """What to type for a twin that is of no use."""
    return f"remove it (rm -r {typed(place)}), then type multigan twin {typed(place.parent)}"
