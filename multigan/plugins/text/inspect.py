"""Texts before training: encodings, control characters, twins, lines too short, too long or of rare tokens."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from multigan.core.counted import counted
from multigan.files.findings import Finding, Severity, Survey, Tick, finding, shown
from multigan.files.walk import left_out_findings
from multigan.plugins.text import data
from multigan.plugins.text.encode import Encoded
from multigan.plugins.text.read import RELATIVES, SUFFIXES, Line, read_files
from multigan.provenance.synthetic import other_findings

__all__ = ["inspect"]

EXCERPT = 40
RARE = 0.5
MANY_UNKNOWN = 0.05
MANY = 0.05
PARAGRAPH = 10
LATIN_PAIR = re.compile("[Â-ô][\u0080-¿Œœ-ž‘-€™]")


def inspect(path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
    """Read every line once.

    Args:
        path: a file or a folder.
        options: as for `TextModality.load`.
        tick: called after each file.
    """
    known = {name: options[name] for name in data.TextOptions._fields if name in options}
    chosen = data.TextOptions(**known)
    reading = read_files(path, chosen.column, tick, to_train=True, poems=chosen.texts == "poems")
    found = [*reading.findings(), *left_out_findings(reading.found)]
    found += other_findings(path, reading.others, SUFFIXES, RELATIVES, "texts")
    return _survey(path, list(reading.lines()), len(reading.files), found, chosen)


def _survey(path: Path, lines: Sequence[Line], files: int, found: list[Finding], options: data.TextOptions) -> Survey:
    if not lines:
        return Survey({"lines": "none with text"}, found, 0)
    texts = [line.text for line in lines]
    read = data.tokenize(texts, options)
    found += [*_characters(path, lines), *_twins(path, lines), *_lengths(path, lines, read.encoded)]
    found += _unknown(path, lines, read.encoded, len(read.vocabulary))
    counts = {
        "lines": f"{len(lines):,}, {len(set(texts)) / len(lines):.1%} of them unique",
        "files": f"{files:,}",
        "tokens": f"{read.encoded.sizes.sum():,} as {read.kind}s",
        "vocabulary": f"{len(read.vocabulary):,}",
        "trained as": f"{counted(read.encoded.length, 'token')} a line",
    }
    return Survey(counts, found, len(lines), read.spec)


def _at(path: Path, line: Line, *, text: str = "") -> str:
    """Where a line is, and how it begins."""
    start = shown(text or line.text)
    start = start if len(start) <= EXCERPT else start[: EXCERPT - 1] + "…"
    name = line.file.name if line.file == path else shown(line.file, path)
    return f"{shown(name)}:{line.number}: {start}"


def _characters(path: Path, lines: Sequence[Line]) -> list[Finding]:
    strange = [line for line in lines if not line.text.isprintable() and any(map(_is_control, line.text))]
    lost = [line for line in lines if "�" in line.text]
    twice = [line for line in lines if _is_twice_encoded(line.text)]
    found = finding(
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


def _is_control(character: str) -> bool:
    """Control and private-use characters; tabs and line breaks are white space, joiners are part of scripts."""
    return unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") and not character.isspace()


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


def _lengths(path: Path, lines: Sequence[Line], encoded: Encoded) -> list[Finding]:
    sizes, length = encoded.sizes.tolist(), encoded.length
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
        (f"{_at(path, line)} ({counted(n, 'token')})" for line, n in huge),
        "put one text on each line",
    )
    return found + finding(
        "warning" if len(cut) > MANY * len(lines) else "note",
        "cut",
        f"{{n}} line{{s}} longer than {length} tokens, cut there",
        (f"{_at(path, line)} ({counted(n, 'token')})" for line, n in cut),
        "nothing for a few; else --set data.length=N",
    )


def _unknown(path: Path, lines: Sequence[Line], encoded: Encoded, vocab: int) -> list[Finding]:
    counts = zip(lines, encoded.sizes.tolist(), encoded.unknown.tolist(), strict=True)
    total = encoded.unknown.sum() / max(1, encoded.sizes.sum())
    mostly = [line for line, size, unknown in counts if size and unknown > RARE * size]
    found: list[Finding] = []
    if total > MANY_UNKNOWN:
        what = f"{total:.0%} of all tokens are rarer than a vocabulary of {vocab:,} holds"
        fix = "smaller tokens: --set data.tokens=bpe (or character), or --set data.vocab=N"
        found.append(Finding("warning", "unknown-tokens", what, (), int(encoded.unknown.sum()), fix))
    return found + finding(
        "warning" if len(mostly) > 0.01 * len(lines) else "note",
        "mostly-unknown",
        "{n} line{s} mostly of unknown tokens",
        (_at(path, line) for line in mostly),
        "remove them, or --set data.tokens=bpe",
    )
