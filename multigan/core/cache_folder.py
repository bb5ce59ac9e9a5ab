"""Where things are kept between commands, outside of any run."""

import os
from pathlib import Path

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """`$MULTIGAN_CACHE`, else `$XDG_CACHE_HOME/multigan`, else `~/.cache/multigan`."""
    own = os.environ.get("MULTIGAN_CACHE")
    if own:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "multigan"
