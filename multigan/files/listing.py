"""Files below a folder, and what its sub-folders say about classes."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from multigan.core.counted import counted
from multigan.files.findings import Finding, finding, listed, shown
from multigan.files.walk import Walk, class_name, left_out_findings, walk

__all__ = [
    "absent",
    "as_lines",
    "beside",
    "broken_links",
    "class_folders",
    "class_of",
    "files_in",
    "imbalance",
    "other_files",
    "sort_out",
]

HANDFUL = 5
LOPSIDED = 10
SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}
CLUTTER = {".txt", ".md", ".json", ".csv", ".tsv", ".xml", ".yaml", ".yml", ".ini", ".db", ".html", ".pdf", ".npy"}


def files_in(path: Path) -> list[Path]:
    """The files that `multigan.files.walk.walk` finds: the file itself, or what lies below a folder, sorted."""
    return list(walk(path).files)


def sort_out(path: Path | Walk, suffixes: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Files in two parts: those with one of the endings (`".png"`, `".txt.gz"`, in whatever case), and the others.

    Args:
        path: a folder, a file, or the walk through it.
        suffixes: endings with their dots, in lower case.
    """
    files = path.files if isinstance(path, Walk) else walk(path).files
    wanted = [file for file in files if file.name.lower().endswith(tuple(suffixes))]
    kept = set(wanted)
    return wanted, [file for file in files if file not in kept]


def beside(path: Path) -> list[str]:
    """Names of all that is in the folder where `path` is or would be: what a wrong name may have meant."""
    names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    return [name for name in names if name != path.name]


def absent(path: Path) -> str:
    """What to say of a path where nothing can be found: also a link that leads nowhere is there."""
    return f"'{shown(path)}' is a link that leads nowhere" if path.is_symlink() else f"there is no '{shown(path)}'"


def class_of(path: Path, file: Path) -> str:
    """Which class a file's folder makes it: the first level of sub-folders, by normal form; "" where it is in none."""
    parts = file.relative_to(path).parts if file != path and file.is_relative_to(path) else ()
    return class_name(parts[0]) if len(parts) > 1 else ""


def as_lines(findings: Sequence[Finding]) -> list[str]:
    """What the doctor would say, as lines of a loader's report."""
    return [found.what + (f" ({', '.join(found.evidence)})" if found.evidence else "") for found in findings]


def broken_links(path: Path) -> list[Finding]:
    """Links that lead nowhere: training does not see them."""
    return [found for found in left_out_findings(walk(path)) if found.name == "broken-link"]


def other_files(
    path: Path, others: Sequence[Path], suffixes: Sequence[str], relatives: Sequence[str], noun: str
) -> list[Finding]:
    """Files that training leaves out.

    Args:
        path: the folder.
        others: files in it whose endings are not read.
        suffixes: endings that are read.
        relatives: endings of the same kind of data that are not read (`.gif`).
        noun: what the data is, in the plural.
    """
    endings = Counter(file.suffix.lower() for file in others)
    kin = [file for file in others if file.suffix.lower() in relatives]
    bare = [file for file in others if not file.suffix]
    rest = {ending: n for ending, n in endings.items() if ending and ending not in relatives}
    read = " ".join(suffixes)
    strange = any(ending not in CLUTTER for ending in rest)
    kinds = [f"{n:,} × {shown(ending)}" for ending, n in sorted(rest.items(), key=lambda item: (-item[1], item[0]))]
    found = finding(
        "warning",
        "unread-format",
        f"{{n}} file{{s}} may be {noun} of a format that is not read",
        (shown(file, path) for file in kin),
        f"convert them; these endings are read: {read}",
    )
    found += finding(
        "warning",
        "no-ending",
        "{n} file{s} without an ending, left out",
        (shown(file, path) for file in bare),
        f"give them one of {read}, or remove them",
    )
    if rest:
        total = sum(rest.values())
        fix = f"nothing, where they are no {noun}; these endings are read: {read}"
        what = f"{counted(total, 'other file')} left out"
        found.append(Finding("note", "other-files", what, listed(kinds, len(kinds)), total, fix if strange else ""))
    return found


def class_folders(path: Path | Walk, files: Sequence[Path], noun: str, own: Sequence[Path] = ()) -> list[Finding]:
    """Slips in the names and the depth of class folders, each of which loses or mixes up the labels.

    Args:
        path: the folder that was given, or the walk through it.
        files: readable files in it that are trained on.
        noun: what they are, in the plural.
        own: files that are left out as MultiGAN made them.
    """
    found = path if isinstance(path, Walk) else walk(path)
    path = found.root
    files = [file for file in files if file.is_relative_to(path)]  # a list may name others
    if not path.is_dir() or not files:
        return []
    parts = [file.relative_to(path).parts for file in files]
    loose = [file for file, part in zip(files, parts, strict=True) if len(part) == 1]
    tops = sorted({part[0] for part in parts if len(part) > 1})
    slips = [*_loose(path, loose, tops, noun), *_look_alike(path, tops)]
    slips += _empty_classes(found, tops, noun, own) if tops else []
    if loose:
        return slips
    return slips + _wrong_level(path, tops, parts)


