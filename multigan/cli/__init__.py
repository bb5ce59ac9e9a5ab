"""The command line: verbs over the public functions, errors as one plain line."""

import os
import sys

from multigan.errors import DivergedError, MultiGANError, PeerError

__all__ = ["main"]

BAD_INPUT = 2
INTERRUPTED = 130


def main() -> None:
    """Run a command and exit: 0 = done, 2 = something that was given is wrong, 128 + N = stopped by signal N."""
    # Threads that spin while they wait bring a busy machine to a halt: ten to thirty times slower was measured.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from multigan.cli.app import app
    from multigan.engine.allocator import keep_freed_memory
    from multigan.output import keep_stderr_writable

    keep_stderr_writable()
    keep_freed_memory()
    try:
        app(standalone_mode=True)
    except PeerError:
        sys.exit(BAD_INPUT)  # the process that failed says why, and one line is enough
    except MultiGANError as error:
        if not _first_says(error):
            _say(str(error))
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        _say("interrupted before anything was trained")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output left (`multigan recipes ls | head`): that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _say(f"{error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(BAD_INPUT)


def _first_says(error: MultiGANError) -> bool:
    """Whether all processes have this error in the same words, and this is not the first of them."""
    return isinstance(error, DivergedError) and error.everywhere and os.environ.get("RANK", "0") != "0"


def _say(line: str) -> None:
    sys.stderr.write(f"multigan: {line}\n")
