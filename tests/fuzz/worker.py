"""Run cases of one kind in this process and print what happened as JSON: `worker.py KIND FIRST COUNT`.

A case may be read or refused in words (`MultiGANError`). Anything else is a fault, and so are ten seconds of the
processor or one GiB for one case, and a doctor who counts other items than the loader.
"""

import json
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from kinds import KINDS

from multigan.core.errors import MultiGANError
from multigan.core.plain import one_line

SECONDS, WAIT_SECONDS, BYTES = 10.0, 120.0, 2**30


class HangError(BaseException):
    """A case did not end."""


def main(kind, first, count):
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    signal.signal(signal.SIGALRM, _hang)
    base = Path(tempfile.mkdtemp())
    seen = {"read": 0, "refused": 0, "faults": []}
    try:
        (base / "seeds").mkdir()
        case = KINDS[kind](base / "seeds")
        for number in range(first, first + count):
            folder = base / f"case-{number}"
            folder.mkdir()
            outcome = _one(case, random.Random(f"{kind}/{number}"), folder)
            if outcome in seen:
                seen[outcome] += 1
            else:
                seen["faults"].append(f"{kind}/{number}: {outcome}")
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    sys.stdout.write("\n" + json.dumps(seen) + "\n")


def _one(case, rng, folder):
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    began = time.process_time()  # others may use this machine too
    signal.setitimer(signal.ITIMER_REAL, WAIT_SECONDS)
    try:
        case(rng, folder)
        outcome = "read"
    except MultiGANError as error:
        outcome = "refused" if "\n" not in one_line(str(error)) else f"several lines: {error!a}"
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        outcome = f"{type(error).__name__}: {str(error)[:200]!a} at {where.filename}:{where.lineno}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    seconds, grown = time.process_time() - began, _memory("VmHWM") - before
    if seconds > SECONDS:
        return f"{seconds:.0f} s"
    return f"{grown / BYTES:.1f} GiB" if grown > BYTES else outcome


def _memory(name):
    """Resident memory now (`VmRSS`) or at its peak (`VmHWM`), in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def _hang(number, frame):
    raise HangError(f"more than {WAIT_SECONDS:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
