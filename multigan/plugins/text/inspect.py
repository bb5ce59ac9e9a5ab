"""Texts before training: encodings, control characters, twins, lines too short, too long or of rare tokens."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from multigan.errors import DataError
from multigan.findings import Finding, Severity, Survey, Tick, finding, listed, shown
from multigan.folders import broken_links, files_in, other_files
from multigan.plugins.text import data
from multigan.plugins.text.vocabulary import UNKNOWN, Vocabulary
from multigan.types import Spec

__all__ = ["Line", "inspect"]

RELATIVES = (".tsv", ".json", ".parquet", ".docx", ".doc", ".odt", ".pdf", ".rtf", ".epub", ".html", ".xml", ".srt")
BINARY_SHARE = 0.01
EXCERPT = 40
RARE = 0.5
MANY_UNKNOWN = 0.05
MANY = 0.05
PARAGRAPH = 10
LATIN_PAIR = re.compile("[Â-ô][\u0080-¿Œœ-ž‘-€™]")


class Line(NamedTuple):
    """One text and where it stands."""

    file: Path
    number: int
    text: str


def inspect(path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
    """Read every line once.

    Args:
        path: a file or a folder.
        options: as for `TextModality.load`.
        tick: called after each file.
    """
    known = {name: options[name] for name in data.TextOptions._fields if name in options}
    chosen = data.TextOptions(**known)
    files = files_in(path)
    texts = [file for file in files if file.name.lower().endswith(data.SUFFIXES)]
    lines: list[Line] = []
    found: list[Finding] = []
    for number, file in enumerate(texts, 1):
        try:
            lines += [Line(file, k, line.strip()) for k, line in enumerate(data.lines_of(file, chosen.column), 1)]
        except (DataError, OSError) as error:
            found += _unreadable(path, file, error)
        tick(number, len(texts))
    found = [*_merged(found), *broken_links(path)]
    others = [file for file in files if file not in set(texts)]
    found += other_files(path, others, data.SUFFIXES, RELATIVES, "texts")
    return _survey(path, lines, found, chosen)


def _survey(path: Path, lines: Sequence[Line], found: list[Finding], options: data.TextOptions) -> Survey:
    full = [line for line in lines if line.text]
    if not full:
        return Survey({"lines": "none with text"}, found, 0)
    texts = [line.text for line in full]
    kind = data.kind_of(texts) if options.tokens == "auto" else options.tokens
    vocabulary = Vocabulary.learn(texts, kind, options.vocab, options.min_count)
    encoded = [vocabulary.encode(text) for text in texts]
    length = options.length or data.common_length(encoded)
    found += [*_characters(path, full), *_twins(path, full), *_empty(path, lines)]
    found += [*_lengths(path, full, encoded, length), *_unknown(path, full, encoded, options.vocab)]
    counts = {
        "lines": f"{len(full):,}, {len(set(texts)) / len(full):.1%} of them unique",
        "files": f"{len({line.file for line in full}):,}",
        "tokens": f"{sum(map(len, encoded)):,} as {kind}s",
        "vocabulary": f"{len(vocabulary):,}",
        "trained as": f"{length} tokens a line",
    }
    return Survey(counts, found, len(full), Spec("text", (length, len(vocabulary)), (), {"end": 0}))


def _unreadable(path: Path, file: Path, error: Exception) -> list[Finding]:
    if isinstance(error, DataError):
        reason = error.given.removeprefix(str(file)).lstrip(": ")
        return finding("fault", "unreadable", "", [f"{shown(file, path)}: {shown(reason)}"], error.fix)
    return finding("fault", "unreadable", "", [f"{shown(file, path)}: {shown(str(error))}"], "check its rights")


def _merged(faults: Sequence[Finding]) -> list[Finding]:
    """One finding for all files that cannot be read; training on the folder stops at the first."""
    evidence = [entry for fault in faults for entry in fault.evidence]
    fixes = "; ".join(dict.fromkeys(fault.fix for fault in faults))
    return finding("fault", "unreadable", "{n} file{s} cannot be read; training would stop at it", evidence, fixes)


def _at(path: Path, line: Line, *, text: str = "") -> str:
    """Where a line is, and how it begins."""
    start = shown(text or line.text)
    start = start if len(start) <= EXCERPT else start[: EXCERPT - 1] + "…"
    name = line.file.name if line.file == path else shown(line.file, path)
    return f"{shown(name)}:{line.number}: {start}"


def _characters(path: Path, lines: Sequence[Line]) -> list[Finding]:
    binary = _binary_files(lines)
    strange = [line for line in lines if line.file not in binary and any(_is_control(c) for c in line.text)]
    lost = [line for line in lines if "�" in line.text and line.file not in binary]
    twice = [line for line in lines if line.file not in binary and _is_twice_encoded(line.text)]
    found = finding(
        "fault",
        "not-text",
        "{n} file{s} full of control characters: no text, whatever the ending says",
        (f"{shown(file, path)}: {share:.0%} control characters" for file, share in binary.items()),
        "remove them",
    )
    found += finding(
        "warning",
        "control-characters",
        "{n} line{s} with control characters",
        (_at(path, line) for line in strange),
        "strip them: each becomes a token of its own",
    )
    found += finding(
        "warning",
        "replaced-characters",
        "{n} line{s} with the mark � that stands where characters were lost",
        (_at(path, line) for line in lost),
        "decode the original file with its right encoding",
    )
    return found + finding(
        "warning",
        "encoded-twice",
        "{n} line{s} read as Latin letters that were UTF-8 (Ã© for é)",
        (_at(path, line) for line in twice),
        "decode the original file as UTF-8, or repair it: python -m pip install ftfy",
    )


def _binary_files(lines: Sequence[Line]) -> dict[Path, float]:
    total: Counter[Path] = Counter()
    control: Counter[Path] = Counter()
    for line in lines:
        total[line.file] += len(line.text)
        control[line.file] += sum(map(_is_control, line.text)) if not line.text.isprintable() else 0
    return {file: n / total[file] for file, n in control.items() if n > BINARY_SHARE * total[file] and n > 8}


def _is_control(character: str) -> bool:
    """Control, surrogate and private-use characters; a tab is white space, joiners are part of scripts."""
    return unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") and character != "\t"


def _is_twice_encoded(text: str) -> bool:
    if not LATIN_PAIR.search(text):
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8") != text
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return False


def _twins(path: Path, lines: Sequence[Line]) -> list[Finding]:
    exact = _groups(lines, [line.text for line in lines])
    first = {group[0].text: group for group in exact.values()}
    unique = [group[0] for group in first.values()] if first else []
    again = {line.text for line in unique}
    once = unique + [line for line in lines if line.text not in again]
    near = _groups(once, [_plain(line.text) for line in once])
    found = _twin_finding(path, list(exact.values()), len(lines), "exact-duplicates", "lines that are there twice")
    return found + _twin_finding(
        path, list(near.values()), len(lines), "near-duplicates", "lines that differ in case, marks or spaces only"
    )


def _groups(lines: Sequence[Line], keys: Sequence[str]) -> dict[str, list[Line]]:
    """Lines by key, where at least two share one."""
    several = {key for key, count in Counter(keys).items() if count > 1 and key}
    groups: dict[str, list[Line]] = {}
    for line, key in zip(lines, keys, strict=True):
        if key in several:
            groups.setdefault(key, []).append(line)
    return groups


def _plain(text: str) -> str:
    """Letters and digits in lower case, one space between words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def _twin_finding(path: Path, groups: list[list[Line]], total: int, name: str, noun: str) -> list[Finding]:
    extra = sum(len(group) - 1 for group in groups)
    severity: Severity = "warning" if extra > MANY * total else "note"
    groups = sorted(groups, key=len, reverse=True)
    evidence = (f"{len(group):,} × {_at(path, group[0])}" for group in groups)
    what = f"{{n}} group{{s}} of {noun}: {extra:,} too many ({extra / total:.1%})"
    return finding(severity, name, what, evidence, "keep one of each, where they are not common sayings")


