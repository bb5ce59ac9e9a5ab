"""What a broken connection means: another process of the run ended; and which of those that are left says so."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import torch.distributed as dist

from multigan.core.errors import PeerError

__all__ = ["may_speak", "talking_to_peers"]

SAID = "multigan/said"
"""The launcher's store counts under it who wanted to say why the run ends."""
PATIENCE_SECONDS = 5.0


@contextmanager
def talking_to_peers() -> Iterator[None]:
    """A connection that breaks means that another process ended: its error is the one to read, not the socket's.

    Raises:
        PeerError: in place of the socket's error.
    """
    try:
        yield
    except RuntimeError as error:
        lost = PeerError("another process of this run ended", "all of them to go on", "see its error")
        lost.lost = True
        raise lost from error


def may_speak(rank: int, *, own: bool) -> bool:
    """Whether no process of the run has claimed yet to say why it ends; this one does with the call.

    A process with an error of its own claims before its connections break, so those that are left ask later. Among
    these the first process is waited for: it knows what stands in the run directory.

    Args:
        rank: number of this process.
        own: whether the reason is this process's own.
    """
    if not dist.is_initialized():
        return True
    with suppress(RuntimeError):  # the store went with the process that kept it
        store = dist.distributed_c10d._get_default_store()
        until = time.monotonic() + (0.0 if own or rank == 0 else PATIENCE_SECONDS)
        while time.monotonic() < until and not store.check([SAID]):
            time.sleep(0.05)
        return bool(store.add(SAID, 1) == 1)
    return True
