"""What a broken connection means: another process of the run ended."""

from collections.abc import Iterator
from contextlib import contextmanager

from multigan.core.errors import PeerError

__all__ = ["talking_to_peers"]


@contextmanager
def talking_to_peers() -> Iterator[None]:
    """A connection that breaks means that another process ended: its error is the one to read, not the socket's.

    Raises:
        PeerError: in place of the socket's error.
    """
    try:
        yield
    except RuntimeError as error:
        raise PeerError("another process of this run ended", "all of them to go on", "see its error") from error
