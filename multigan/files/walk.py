"""The one walk of a folder of data: what training reads, and what is left out of it and why."""

import json
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.files.findings import Finding, finding, listed, shown

__all__ = [
    "LeftOut",
    "Walk",
    "class_name",
    "is_generator",
    "is_run",
    "left_out_findings",
    "making",
    "normal",
    "report_left_out",
    "walk",
]

HIDDEN = "hidden"
SYSTEM = "kept by the system, not by you"
RUN = "a run's folder"
OWN_RUN = "the run that is being made"
GENERATOR = "a generator's folder"
CHECKPOINT = "a checkpoint's folder"
CIRCLE = "link in a circle"
AGAIN = "a folder that is read already, under another name"
NOWHERE = "link to nothing"
IRREGULAR = "no regular file"
CLOSED = "cannot be opened"

_LEAVINGS = {
    "__macosx",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "@eadir",
    "$recycle.bin",
    "system volume information",
}
_LEAVINGS |= {"lost+found", "__pycache__"}
_OF_A_RUN = {"run.json", "metrics.jsonl", "verdict.json", "checkpoints"}
_CONFIG_BYTES = 2**20
"""More than any `config.json` of a generator; a larger one is somebody's data."""

_Identity = tuple[int, int]
"""Device and inode: which folder a name leads to."""

_being_made: ContextVar[_Identity | None] = ContextVar("being_made", default=None)


class LeftOut(NamedTuple):
    """What the walk passes by, and why, in a phrase for people."""

    path: Path
    why: str


class Walk(NamedTuple):
    """What lies below a folder, or the one file that was given.

    Attributes:
        root: what was given.
        files: regular files, sorted by their names in Unicode's normal form NFC.
        left_out: what is no data, in the same order; of a folder, itself and not all that is in it.
        links: links to folders that were followed.
    """

    root: Path
    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...] = ()
    links: tuple[Path, ...] = ()


@contextmanager
def making(run: Path) -> Iterator[None]:
    """A block in which this process makes a run: its folder, where it lies in the data, is passed by without a word."""
    token = _being_made.set(_identity(run))
    try:
        yield
    finally:
        _being_made.reset(token)


def walk(path: Path) -> Walk:
    """Go through a folder as every modality, `sniff` and the doctor do.

    Left out are hidden names, what systems and archivers leave behind, folders of runs, generators and checkpoints,
    links to nothing, in a circle or to a folder that is read anyway, pipes, sockets, devices, and folders that cannot
    be opened. The folder that is given is looked into whatever its name; a run's or generator's folder holds no data.
    Links to files and folders are followed.

    Args:
        path: a folder or a file. Where there is none, nothing is found.

    Example:
        >>> walk(Path("nowhere")).files
        ()
    """
    if not path.is_dir():
        regular, there = path.is_file(), path.exists() or path.is_symlink()
        why = IRREGULAR if path.exists() else NOWHERE
        return Walk(path, (path,) if regular else (), () if regular or not there else (LeftOut(path, why),))
    walker = _Walker(path)
    walker.everything()
    return Walk(
        path,
        tuple(sorted(walker.files, key=_order)),
        tuple(sorted(walker.left_out, key=lambda left: _order(left.path))),
        tuple(sorted(walker.links, key=_order)),
    )


