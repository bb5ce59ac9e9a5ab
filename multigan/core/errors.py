"""Every error that MultiGAN raises on purpose.

    MultiGANError              what you gave · what is expected · what to type
    ├── RecipeError            a recipe, a key or a `--set` override is wrong
    ├── UnknownNameError       a registry, recipe or class name that does not exist
    ├── DataError              a file or folder cannot be used as training data
    ├── ShapeError             a tensor has another shape, range or dtype than promised
    ├── PluginError            a plugin is broken or breaks the contract
    ├── UnsupportedError       a modality cannot do what was asked, and says why
    ├── RunError               a run directory cannot be written, read or resumed
    │   ├── CheckpointError    a checkpoint is missing, damaged or of another recipe
    │   ├── PeerError          another process of a distributed run failed
    │   └── WriteError         a file of a run cannot be written: a full disk, no permission
    ├── ExportError            a generator cannot be written in a format, or its file differs from the net
    └── DivergedError          training produced NaN or infinity

The command line prints `str(error)` on one line and exits with code 2. Anything else that comes out of a
verb is a fault of MultiGAN: one line, exit code 1, and the traceback in a file that the line names.
"""

import errno
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches

__all__ = [
    "CheckpointError",
    "DataError",
    "DivergedError",
    "ExportError",
    "MultiGANError",
    "PeerError",
    "PluginError",
    "RecipeError",
    "RunError",
    "ShapeError",
    "UnknownNameError",
    "UnsupportedError",
    "WriteError",
    "did_you_mean",
    "is_memory",
    "under",
    "unwritten",
]


class MultiGANError(Exception):
    """Base of all deliberate errors.

    Args:
        given: what the user gave, quoted literally.
        expected: what would have been right.
        fix: what to type or do now.
        key: where in a recipe it is, below the table of what raises it: names and numbers (`("width",)`); `under`
            puts what is above in front.
        whole: `key` is where it is in the whole recipe, as of another table than that of what raises it.

    Attributes:
        everywhere: whether all processes of the run raised it together, in the same words.
        place: where the recipe says it, as a file with a line or an override, once that is known.
    """

    everywhere = False
    place = ""
    _of_recipes = False

    def __init__(
        self, given: str, expected: str = "", fix: str = "", *, key: Sequence[str | int] = (), whole: bool = False
    ) -> None:
        self.given, self.expected, self.fix, self.key, self.whole = given, expected, fix, tuple(key), whole
        super().__init__(self._message())

    def found_at(self, place: str) -> None:
        """Say where the recipe says it, in front of everything else.

        Args:
            place: such as `"mine.toml:3"` or `"--set G.width=x"`.
        """
        self.place = place
        self.args = (self._message(),)

    def reword(self, given: str, expected: str, fix: str) -> None:
        """Say something else in place of what was given, expected and to be typed; place and key stay."""
        self.given, self.expected, self.fix = given, expected, fix
        self.args = (self._message(),)

    def _message(self) -> str:
        given = f"{self.place}: {self.given}" if self.place else self.given
        parts = [given, f"expected {self.expected}" if self.expected else "", self.fix]
        message = "; ".join(part.rstrip(".;") for part in parts if part)
        return message if message.endswith("?") else message + "."


class RecipeError(MultiGANError):
    """A recipe, a key in it or a `--set` override is wrong."""

    _of_recipes = True


class UnknownNameError(MultiGANError):
    """A name that is in no registry, recipe folder or class list."""

    _of_recipes = True


class DataError(MultiGANError):
    """A file or folder cannot be used as training data."""


class ShapeError(MultiGANError):
    """A tensor has another shape, range or dtype than its contract promises."""


class PluginError(MultiGANError):
    """A plugin failed to import or breaks the contract."""


class UnsupportedError(MultiGANError):
    """A verb that a modality declares as unsupported, with its reason."""


class RunError(MultiGANError):
    """A run directory cannot be written, read or resumed."""


class CheckpointError(RunError):
    """A checkpoint is missing, damaged or belongs to another recipe."""


class PeerError(RunError):
    """Another process of a distributed run failed; its own error is the one to read.

    Attributes:
        lost: whether the connection to it broke, as when it is killed.
        silent: whether another process says why the run ended.
    """

    lost = False
    silent = True


class WriteError(RunError):
    """A file of a run cannot be written: the disk is full, read-only or gone, or there is no permission."""


class ExportError(MultiGANError):
    """A generator cannot be written in a format, or the written file differs from the net it was made from."""


class DivergedError(MultiGANError):
    """Training produced NaN or infinity; the last good checkpoint is kept.

    Attributes:
        located: whether it names the layer where it began.
    """

    located = False


@contextmanager
def under(*path: str | int) -> Iterator[None]:
    """What is raised inside is about this part of a recipe, or about a key below it.

    Wrong recipes and unknown names always are; other errors, as of data, where they carry a key of their own.

    Args:
        path: names of tables and keys, and numbers of entries: `"game", "penalties", 1`.

    Example:
        >>> try:
        ...     with under("G"):
        ...         raise RecipeError("G.width = -3", "a number above 0", key=("width",))
        ... except RecipeError as error:
        ...     print(error.key)
        ('G', 'width')
    """
    try:
        yield
    except MultiGANError as error:
        if (error._of_recipes or error.key) and not error.whole:
            error.key = (*path, *error.key)
        raise


_FULL = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory")


def is_memory(error: BaseException) -> bool:
    """Whether an error, of Python's or torch's, says that the memory is full."""
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _FULL)


_CURES = {
    (errno.ENOSPC, errno.EDQUOT): ("a disk with free space", "free space"),
    (errno.EFBIG,): ("no limit on the size of a file", "raise the limit on files (ulimit -f)"),
    (errno.EACCES, errno.EPERM): ("the right to write there", "give yourself the right to write there"),
    (errno.EROFS,): ("a disk that is not read-only", "make that disk writable"),
    (errno.ENAMETOOLONG,): ("names of at most 255 bytes", "type a shorter name"),
}


def unwritten(error: BaseException) -> tuple[str, str]:
    """What is expected where something could not be written, and what to do: space, a right, or another place.

    Args:
        error: the system's, or one of a library that quotes the system's number.

    Example:
        >>> unwritten(OSError(errno.ENOSPC, "No space left on device"))
        ('a disk with free space', 'free space')
    """
    quoted = re.search(r"os error (\d+)", str(error))
    number = error.errno if isinstance(error, OSError) else int(quoted[1]) if quoted else None
    return next((cure for numbers, cure in _CURES.items() if number in numbers), ("a writable folder", "look there"))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known names: those that begin so, also after a slash, or else those that are spelt alike.

    Args:
        name: what the user typed.
        known: the names that exist.

    Returns:
        `"did you mean 'hinge'?"`, or the whole list where nothing is near.

    Example:
        >>> did_you_mean("hing", ["hinge", "wasserstein"])
        "did you mean 'hinge'?"
    """
    names = sorted(known)
    begun = [one for one in names if len(name) > 1 and any(part.startswith(name) for part in (one, *one.split("/")))]
    if 1 <= len(begun) <= 2:
        return "did you mean " + " or ".join(f"'{match}'" for match in begun) + "?"
    near = get_close_matches(name, names, n=2, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(f"'{match}'" for match in near) + "?"
    return "choose from " + ", ".join(names) if names else "there is none to choose from"
