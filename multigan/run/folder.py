"""A run's directory: who may write in it, what a call made in it, and what it removes again where it failed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from signal import SIGINT

from multigan.core.atomic import remove_files, writing
from multigan.core.errors import DivergedError, PeerError, RunError, WriteError
from multigan.core.later import by_later
from multigan.core.shell import typed
from multigan.core.signals import Interrupted
from multigan.engine.checkpoint import list_checkpoints
from multigan.engine.distributed import World
from multigan.engine.verified import STATE, TENSORS
from multigan.generator.generator import CONFIG, KEPT, WEIGHTS
from multigan.recipe.recipe import Recipe, dumps, load_recipe
from multigan.run.files import out_of_the_way
from multigan.run.lock import LOCK, RunLock, refuse_busy
from multigan.run.programs import COPY, keep_copy, offer_copy, refuse_unpinned_program

__all__ = ["LOG", "find_run", "has_begun", "new_run", "old_run", "stays"]


LOG = "log.txt"
"""What nobody could read on the terminal."""
STAGED = (".new-*", ".old-*")
WHOLE = (TENSORS, STATE, CONFIG, WEIGHTS)
WRITTEN = {
    # From the inside out; a folder goes when nothing else is in it. Only what this code writes has such names.
    **dict.fromkeys((f"checkpoints/{name}" for name in STAGED), WHOLE),
    **dict.fromkeys((f"healthy/{name}" for name in (*STAGED, "step-*", KEPT["best"])), WHOLE),
    **dict.fromkeys((*STAGED, KEPT["mle"]), WHOLE),
    "checkpoints": (),
    "healthy": (),
    "samples": ("samples-*",),
    "tensorboard": ("events.out.tfevents.*",),
}
TOLD = ("recipe.toml", "data.json", "budget.json", "metrics.jsonl", "run.json", "verdict.json", "report.html")
FILES = (*TOLD, LOG, COPY, *STAGED)


def find_run(run: str | PathLike[str]) -> tuple[Path, Recipe]:
    """A run's directory and its recipe.

    Args:
        run: the directory, or a run in memory.

    Raises:
        RunError: it is no run directory.
        RecipeError: its recipe is damaged, or names a file of code that is not the run's.
    """
    folder = Path(run)
    if not (folder / "recipe.toml").is_file():
        raise RunError(f"{folder} is no run directory", "a folder with recipe.toml", "type the path that train printed")
    offer_copy(folder)
    with by_later(folder / "run.json"):
        return folder, refuse_unpinned_program(load_recipe(str(folder / "recipe.toml")))


@contextmanager
def new_run(where: str | Path | None, recipe: Recipe, world: World, name: str = "run") -> Iterator[Path]:
    """A block in which this call, on all its processes, owns a new run directory with `samples/` and `recipe.toml`.

    Where the block fails before anything worth keeping is there, what the call made is removed, and nothing else: a
    folder that was there before stays, with all that this call did not write.

    Args:
        where: a directory that is new or empty; None = `runs/NAME-NUMBER` with the next free number.
        recipe: what is trained.
        world: the processes; the first makes, owns and removes.
        name: of the folder in `runs/`, without its number.

    Raises:
        RunError: the directory holds something, or another process works in it.
        WriteError: it cannot be made or written; also what the block could not write, with what stands.
    """
    made = _Made(where, recipe, name) if world.is_first else None
    folder = made.folder if made else None
    try:
        folder = _agreed(folder, world)
        yield folder
    except BaseException as error:
        if made is not None and not stays(made.folder, error):
            made.undo()
        _tell(error, folder)
        raise
    finally:
        if made is not None:
            made.lock.release()
            made.remove_empty()


@contextmanager
def old_run(run: str | Path, world: World) -> Iterator[Path]:
    """A block in which this call, on all its processes, owns a run directory that exists.

    Raises:
        RunError: it is no run directory, another process works in it, or a folder has the name of one of its files.
        WriteError: it cannot be written; also what the block could not write, with what stands.
    """
    folder = Path(run)
    _refuse_folders(folder)
    lock = RunLock.take(folder) if world.is_first else None
    try:
        world.barrier()
        yield folder
    except BaseException as error:
        _tell(error, folder)
        raise
    finally:
        if lock is not None:
            lock.release()


def has_begun(folder: Path) -> bool:
    """Whether a run has saved anything that training it from the start would lose."""
    return bool(list_checkpoints(folder / "checkpoints")) or any(
        (folder / name).exists() for name in (KEPT["last"], KEPT["best"])
    )


def stays(folder: Path, error: BaseException) -> bool:
    """Whether a new run that `error` ends holds something worth keeping; else its directory goes."""
    kept = bool(list_checkpoints(folder / "checkpoints")) or (folder / KEPT["best"]).is_dir()
    return kept or isinstance(error, DivergedError)


class _Made:
    """What one call made: directories from the top down, the lock, `samples/` and `recipe.toml`."""

    def __init__(self, where: str | Path | None, recipe: Recipe, name: str) -> None:
        self.directories: list[Path] = []
        self.folder = self._free(name) if where is None else self._given(Path(where))
        try:
            self.lock = RunLock.take(self.folder)
        except BaseException:
            self.remove_empty()
            raise
        try:
            _refuse_full(self.folder)  # once more, now that nobody else can begin here
            self._begin(recipe)
        except BaseException:
            self.lock.release()
            self.remove_empty()
            raise

    def undo(self) -> None:
        """Remove the files that a run writes; it had an empty directory to itself, so they are this call's."""
        for name, patterns in WRITTEN.items():
            for inner in list(self.folder.glob(name)):
                if inner.is_dir() and not inner.is_symlink():
                    remove_files(inner, patterns)
        for pattern in FILES:
            for path in list(self.folder.glob(pattern)):
                _unlink(path)

    def remove_empty(self) -> None:
        """Remove the directories that were made and hold nothing."""
        for directory in reversed(self.directories):
            with suppress(OSError):
                directory.rmdir()

    def _begin(self, recipe: Recipe) -> None:
        try:
            with _makes(self.folder):
                (self.folder / "samples").mkdir()
                (self.folder / "recipe.toml").write_text(dumps(recipe), encoding="utf-8")
                keep_copy(self.folder, recipe)
        except BaseException:
            self.undo()
            raise

    def _given(self, folder: Path) -> Path:
        refuse_busy(folder)
        _refuse_full(folder)
        with _makes(folder):
            self._make_parents(folder)
            with suppress(FileExistsError):
                self._make(folder)
        return folder

    def _free(self, name: str) -> Path:
        """`runs/NAME-NUMBER`, made here: two calls at once never get the same."""
        number = 1
        with _makes(Path("runs")):
            self._make_parents(Path("runs") / name)
            while True:
                folder = Path("runs") / f"{name}-{number}"
                with suppress(FileExistsError):
                    self._make(folder)
                    return folder
                number += 1

    def _make_parents(self, folder: Path) -> None:
        for parent in reversed(folder.parents):
            if not parent.is_dir():
                with suppress(FileExistsError):  # another call was faster
                    self._make(parent)

    def _make(self, folder: Path) -> None:
        folder.mkdir()
        self.directories.append(folder)