def _wrong_level(path: Path, tops: Sequence[str], parts: Sequence[tuple[str, ...]]) -> list[Finding]:
    if tops and {top.lower() for top in tops} <= SPLITS:
        named = tuple(shown(top) for top in tops)
        what = "the first level of sub-folders is named like splits: " + ", ".join(named)
        below = any(len(part) > 2 for part in parts)
        fix = f"give one of them: {shown(path / tops[0])}" if below else "put all files into one folder"
        return [Finding("warning", "splits-as-classes", what, named, len(tops), fix)]
    deeper = sorted({part[1] for part in parts if len(part) > 2})
    if len(tops) == 1 and len(deeper) > 1:
        what = f"the only sub-folder {shown(tops[0])} holds {len(deeper):,} folders that look like classes: no labels"
        fix = f"give {shown(path / tops[0])} instead"
        names = [shown(name) for name in deeper]
        return [Finding("warning", "one-level-too-high", what, listed(names, len(deeper)), len(deeper), fix)]
    return []


def imbalance(counts: dict[str, int], noun: str) -> list[Finding]:
    """Classes with hardly any items, and sets where one class outweighs another.

    Args:
        counts: items by class name.
        noun: what they are, in the plural.
    """
    if len(counts) < 2:
        return []
    small = [name for name in counts if counts[name] < HANDFUL]
    found = finding(
        "warning",
        "tiny-class",
        f"{counted(len(small), 'class', 'classes')} with fewer than {HANDFUL} {noun}",
        (f"{shown(name)}: {counts[name]:,}" for name in small),
        "add to them or remove their folders",
    )
    others = {name: n for name, n in counts.items() if name not in small}
    if len(others) < 2:
        return found
    least, most = min(others, key=lambda k: others[k]), max(others, key=lambda k: others[k])
    if others[most] < LOPSIDED * others[least]:
        return found
    ratio = others[most] / others[least]
    what = f"the largest class has {ratio:.0f} times as many {noun} as the smallest"
    evidence = (f"{shown(most)}: {others[most]:,}", f"{shown(least)}: {others[least]:,}")
    fix = "add to the small classes or thin out the large ones"
    return [*found, Finding("warning", "imbalance", what, evidence, len(others), fix)]


def _loose(path: Path, loose: Sequence[Path], tops: Sequence[str], noun: str) -> list[Finding]:
    if not loose or len(tops) < 2:
        return []
    what = (
        f"{counted(len(loose), noun.removesuffix('s'))} beside {counted(len(tops), 'class folder')}: no labels are used"
    )
    names = (shown(file, path) for file in loose)
    return finding("warning", "beside-class-folders", what, names, "move them into a class folder or away")


def _look_alike(path: Path, tops: Sequence[str]) -> list[Finding]:
    """Folders that look alike by name: one class where they differ in Unicode's form alone, else several."""
    looks: dict[str, list[str]] = {}
    for top in tops:
        looks.setdefault(" ".join(unicodedata.normalize("NFKC", class_name(top)).casefold().split()), []).append(top)
    alike = [names for names in looks.values() if len(names) > 1]
    one = [names for names in alike if len({class_name(name) for name in names}) == 1]
    found = finding(
        "warning",
        "class-twice",
        f"{counted(len(one), 'class', 'classes')} of several folders, whose names differ in nothing that can be seen: "
        "taken for one",
        (" and ".join(ascii(name) for name in names) for names in one),
        "put them into one folder",
    )
    return found + finding(
        "warning",
        "classes-alike",
        "{n} group{s} of class folders whose names hardly differ: taken for different classes",
        (" and ".join(repr(shown(name)) for name in names) for names in alike if names not in one),
        "put them into one folder, where they are one class",
    )


def _empty_classes(found: Walk, tops: Sequence[str], noun: str, own: Sequence[Path]) -> list[Finding]:
    path = found.root
    away = {left.path for left in found.left_out}
    # What holds nothing but a run's folder and the like is no class, and named as left out.
    around = {folder for place in away if place.is_dir() and place.name[0] != "." for folder in place.parents}
    folders = [p for p in sorted(path.iterdir()) if p.is_dir() and p not in away | around]
    made = {path / file.relative_to(path).parts[0] for file in own if file.is_relative_to(path)}
    without = [folder for folder in folders if folder.name not in tops]
    empty = [shown(folder, path) for folder in without if folder not in made]
    slips = finding(
        "warning", "empty-class", "{n} class folder{s} without a readable file", empty, "fill or remove them"
    )
    return slips + finding(
        "warning",
        "synthetic-class",
        f"{{n}} class folder{{s}} whose readable {noun} MultiGAN itself made, left out: no class",
        (shown(folder, path) for folder in without if folder in made),
        f"give {noun} that are real, or move them away",
    )
