"""Processes that train together must have the same data."""

import json

from multigan.core.errors import DataError
from multigan.engine.distributed import World
from multigan.identity.difference import differences
from multigan.identity.fingerprint import Identity

__all__ = ["agree"]


def agree(identity: Identity, world: World) -> None:
    """Compare the data of all processes with that of the first.

    Raises:
        DataError: on all of them, in the words of the first process whose data is another.
    """
    _, first = world.first_words(identity.digest)
    if not world.any(first != identity.digest):
        return
    _, first = world.first_words(json.dumps(identity.to_json()))
    unlike = differences(Identity.from_json(json.loads(first)), identity)
    said = f"process {world.rank} reads {identity.source}: {'; '.join(unlike.lines)}" if unlike else ""
    _, words = world.first_words(said)
    if not words:
        return  # they differ by rounding
    error = DataError(f"processes of this run have different data; {words}", "equal data on all", "copy it again")
    error.everywhere = True
    raise error
