"""Poems as people keep them: one a line with marks between its lines, blocks of lines, or a file each."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.plugins.text.decode import lines_in, opened
from multigan.plugins.text.script import is_unspaced

__all__ = ["Poems", "clearly_poems", "poems_of"]

MOSTLY = 0.9
HALF = 0.5
SHORT = 50
"""Characters of a line that looks like a verse, not like wrapped prose."""
FEWEST = 8
"""Poems from which on a file is taken for poems without being told."""
LOOKED_AT = 2000
"""Lines of a file that are looked at for that."""
MOST_FILES = 20
_SLASH = re.compile(r"\s*/+\s*")
_SPACED_SLASH = re.compile(r"\s/+\s")
_STOPS = re.compile("[\uff0c\u3002\uff1f\uff01\uff1b\u3001\uff1a]+")
"""Marks at the ends of lines where a poem is written on in a script without spaces."""


class Poems(NamedTuple):
    """The poems of one file.

    Attributes:
        starts: for each, the place of its first line.
        texts: with a line break between lines.
        how: how they were told apart, for people.
        titles: lines that stand alone between poems, left out.
    """

    starts: list[int]
    texts: list[str]
    how: str
    titles: list[int]


def poems_of(file: Path, lines: Sequence[str], *, alone: bool) -> Poems:
    """Poems from the cleaned lines, or texts, of a file; empty ones stand where empty lines are.

    One poem a line where most lines hold a tab, a slash or, in scripts without spaces between words, a space or a stop
    between their parts; else blocks of lines with empty lines between; else, of several files, a file a poem.

    Args:
        file: for the message.
        lines: of the file.
        alone: whether it is the only file.

    Raises:
        DataError: nothing says where a poem ends.
    """
    filled = [k for k, line in enumerate(lines) if line]
    if not filled:
        return Poems([], [], "no line with text", [])
    if any("\n" in line for line in lines):  # of a table or JSON: poems already
        return Poems(filled, [_joined(lines[k].split("\n")) for k in filled], "as they stand", [])
    for how, cut in _CUTS.items():
        parts = [cut(lines[k]) for k in filled]
        if sum(len(found) > 1 for found in parts) >= HALF * len(parts):
            return Poems(filled, [_joined(found) for found in parts], f"one a line, {how} between its lines", [])
    blocks = _blocks(lines)
    long = [block for block in blocks if len(block) > 1]
    if len(blocks) > 1 and long:
        titles = [block[0] for block in blocks if len(block) == 1]
        how = "blocks with empty lines between"
        return Poems([block[0] for block in long], [_joined([lines[k] for k in block]) for block in long], how, titles)
    if not alone:
        return Poems(filled[:1], [_joined([lines[k] for k in filled])], "a file a poem", [])
    given = f"{file} has {counted(len(filled), 'line')}, and nothing says where a poem ends"
    wanted = "empty lines between poems, or one poem a line with / or a tab between its lines"
    raise DataError(given, wanted, "put an empty line after each poem; lines that are no poems: --recipe text/file")


def clearly_poems(files: Sequence[Path]) -> str:
    """What says that text files are poems, by a look at their beginnings; "" where it is not clear.

    Clear are blocks of 2 to 40 lines of which nine in ten have at most 50 characters, and lines of such parts with
    ` / ` between them; eight poems or more.
    """
    if not files or any(not file.name.lower().endswith((".txt", ".txt.gz")) for file in files):
        return ""
    found = [_look(file) for file in files[:MOST_FILES]]
    if not all(count for count, _ in found) or sum(count for count, _ in found) < FEWEST:
        return ""
    return found[0][1]


def _look(file: Path) -> tuple[int, str]:
    """How many poems begin in a file's first lines, and how they are told apart; (0, "") of anything else."""
    try:
        with opened(file) as stream:
            lines = [line.strip() for line in islice(lines_in(file, stream), LOOKED_AT)]
    except (DataError, OSError, UnicodeError, EOFError):
        return 0, ""
    filled = [line for line in lines if line]
    slashed = [_SLASH.split(line) for line in filled if _SPACED_SLASH.search(line)]
    if filled and len(slashed) >= MOSTLY * len(filled):
        return (len(slashed), "lines with / between short parts") if _are_short([*chain(*slashed)]) else (0, "")
    blocks = _blocks(lines)
    verses = [block for block in blocks if 2 <= len(block) <= 40]
    titles = sum(len(block) == 1 for block in blocks)
    if len(verses) < 2 or len(verses) + min(titles, len(verses)) < MOSTLY * len(blocks) or not _are_short(filled):
        return 0, ""
    return len(verses), "blocks of short lines"


def _are_short(lines: Sequence[str]) -> bool:
    return sum(len(line) <= SHORT for line in lines) >= MOSTLY * len(lines)


def _blocks(lines: Sequence[str]) -> list[list[int]]:
    """Runs of lines that are not empty."""
    blocks: list[list[int]] = []
    before = ""
    for k, line in enumerate(lines):
        if line:
            if not before:
                blocks.append([])
            blocks[-1].append(k)
        before = line
    return blocks


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(stripped for line in lines if (stripped := line.strip()))


def _at_spaces(line: str) -> list[str]:
    """Parts of a text in a script without spaces; where every character stands alone, at its stops."""
    if not is_unspaced(line):
        return [line]
    parts = line.split()
    if all(len(part) == 1 for part in parts) or len(parts) == 1:
        return [part for part in _STOPS.split("".join(parts)) if part]
    return [stripped for part in parts if (stripped := _STOPS.sub("", part))]


_CUTS: Mapping[str, Callable[[str], list[str]]] = {
    "a tab": lambda line: line.split("\t"),
    "/": _SLASH.split,
    "a space or stop": _at_spaces,
}
"""What stands between the lines of a poem that is written in one."""
