"""What a later version wrote, and this one cannot read: that is what is said of it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from multigan.core.errors import MultiGANError
from multigan.core.version import __version__

__all__ = ["by_later", "tell_later"]

MOST_BYTES = 2**24
LATER = " (written by MultiGAN "


@contextmanager
def by_later(path: Path) -> Iterator[None]:
    """A block that reads what MultiGAN wrote: where a later version did, what is refused is told so.

    Args:
        path: a JSON object that says which version wrote it (`multigan_version`); it may be missing or damaged.

    Raises:
        MultiGANError: the block's own; of files of a later version it says which, and to upgrade.
    """
    try:
        yield
    except MultiGANError as error:
        tell_later(error, path)
        raise


def tell_later(error: MultiGANError, path: Path) -> None:
    """Word an error about what MultiGAN wrote anew, where a later version did.

    Args:
        error: as it came.
        path: as of `by_later`.
    """
    written = _version_in(path)
    if _numbers(written) > _numbers(__version__) and LATER not in error.given:
        given = f"{error.given}{LATER}{written}; this is {__version__})"
        error.reword(given, f"files of MultiGAN {__version__} or older", "upgrade MultiGAN")


def _version_in(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            return ""
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    written = found.get("multigan_version") if isinstance(found, dict) else ""
    return written if isinstance(written, str) and re.fullmatch(r"[0-9A-Za-z.+!-]{1,40}", written) else ""


def _numbers(version: str) -> tuple[int, ...]:
    """Of a release, such as (0, 2, 0) of "0.2.0.dev1"."""
    release = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in release[0].split(".")) if release else ()
