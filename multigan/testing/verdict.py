"""How a battery of named checks runs, and how it reports the one that failed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import torch

from multigan.errors import PluginError

__all__ = ["require", "run_checks"]


class _BrokenPromise(Exception):
    def __init__(self, seen: str, wanted: str, fix: str) -> None:
        super().__init__(seen)
        self.seen, self.wanted, self.fix = seen, wanted, fix


def require(kept: bool, seen: str, wanted: str, fix: str) -> None:
    """Fail the running check unless `kept`.

    Args:
        kept: whether the promise is kept.
        seen: what was seen instead.
        wanted: what the contract promises.
        fix: what usually helps.
    """
    if not kept:
        raise _BrokenPromise(seen, wanted, fix)


def run_checks(what: str, checks: Mapping[str, Callable[[], None]]) -> tuple[str, ...]:
    """Run checks in order, each with the same fixed random state of its own.

    Args:
        what: the thing under test, for messages.
        checks: by name; a check returns, or calls `require` with a broken promise, or fails in any way.

    Returns:
        The names.

    Raises:
        PluginError: the first check that failed, and what it saw.
    """
    for name, check in checks.items():
        failed = f"{what} fails the check '{name}'"
        try:
            with _own_randomness():
                check()
        except _BrokenPromise as broken:
            raise PluginError(f"{failed}: {broken.seen}", broken.wanted, broken.fix) from None
        # A plugin may fail in any way; its author should hear during which check it did.
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise PluginError(f"{failed}: {reason}", "no error", "see the traceback of its cause, above") from error
    return tuple(checks)


@contextmanager
def _own_randomness() -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield
