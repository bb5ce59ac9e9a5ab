"""The command line: verbs over the public functions, errors as one plain line."""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from multigan.cli.faults import catch_the_rest, fault
from multigan.cli.lines import OUTPUT, echo, print_everywhere, tell_output_by_name
from multigan.core.errors import MultiGANError, PeerError, unwritten
from multigan.core.signals import exit_code, tidy_on_signal
from multigan.terminal.output import keep_stderr_writable

__all__ = ["main"]

BAD_INPUT = 2


def main() -> None:
    """Run a command and exit.

    Exit codes: 0 = done, 1 = a fault of MultiGAN or a plugin (the line names a file with the traceback), 2 = something
    that was given is wrong, 128 + N = stopped by signal N. Some verbs give 1 a meaning of their own (`docs/errors.md`).
    """
    # Threads that spin while they wait bring a busy machine to a halt: ten to thirty times slower was measured.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    arguments = sys.argv[1:]
    print_everywhere()
    keep_stderr_writable()
    tell_output_by_name()
    catch_the_rest(arguments)
    sys.exit(_code(arguments))


def _code(arguments: Sequence[str]) -> int:
    """Run the verb; whatever comes out of it becomes an exit code and, at most, one line."""
    try:
        with tidy_on_signal():
            return _run()
    except PeerError as error:
        if not error.silent:  # else the process that failed says why, and one line is enough
            _say(str(error))
        return BAD_INPUT
    except MultiGANError as error:
        if not _first_says(error):
            _say(str(error))
        return BAD_INPUT
    except KeyboardInterrupt as stop:
        _say("interrupted before anything was done")
        return exit_code(stop)
    except BrokenPipeError:
        # The reader of our output left (`multigan recipes ls | head`): that is no fault.
        _drop_output()
        return 0
    except OSError as error:
        if error.filename == OUTPUT:
            _drop_output()
        _say(f"{error.filename or 'a file'}: {error.strerror or error}{_cure(error)}")
        return BAD_INPUT
    # Plugins may raise anything, SystemExit too, and so may faults of our own.
    except BaseException as error:
        return fault(error, arguments)


def _cure(error: OSError) -> str:
    """What is expected and what to type, where a name that somebody gave is longer than a system takes."""
    if error.errno != errno.ENAMETOOLONG:
        return ""
    expected, fix = unwritten(error)
    return f"; expected {expected}; {fix}"


def _run() -> int:
    import typer

    from multigan.cli.app import app
    from multigan.engine.allocator import keep_freed_memory

    keep_freed_memory()
    try:
        ended = app(standalone_mode=False)
    except typer.Abort:
        return exit_code(None)
    except SystemExit as error:
        # typer makes an exit of a pipe whose reader left.
        raise (error.__context__ if isinstance(error.__context__, BrokenPipeError) else error) from None
    except Exception as error:
        # What was typed wrongly: the parser words it itself.
        if not (hasattr(error, "show") and hasattr(error, "exit_code")):
            raise
        error.show()
        return int(error.exit_code)
    return ended if isinstance(ended, int) else 0


def _drop_output() -> None:
    """Send what was not written yet nowhere, or Python tries again as it ends, and says so."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _first_says(error: MultiGANError) -> bool:
    """Whether all processes have this error in the same words, and this is not the first of them."""
    return error.everywhere and os.environ.get("RANK", "0") != "0"


def _say(line: str) -> None:
    with suppress(OSError, ValueError):  # a terminal that is gone
        echo(f"multigan: {line}", err=True)
