"""`run.json`: what a run says of how it was trained, once it is over."""

import platform
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from multigan.core import strict_json
from multigan.core.atomic import replace_file
from multigan.core.errors import RunError
from multigan.core.version import __version__
from multigan.run.files import read_run_file

__all__ = ["FACTS", "facts_anew", "write_facts"]

FACTS = "run.json"


def write_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write `run.json`, whole or not at all.

    Args:
        folder: the run directory.
        facts: JSON values, beside those of the machine, which are added.

    Raises:
        WriteError: it cannot be written.
    """
    machine = {
        "multigan_version": __version__,
        "torch_version": torch.__version__,
        "python_version": platform.python_version(),
        "platform": platform.platform(),
        "threads": torch.get_num_threads(),
    }
    replace_file(folder / FACTS, strict_json.dumps({**machine, **facts}, indent=1) + "\n")


def facts_anew(folder: Path, facts: Mapping[str, Any], say: Callable[[str], object]) -> bool:
    """Write `run.json` of a run that is over where it is damaged, with all but what only its training knew.

    Args:
        folder: the run directory.
        facts: that recipe, data and checkpoint tell.
        say: gets lines for people.

    Returns:
        Whether it was written.
    """
    try:
        read_run_file(folder, FACTS)
    except RunError as error:
        write_facts(folder, {**facts, "seconds": None, "written_anew": True})
        say(f"{error.given}: it is written anew; how long training took, and who judged its fakes, is lost")
        return True
    return False
