"""Where a key stands in a TOML file, for error messages: tomllib keeps no lines."""

import re
from collections.abc import Sequence

__all__ = ["line_of"]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"(?:^|[{,]|\s)\s*([A-Za-z0-9_.\"'-]+)\s*=(?!=)")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    r"""The 1-based line that sets the key at `path`, or the nearest table above it that has one.

    Args:
        text: the TOML file.
        path: keys from the top, numbers for places in arrays: `("phases", 0, "turns")`.

    Returns:
        A line, or None where the file does not mention any part of the path.

    Example:
        >>> line_of('[train]\nbatch = 3', ("train", "batch"))
        2
    """
    wanted = [str(part) for part in path if not isinstance(part, int)]
    while wanted:
        lines = [number for number, keys in _keys(text) if keys == wanted]
        lines = lines or [number for number, keys in _keys(text) if keys[: len(wanted)] == wanted]
        place = next((part for part in reversed(path) if isinstance(part, int)), 0)
        if lines:
            return lines[min(place, len(lines) - 1)]
        wanted.pop()
    return None


def _keys(text: str) -> list[tuple[int, list[str]]]:
    """(line, full key path) of every header and assignment, inline tables included."""
    found: list[tuple[int, list[str]]] = []
    table: list[str] = []
    outer: list[str] = []
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("#")[0] if line.count('"') < 2 else re.sub(r"#[^\"]*$", "", line)
        header = _HEADER.match(code) if depth == 0 else None
        if header:
            table = _split(header.group(2))
            found.append((number, table))
            continue
        for match in _KEY.finditer(code):
            before = code[: match.start(1)]
            inner = depth + before.count("{") - before.count("}") + before.count("[") - before.count("]") > 0
            keys = [*outer, *_split(match.group(1))] if inner else [*table, *_split(match.group(1))]
            outer = outer if inner else keys
            found.append((number, keys))
        depth += code.count("{") - code.count("}") + code.count("[") - code.count("]")
    return found


def _split(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
