"""Two sets of lines without pairs, one manner of writing each, with one vocabulary for both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from multigan.core.counted import counted
from multigan.core.errors import DataError, did_you_mean
from multigan.core.types import Data, Spec
from multigan.files.findings import shown
from multigan.files.listing import absent, beside
from multigan.files.sides import sets_of
from multigan.plugins.text.coupled import OWN, chosen, groups_of
from multigan.plugins.text.data import Texts, vocabulary_for
from multigan.plugins.text.encode import encode
from multigan.plugins.text.read import ABOUT, SUFFIXES, read_files
from multigan.plugins.text.registers import REGISTERS, register_lines
from multigan.plugins.text.vocabulary import END

__all__ = ["MANNERS", "sees_two", "unite"]

MANNERS: Mapping[str, str] = {REGISTERS[1]: REGISTERS[0], REGISTERS[0]: REGISTERS[1]}
"""Embedded sets that come in two, and the inputs of each."""


def unite(
    target: str, source: str | None, *, options: Mapping[str, Any], given: Mapping[str, Any], swap: bool
) -> tuple[Data, Data]:
    """Read two sets and encode them alike; see `multigan.core.inputs.Unites`.

    Raises:
        DataError: there are no two sets, or one of them holds no text.
    """
    own = next((name for name in OWN if name in given), None)
    if own is not None:
        fix = "remove it, or write it under [data]"
        raise DataError(f"input.{own} beside pairs = false", "one vocabulary for both sets", fix, key=("input", own))
    places, said = _places(target, source, swap)
    columns = options.get("column", ""), given.get("column", options.get("column", ""))
    sides = [_texts(place, column, options) for place, column in zip(places, columns, strict=True)]
    both, wanted = [*sides[0][0], *sides[1][0]], chosen(options)
    vocabulary = vocabulary_for(both, wanted)
    length = encode(both, vocabulary, wanted.length).length
    meta, made = {"vocabulary": vocabulary.to_meta(), "end": END}, []
    for texts, _, files, root in sides:
        ids = encode(texts, vocabulary, length).ids
        spec = Spec("text", (length, len(vocabulary)), (), meta, 1)
        made.append(Data(Texts(ids, groups_of(texts)), spec, None, (), files, root))
    words, others = ([word for text in side[0] for word in text.split()] for side in sides)
    known = set(others)
    alike = sum(word in known for word in words) / max(1, len(words))
    facts = (
        said,
        *(line for side in sides for line in side[1]),
        f"at most {length} of {counted(len(vocabulary), vocabulary.kind)}, one vocabulary for both; {alike:.0%} of the "
        "words of targets stand in inputs too, and are what the two are held together by",
    )
    return replace(made[0], report=facts), made[1]


def sees_two(place: Path) -> str:
    """In words, the two files of lines that a folder holds and nothing else; "" where it is laid out otherwise."""
    if not place.is_dir():
        return ""
    found = _two(place)
    return "" if found is None else f"two files, {shown(found[0].name)} and {shown(found[1].name)}"


def _places(target: str, source: str | None, swap: bool) -> tuple[tuple[str, str], str]:
    """Where targets and inputs lie, and what is said of it."""
    if source is None and target in MANNERS:
        source = MANNERS[target]
        source, target = (target, source) if swap else (source, target)
        said = f"{source} as input and {target} as target, made here, no line of one told in the other"
        return (target, source), said
    if source is not None:
        return (target, source), f"{shown(Path(source))} as input and {shown(Path(target))} as target"
    place = Path(target).expanduser()
    sets = sets_of(place, SUFFIXES)
    found = (sets.source, sets.target) if sets is not None else _two(place)
    if found is None:
        raise DataError(
            f"{shown(place)} holds no two sets of texts that are known",
            "a folder with two files of lines, or with two sub-folders of such",
            "name both: --set data.source=TARGETS --set input.source=INPUTS",
        )
    one, other = found[::-1] if swap else found
    said = f"{shown(place)}: {shown(one.name)} as input and {shown(other.name)} as target"
    return (str(other), str(one)), said


def _two(place: Path) -> tuple[Path, Path] | None:
    """The two files of texts of a folder, by name, where there are exactly two."""
    files = sorted(one for one in place.iterdir() if one.is_file() and one.name.lower().endswith(SUFFIXES))
    files = [one for one in files if not one.name.startswith(".") and one.name.split(".")[0].lower() not in ABOUT]
    return (files[0], files[1]) if len(files) == 2 else None


def _texts(
    place: str, column: str | int, options: Mapping[str, Any]
) -> tuple[Sequence[str], Sequence[str], tuple[Path, ...], Path | None]:
    """Texts, lines of the report, files and what they lie in."""
    if place in MANNERS:
        return register_lines(place, int(options.get("n", 10_000))), (), (), None
    path = Path(place).expanduser()
    if not path.exists():
        near = did_you_mean(path.name, [*beside(path), *MANNERS])
        raise DataError(absent(path), f"a file of lines, or {' or '.join(MANNERS)}", near)
    reading = read_files(path, column, to_train=True, poems=options.get("texts") == "poems")
    files = tuple(one.file for one in reading.files if any(one.texts))
    return reading.texts(), reading.report(), files, reading.found.root