class _Walker:
    """Folders first, then the links to folders, so that a folder is read under its own name; nothing is read twice."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[Path] = []
        self.left_out: list[LeftOut] = []
        self.links: list[Path] = []
        self.read: set[_Identity] = set()

    def everything(self) -> None:
        above = {_identity(folder) for folder in self.root.resolve().parents}
        links = self._folders(self.root)
        while links:
            link, links = links[0], links[1:]
            if _identity(link) in above | _on_the_way(link, self.root):
                self.left_out.append(LeftOut(link, CIRCLE))
            elif _identity(link) in self.read:
                self.left_out.append(LeftOut(link, AGAIN))
            else:
                self.links.append(link)
                links += self._folders(link)

    def _folders(self, top: Path) -> list[Path]:
        """Read `top` and the folders below it; returns the links to folders that were met, in order."""
        waiting, links = [top], []
        while waiting:
            folder = waiting.pop()
            if (identity := _identity(folder)) in self.read:
                self.left_out.append(LeftOut(folder, AGAIN))
                continue
            entries = self._entries(folder)
            if why := _made_by_us(folder, {entry.name for entry in entries}):
                self.left_out.append(LeftOut(folder, why))
                continue
            self.read.add(identity)
            for entry in entries:
                kind = self._kind(entry)
                if kind == "folder":
                    waiting.append(Path(entry.path))
                elif kind == "link":
                    links.append(Path(entry.path))
        return sorted(links, key=_order)

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self.left_out.append(LeftOut(folder, f"{CLOSED} ({error.strerror})"))
            return []

    def _kind(self, entry: os.DirEntry[str]) -> str:
        """`"folder"`, `"link"` to a folder, or `""` where the entry is dealt with."""
        path = Path(entry.path)
        if why := _by_name(entry.name):
            self.left_out.append(LeftOut(path, why))
            return ""
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            why = NOWHERE if entry.is_symlink() else f"{CLOSED} ({error.strerror})"
            self.left_out.append(LeftOut(path, why))
            return ""
        if stat.S_ISDIR(mode):
            return "link" if entry.is_symlink() else "folder"
        if stat.S_ISREG(mode):
            self.files.append(path)
        else:
            self.left_out.append(LeftOut(path, IRREGULAR))
        return ""


def _by_name(name: str) -> str:
    if name.startswith("."):
        return HIDDEN
    return SYSTEM if name.lower() in _LEAVINGS else ""


def _made_by_us(folder: Path, names: set[str]) -> str:
    if is_run(folder, names):
        return OWN_RUN if _identity(folder) == _being_made.get() else RUN
    if is_generator(folder, names):
        return GENERATOR
    return CHECKPOINT if {"state.json", "tensors.safetensors"} <= names else ""


def is_run(folder: Path, names: set[str] | None = None) -> bool:
    """Whether a folder is a run's, young ones too: a recipe, and something that only a run writes beside it.

    Args:
        folder: the folder.
        names: of all that is in it, where they are known.
    """
    names = set(_names(folder)) if names is None else names
    if "recipe.toml" not in names:
        return False
    if names & _OF_A_RUN:
        return True
    sheets = _names(folder / "samples") if "samples" in names else ["somebody's"]
    return all(name.startswith("samples-") and name[8:18].isdigit() for name in sheets)


def is_generator(folder: Path, names: set[str] | None = None) -> bool:
    """Whether a folder holds a generator that MultiGAN wrote; its card and its samples are no data.

    Args:
        folder: the folder.
        names: of all that is in it, where they are known.
    """
    names = set(_names(folder)) if names is None else names
    config = folder / "config.json"
    if "config.json" not in names or "generator.safetensors" not in names:
        return False
    try:
        if not config.is_file() or config.stat().st_size > _CONFIG_BYTES:
            return False
        found = json.loads(config.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("library_name") == "multigan"


def normal(text: str) -> str:
    """Text in Unicode's normal form NFC: names that look the same are the same, whichever system wrote them."""
    return unicodedata.normalize("NFC", text)


def class_name(folder: str) -> str:
    r"""What a class is called after its folder: NFC, and bytes that are no UTF-8 escaped, so that it can be written.

    Example:
        >>> class_name("cafe" + chr(0x301)) == "caf" + chr(0xE9)
        True
    """
    return normal(os.fsencode(folder).decode("utf-8", "backslashreplace"))


def report_left_out(found: Walk) -> tuple[str, ...]:
    """Lines for a loader's report: what was left out, by reason, and which links were followed."""
    lines = []
    if found.links:
        n = len(found.links)
        lines.append(f"{counted(n, 'link')} to folders followed: {_few(found.links, found.root)}")
    for why, paths in _by_reason(found).items():
        lines.append(f"{len(paths):,} left out ({why}): {_few(paths, found.root)}")
    return tuple(lines)


def left_out_findings(found: Walk) -> list[Finding]:
    """The same for the doctor."""
    findings: list[Finding] = []
    for why, paths in _by_reason(found).items():
        names = [shown(path, found.root) for path in paths]
        if why == NOWHERE:
            findings += finding("warning", "broken-link", "{n} link{s} to nothing", names, "mend or remove them")
        elif why.startswith(CLOSED):
            fix = "allow yourself to read them, or move them away"
            findings += finding("warning", "closed-folder", f"{{n}} left out: {why}", names, fix)
        elif why == CIRCLE:
            findings += finding("warning", "link-circle", "{n} link{s} in a circle, left out", names, "remove them")
        else:
            findings += finding("note", "left-out", f"{{n}} left out: {why}", names, "nothing, where they are no data")
    return findings


def _by_reason(found: Walk) -> dict[str, list[Path]]:
    reasons: dict[str, list[Path]] = {}
    for left in found.left_out:
        if left.why == OWN_RUN:
            continue
        reasons.setdefault(left.why, []).append(left.path)
    return dict(sorted(reasons.items()))


def _few(paths: Sequence[Path], root: Path) -> str:
    return ", ".join(listed([shown(path, root) for path in paths], len(paths)))


def _order(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(normal(part) for part in path.parts), path.parts


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _identity(folder: Path) -> _Identity:
    """Which folder it is, whatever it is called; one that cannot be looked at is like no other."""
    try:
        status = folder.stat()
    except OSError:
        return (-1, hash(folder))
    return (status.st_dev, status.st_ino)


def _on_the_way(path: Path, root: Path) -> set[_Identity]:
    """The folders on the way from `root` to `path`, as they are reached."""
    return {_identity(folder) for folder in path.parents if folder == root or root in folder.parents}
