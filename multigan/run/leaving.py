"""The end of a run on several processes: one of them says why, and none is cut short by the launcher."""

from collections.abc import Iterator
from contextlib import contextmanager

from multigan.core.errors import PeerError
from multigan.core.signals import Interrupted, ignore_the_launcher
from multigan.engine.distributed import World, leave_world
from multigan.engine.peers import may_speak

__all__ = ["leaving"]


@contextmanager
def leaving(world: World) -> Iterator[None]:
    """A block after which the connections of `join_world` are closed. It stands within `tidy_on_signal`.

    Where the block fails on several processes, `silent` of a `PeerError` or an `Interrupted` tells whether another
    process says why. One that was killed says nothing: then the first of those that are left does.
    """
    try:
        yield
    except BaseException as error:
        if world.size > 1:
            ignore_the_launcher()
            _settle(error, world.rank)
        raise
    finally:
        leave_world()


def _settle(error: BaseException, rank: int) -> None:
    if isinstance(error, PeerError):
        error.silent = not (error.lost and may_speak(rank, own=False))
    elif isinstance(error, Interrupted):
        error.silent = not may_speak(rank, own=False)
    else:
        may_speak(rank, own=True)