@contextmanager
def _makes(folder: Path) -> Iterator[None]:
    try:
        with writing(folder):
            yield
    except WriteError as error:
        raise WriteError(error.given, error.expected, "choose another with --out DIR") from error


def _unlink(path: Path) -> None:
    if path.is_file() and not path.is_symlink():
        with suppress(OSError):
            path.unlink()


def _refuse_full(folder: Path) -> None:
    """A directory with anything in it is somebody's, and is left as it is."""
    if not os.path.lexists(folder):
        return
    with _makes(folder):
        held = [path.name for path in folder.iterdir()] if folder.is_dir() else [folder.name]
    if not [name for name in held if name != LOCK]:
        return
    begun = (folder / "data.json").is_file() or bool(list_checkpoints(folder / "checkpoints"))
    is_run = (folder / "recipe.toml").is_file() and begun
    resume = f"go on with it: multigan train --resume {typed(folder)}"
    raise RunError(
        f"{folder} exists already, and nothing in it was touched" if folder.is_dir() else f"{folder} is a file",
        "a new or empty directory",
        resume if is_run else "choose another with --out DIR",
    )


def _refuse_folders(folder: Path) -> None:
    """Before anything is trained: what would only fail at the end, when it is written."""
    for path in (folder / name for name in FILES if "*" not in name):
        if path.is_dir():
            raise RunError(f"{path} is a folder", "a file that training writes, or nothing", out_of_the_way(path))


def _agreed(folder: Path | None, world: World) -> Path:
    """The first process's directory on all of them; they wait here until it is made."""
    words = os.fsencode(folder).hex() if folder is not None else ""
    return Path(os.fsdecode(bytes.fromhex(world.first_words(words)[1])))


def _tell(error: BaseException, folder: Path | None) -> None:
    """Raise the error in words that say what stands and the one thing to type; most are right as they are."""
    if isinstance(error, KeyboardInterrupt):
        number = error.signal if isinstance(error, Interrupted) else SIGINT
        saved = folder is not None and bool(list_checkpoints(folder / "checkpoints"))
        resumable = folder is not None and (saved or _can_begin(folder))
        raise Interrupted(number, folder if resumable else None, saved=saved) from error
    if isinstance(error, WriteError) and folder is not None:
        todo = _what_stands(folder, f"{error.fix.partition(', or')[0]}, then ")
        raise WriteError(error.given, error.expected, todo) from error
    if isinstance(error, PeerError) and error.lost and folder is not None:
        given = "another process of this run ended and did not say why (killed, out of memory, or its machine is gone)"
        lost = PeerError(given, "all of them to go on", _what_stands(folder))
        lost.lost = True
        raise lost from error


def _can_begin(folder: Path) -> bool:
    """Whether a resume begins it from the start: what was made of it stands, and nothing would be lost."""
    return (folder / "recipe.toml").is_file() and not has_begun(folder)


def _what_stands(folder: Path, first: str = "") -> str:
    """What there is, and what to type; `first`: what to do before."""
    resume = f"{first}type multigan train --resume {typed(folder)}"
    kept = list_checkpoints(folder / "checkpoints")
    if kept:
        return f"{kept[-1]} is whole: {resume}"
    if (folder / KEPT["best"]).is_dir():
        best = f"there was no checkpoint yet, so it cannot go on; {folder / KEPT['best']} is whole and stays"
        return f"{best}: {first}start again with another --out"
    if _can_begin(folder):
        return f"there was no checkpoint yet: {resume}, which begins from the start"
    return f"there was no checkpoint yet, and nothing was left behind: {first}give the same command again"
