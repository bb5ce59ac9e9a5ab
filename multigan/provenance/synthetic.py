"""What MultiGAN itself made, found among data: a generator that learns from it learns from another generator."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from multigan.core.errors import DataError
from multigan.files.findings import Finding, finding, listed, shown
from multigan.files.listing import as_lines, other_files
from multigan.provenance.labels import SOURCE_TYPE, label_beside, label_of_sidecar, label_of_sound, read

__all__ = [
    "LEFT",
    "ONLY",
    "is_ours",
    "is_own",
    "is_own_sound",
    "is_own_text",
    "is_sidecar",
    "other_findings",
    "other_lines",
    "own_findings",
    "own_lines",
]

LEFT = "left out"
_WHOLE = (".json", ".onnx")
_MOST_BYTES = 2**24
"""Of a file that would be in memory as a whole, only to look whether MultiGAN made it."""
ONLY = "trained on all the same, as there are no others"


def is_ours(label: object) -> bool:
    """Whether fields are a label that MultiGAN writes into what it makes; other programs have fields of that name too.

    Example:
        >>> is_ours({"digital_source_type": SOURCE_TYPE, "software": "MultiGAN 1"}), is_ours({"software": "a camera"})
        (True, False)
    """
    if not isinstance(label, Mapping) or label.get("digital_source_type") != SOURCE_TYPE:
        return False
    return str(label.get("software", "")).startswith("MultiGAN")


def is_own_sound(path: Path) -> bool:
    """Whether a sound says of itself that MultiGAN made it; a file that cannot be read says nothing."""
    try:
        return is_ours(label_of_sound(path))
    except OSError:
        return False


def is_own_text(path: Path) -> bool:
    """Whether the file beside a text says that MultiGAN made it."""
    try:
        return is_ours(label_beside(path))
    except OSError:
        return False


def is_sidecar(path: Path) -> bool:
    """Whether it is a file that MultiGAN writes beside a text (`poem.txt.json`): no data, though the text be gone."""
    try:
        return is_ours(label_of_sidecar(path))
    except OSError:
        return False


def is_own(path: Path) -> bool:
    """Whether a file of any format says of itself that MultiGAN made it; a large one of no known format is not read.

    One that cannot be read says nothing.
    """
    try:
        if path.suffix.lower() in _WHOLE and path.stat().st_size > _MOST_BYTES:
            return False
        return is_sidecar(path) or is_ours(read(path))
    except (DataError, OSError, ValueError):
        return False


def other_findings(
    path: Path, others: Sequence[Path], suffixes: Sequence[str], relatives: Sequence[str], noun: str
) -> list[Finding]:
    """Files whose endings are not read: what MultiGAN made (a GIF of interpolations), and the rest for what it may be.

    Args:
        path: the folder.
        others: files in it whose endings are not read.
        suffixes: endings that are read.
        relatives: endings of the same kind of data that are not read (`.gif`).
        noun: what the data is, in the plural.
    """
    own = {file for file in others if is_own(file)}
    rest = [file for file in others if file not in own]
    names = [shown(file, path) for file in others if file in own]
    return own_findings(names, "other file", kept=False) + other_files(path, rest, suffixes, relatives, noun)


def other_lines(
    path: Path, others: Sequence[Path], suffixes: Sequence[str], relatives: Sequence[str], noun: str
) -> list[str]:
    """The same in lines of a loader's report; see `other_findings`."""
    return as_lines(other_findings(path, others, suffixes, relatives, noun))


def own_lines(names: Sequence[str], *, kept: bool) -> list[str]:
    """What a loader's report says of MultiGAN's own files.

    Args:
        names: of the files, for print.
        kept: whether they are trained on, as there are no others.
    """
    n = len(names)
    what = ONLY if kept else f"{LEFT}: {', '.join(listed(names, n))}"
    return [f"{n:,} made by MultiGAN itself, {what}"] if n else []


def own_findings(names: Sequence[str], noun: str, *, kept: bool) -> list[Finding]:
    """The same for the doctor.

    Args:
        names: of the files, for print.
        noun: what they are, in the singular.
        kept: whether they are trained on, as there are no others.
    """
    return finding(
        "warning" if kept else "note",
        "synthetic",
        f"{{n}} {noun}{{s}} made by MultiGAN itself, {ONLY if kept else LEFT}",
        names,
        f"give {noun}s that are real: a generator would learn from another" if kept else "nothing, or move them away",
    )
