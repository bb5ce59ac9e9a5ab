"""Which of a run's generators are two: the best and the last one are often the same weights, or none is kept."""

from pathlib import Path

from multigan.core.errors import CheckpointError
from multigan.generator.folder import CONFIG, KEPT, read_config

__all__ = ["other_kept"]


def other_kept(folder: Path, which: str, weights_sha256: str) -> str:
    """`"best"` beside the last generator of a run and `"last"` beside all others, or "" where there is no other one.

    Args:
        folder: the run directory.
        which: the generator that is looked at, a key of `KEPT`.
        weights_sha256: of it. The same weights under another name are no other generator.
    """
    other = "best" if which == "last" else "last"
    path = folder / KEPT[other] / CONFIG
    if not path.is_file():
        return ""
    try:
        return "" if read_config(path)[0]["weights_sha256"] == weights_sha256 else other
    except CheckpointError:  # whoever loads it says what is wrong
        return other
