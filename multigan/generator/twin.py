"""What a run's twin says of itself: `RUN/twin`, the fit alone for as many updates of G as the run took."""

import json
from pathlib import Path
from typing import NamedTuple

from multigan.core.errors import CheckpointError
from multigan.generator.generator import Generator, load

__all__ = ["FILE", "FIT", "PLACE", "TWIN", "Twin", "twin_of"]

PLACE, FILE = "twin", "twin.json"
FIT, TWIN = "fit alone", "twin"
"""What both are called beside a generator: the one that its game began with, and the one of as many updates."""


class Twin(NamedTuple):
    """`RUN/twin/twin.json`.

    Attributes:
        of: SHA-256 of the weights of the run's last generator, by which a run that went on is known.
        own: SHA-256 of the twin's weights, by which a twin that was trained for longer is known.
        updates: of G, the run's and the twin's.
        run_seconds, seconds: wall time of the training loops of both, in their last sittings.
    """

    of: str
    own: str
    updates: int
    run_seconds: float
    seconds: float

    def line(self) -> str:
        """For people: what is equal, and what each took."""
        took = f"{self.seconds:,.0f} s of its last sitting beside {self.run_seconds:,.0f} of the run's"
        return f"the fit alone for {self.updates:,} updates of G, as many as the last generator has had; {took}"


def twin_of(folder: Path) -> tuple[Twin, Generator] | None:
    """The twin of a run as it stands, or None where there is none, it is not done, or the run has gone on since."""
    try:
        found = Twin(**json.loads((folder / PLACE / FILE).read_text(encoding="utf-8")))
        run, own = load(folder, "last"), load(folder / PLACE, "last")
        hashes = tuple(one.config["weights_sha256"] for one in (run, own))
        return (found, own) if hashes == (found.of, found.own) else None
    except (OSError, ValueError, TypeError, CheckpointError):
        return None
