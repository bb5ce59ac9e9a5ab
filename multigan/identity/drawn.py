"""What the data of a run says to nets alone: other data has nothing to say to a generator that is there."""

from dataclasses import replace

from multigan.core.types import Data
from multigan.identity.record import Record
from multigan.nets.enlarged import KEY

__all__ = ["as_drawn"]


def as_drawn(data: Data, record: Record | None) -> Data:
    """The same data, saying how often its pictures were enlarged as the run's own did, by which its net is built.

    Values mean the same whether they were enlarged or not, so other pictures may be scored, or trained on further.

    Args:
        data: of a run, where it is now.
        record: what the run knows of its own; None = of an older version, whose data says what it says.
    """
    if record is None or data.spec.meta.get(KEY) == record.identity.meta.get(KEY):
        return data
    own = {KEY: record.identity.meta[KEY]} if KEY in record.identity.meta else {}
    meta = {**{key: value for key, value in data.spec.meta.items() if key != KEY}, **own}
    return replace(data, spec=replace(data.spec, meta=meta))