def _empty(path: Path, lines: Sequence[Line]) -> list[Finding]:
    empty = Counter(line.file for line in lines if not line.text)
    evidence = [f"{shown(file, path)}: {n:,}" for file, n in empty.items()]
    total = sum(empty.values())
    what = f"{total:,} empty line{'' if total == 1 else 's'}, left out"
    return [Finding("note", "empty-lines", what, listed(evidence, len(evidence)), total, "nothing")] if total else []


def _lengths(path: Path, lines: Sequence[Line], encoded: Sequence[Sequence[int]], length: int) -> list[Finding]:
    sizes = [len(tokens) for tokens in encoded]
    usual = sorted(sizes)[len(sizes) // 2]
    short = [line for line, n in zip(lines, sizes, strict=True) if n <= 1] if usual > 2 else []
    cut = [(line, n) for line, n in zip(lines, sizes, strict=True) if n > length]
    huge = [(line, n) for line, n in cut if n > PARAGRAPH * max(usual, 10)]
    found = finding(
        "warning" if len(short) > MANY * len(lines) else "note",
        "too-short",
        "{n} line{s} of a single token",
        (_at(path, line) for line in short),
        "remove them, where they are headings or page numbers",
    )
    found += finding(
        "warning",
        "paragraphs",
        f"{{n}} line{{s}} more than {PARAGRAPH} times as long as usual: whole paragraphs or a lost line break",
        (f"{_at(path, line)} ({n:,} tokens)" for line, n in huge),
        "put one text on each line",
    )
    return found + finding(
        "warning" if len(cut) > MANY * len(lines) else "note",
        "cut",
        f"{{n}} line{{s}} longer than {length} tokens, cut there",
        (f"{_at(path, line)} ({n:,} tokens)" for line, n in cut),
        "nothing for a few; else --set data.length=N",
    )


def _unknown(path: Path, lines: Sequence[Line], encoded: Sequence[Sequence[int]], vocab: int) -> list[Finding]:
    unknown = [sum(token == UNKNOWN for token in tokens) for tokens in encoded]
    total = sum(unknown) / max(1, sum(map(len, encoded)))
    mostly = [
        line for line, n, tokens in zip(lines, unknown, encoded, strict=True) if n > RARE * len(tokens) and len(tokens)
    ]
    found: list[Finding] = []
    if total > MANY_UNKNOWN:
        what = f"{total:.0%} of all tokens are rarer than a vocabulary of {vocab:,} holds"
        fix = "smaller tokens: --set data.tokens=bpe (or character), or --set data.vocab=N"
        found.append(Finding("warning", "unknown-tokens", what, (), sum(unknown), fix))
    return found + finding(
        "warning" if len(mostly) > 0.01 * len(lines) else "note",
        "mostly-unknown",
        "{n} line{s} mostly of unknown tokens",
        (_at(path, line) for line in mostly),
        "remove them, or --set data.tokens=bpe",
    )
