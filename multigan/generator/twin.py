"""What a run's twin says of itself: `RUN/twin`, the fit alone for as many updates of G as the run took."""

import json
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from multigan.core.errors import MultiGANError
from multigan.core.plain import words_of
from multigan.generator.generator import Generator, load

__all__ = ["FILE", "FIT", "PLACE", "TWIN", "Twin", "twin_of", "why_none"]

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


def twin_of(folder: Path) -> tuple[Twin, Generator] | None:
    """The twin of a run as it stands, or None where there is none that can be shown; `why_none` says why."""
    found = _found(folder)
    return None if isinstance(found, str) else found


def why_none(folder: Path) -> str:
    """Why the twin that lies in a run is not shown, and what to type; "" where it is, or where none lies there."""
    found = _found(folder)
    return found if isinstance(found, str) else ""


def _found(folder: Path) -> tuple[Twin, Generator] | str:
    place = folder / PLACE
    if not place.exists():
        return ""
    once_more = f"type multigan twin {quote(str(folder))}"
    anew = f"remove it (rm -r {quote(str(place))}), then {once_more}"
    if not (place / FILE).exists():
        return f"the twin in {place} is not done, and left out: {once_more}"
    try:
        told = Twin(**json.loads((place / FILE).read_text(encoding="utf-8")))
        run, own = load(folder, "last"), load(place, "last")
    except (OSError, ValueError, TypeError, MultiGANError) as error:
        return f"the twin in {place} is damaged, and left out ({words_of(error)}): {anew}"
    if run.config["weights_sha256"] != told.of:
        return f"the twin in {place} is left out, as the run has gone on since: {anew}"
    if own.config["weights_sha256"] != told.own:
        return f"the twin in {place} is left out, as it was trained for longer than the run: {anew}"
    return told, own
