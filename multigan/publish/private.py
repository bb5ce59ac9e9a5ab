"""What a run's record says of its data, without what is the maker's own: places, names of files, lines of them."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from multigan.core.plain import one_line
from multigan.plugins import modalities
from multigan.publish.facts import RunFiles

__all__ = ["data_lines", "without_places"]

DATA, FILE, HIDDEN = "the data", "a file", "…"
_COUNTED = re.compile(r"^(\d{1,3}(?:,\d{3})*|\d+)(\.\d+)? ?([^\W\d]|×|$)")
_PLACE = re.compile(r"\S*(?:[/\\]\S*[^\W\d]|[^\W\d]\S*[/\\])\S*")
_FILE = re.compile(r"\S+\.(?=\w{1,9}\b)(?=\w*[^\W\d])\w+\S*")
_EVIDENCE = re.compile(r" \((?:[^()]|\([^()]*\))*\)$")


def data_lines(facts: RunFiles, modality: str) -> list[str]:
    """The lines of `run.json` on the data, cut down to what was counted and done.

    A line is a sentence, and after it, behind a colon or in brackets, the names of the first files it is about: these
    are left away. The source becomes "the data", unless it is an embedded set; what still looks like a name is hidden.
    """
    embedded = modalities.get(modality).embedded if modality in modalities.names() else ()
    names = _names(facts, embedded)
    return [_public(one_line(line), names, embedded) for line in facts.run.get("data") or ()]


def without_places(text: object) -> str:
    """The text with every path on a machine hidden; an id of the hub (`owner/name`) is none."""
    return re.sub(r"(?<![\w.])(?:~|\.{1,2})?[/\\](?! )[^\s;,]+", HIDDEN, one_line(text))


def _public(line: str, names: Mapping[str, str], embedded: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[name], line)
    line = re.sub(r"(sub-folder) .* (holds)", r"\1 \2", line)
    line = re.sub(r"^\D.*? left out$|^\D.*? left out:.*", f"{FILE} left out", line)
    head, colon, rest = line.partition(": ")
    counted = bool(_COUNTED.match(rest)) and not _COUNTED.match(head) and not head.startswith("the only")
    if colon and not counted:
        return _hidden(head if head.count("(") == head.count(")") else head.partition(" (")[0])
    if not colon:
        return _hidden(_EVIDENCE.sub("", line))
    known = head in (DATA, FILE) or head.partition(":")[0] in {"torchvision", *embedded}
    head = head if known or head.startswith(("with ", "only ")) else (DATA if _hidden(head) != head else head)
    return f"{head}: {_hidden(_EVIDENCE.sub('', rest))}"


def _hidden(text: str) -> str:
    return _FILE.sub(HIDDEN, _PLACE.sub(HIDDEN, text))


def _names(facts: RunFiles, embedded: Sequence[str]) -> dict[str, str]:
    """Names that the run itself knows, and what is said in their place."""
    if facts.folder is None:
        return {}
    record, recipe = _record(facts.folder / "data.json"), _recipe(facts.folder / "recipe.toml")
    classes = set(record.get("classes") or ())
    parts = {part for line in record.get("files") or () for part in str(line).split(" ", 2)[-1].split("/")}
    names = {part: FILE for part in parts - classes if len(part) > 2 and not part.isdecimal()}
    for source in (record.get("source"), (recipe.get("data") or {}).get("source")):
        if source and source not in embedded:
            path = Path(str(source)).expanduser()
            names |= {one_line(name): DATA for name in (source, path, path.absolute(), path.name) if str(name)}
    return names


def _record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["identity"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _recipe(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
