"""Files of a run that are damaged and yet end nothing: what the doctor, the report and a resume say of them."""

from pathlib import Path

from multigan.core.errors import RunError
from multigan.pace.record import read_record
from multigan.run.files import read_run_file

__all__ = ["unread_files"]


def unread_files(folder: Path) -> list[str]:
    """A line for `run.json` and for `budget.json` where it cannot be read: why, and what to do; none where all is well.

    Args:
        folder: the run directory.
    """
    found = list[str]()
    for read in (lambda: read_run_file(folder, "run.json"), lambda: read_record(folder)):
        try:
            read()
        except RunError as error:
            found.append(f"{error.given}; this goes on without it ({error.fix})")
    return found
