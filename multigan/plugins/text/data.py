"""Lines of text to one tensor of token ids, with a report of what was done to them."""

import csv
import gzip
import json
import math
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from multigan.draw import Draw
from multigan.errors import DataError, did_you_mean
from multigan.folders import beside
from multigan.plugins.text.oracle import Oracle
from multigan.plugins.text.vocabulary import END, UNKNOWN, Vocabulary
from multigan.types import Data, Spec

__all__ = ["SUFFIXES", "TextOptions", "Texts", "common_length", "kind_of", "lines_of", "load_lines", "load_oracle"]

LONGEST = 64
SHORT_LINE = 24
SUFFIXES = (".txt", ".txt.gz", ".csv", ".jsonl")
LOCALES = ("da_DK", "de_DE", "en_GB", "en_US", "es_ES", "fi_FI", "fr_FR", "it_IT", "nl_NL", "no_NO", "pl_PL", "sv_SE")


class TextOptions(NamedTuple):
    """See `TextModality.load`."""

    tokens: str = "auto"
    length: int = 0
    vocab: int = 5000
    min_count: int = 1
    column: str = ""


class Texts:
    """Token ids in memory.

    Args:
        ids: int32 `(n, length)`.
    """

    resident = True

    def __init__(self, ids: Tensor) -> None:
        self.ids = ids

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Rows `(batch, length)`."""
        return self.ids[indices]


def load_oracle(n: int, vocab: int, length: int, hidden: int, seed: int) -> Data:
    """Texts of a random LSTM; its floor and a held-out set can be made again from the same numbers."""
    oracle = Oracle(vocab, length, hidden, seed)
    ids = oracle.sample(n, Draw(seed).generator("oracle/train"))
    numbers = {"vocab": vocab, "length": length, "hidden": hidden, "seed": seed}
    meta = {"vocabulary": {"kind": "number", "size": vocab}, "end": None, "oracle": numbers}
    report = f"oracle: {n:,} texts of {length} tokens from a random LSTM with {vocab:,} words"
    return Data(Texts(ids.int()), Spec("text", (length, vocab), (), meta, channel_axis=1), None, (report,))


def load_lines(source: str, options: TextOptions) -> Data:
    """Read lines; see `TextModality.load`."""
    lines, report = _surnames() if source == "surnames" else _read(Path(source).expanduser(), options.column)
    kind = kind_of(lines) if options.tokens == "auto" else options.tokens
    vocabulary = Vocabulary.learn(lines, kind, options.vocab, options.min_count)
    encoded = [vocabulary.encode(line) for line in lines]
    length = options.length or common_length(encoded)
    ids = torch.full((len(encoded), length), END, dtype=torch.int32)
    for row, tokens in enumerate(encoded):
        ids[row, : len(tokens)] = torch.tensor(tokens[:length], dtype=torch.int32)
    spec = Spec("text", (length, len(vocabulary)), (), {"vocabulary": vocabulary.to_meta(), "end": END}, 1)
    return Data(Texts(ids), spec, None, (*report, *_facts(lines, encoded, kind, spec)))


def _facts(lines: Sequence[str], encoded: Sequence[Sequence[int]], kind: str, spec: Spec) -> list[str]:
    length, vocab = spec.shape
    total = sum(len(tokens) for tokens in encoded)
    unknown = sum(token == UNKNOWN for tokens in encoded for token in tokens)
    cut = sum(len(tokens) > length for tokens in encoded)
    facts = [
        f"{len(lines):,} lines, {len(set(lines)) / len(lines):.1%} of them unique, as {kind}s",
        f"vocabulary {vocab:,}, {unknown / max(total, 1):.2%} of tokens unknown; length {length}",
        f"a batch of 64 takes {64 * length * vocab * 4 / 2**20:,.0f} MiB in D's space",
    ]
    if cut:
        facts.append(f"{cut:,} lines are longer and were cut")
    if len(lines) < 100:
        facts.append(f"only {len(lines)} lines: the generator will mostly learn them by heart")
    return facts


def kind_of(lines: Sequence[str]) -> str:
    """Characters for Chinese and the like and for short lines such as names, words otherwise."""
    sample = "".join(lines[:1000])
    letters = [character for character in sample if character.isalpha()] or [" "]
    ideographs = sum(
        unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA")) for character in letters
    )
    short = sum(len(line) for line in lines) / len(lines) <= SHORT_LINE
    return "character" if ideographs > len(letters) / 3 or short else "word"


def common_length(encoded: Sequence[Sequence[int]]) -> int:
    """Tokens that 99 % of the lines need, with one more for the end; at most 64."""
    lengths = sorted(len(tokens) for tokens in encoded)
    common = lengths[min(len(lengths) - 1, math.ceil(0.99 * len(lengths)))]
    return min(common + 1, LONGEST)


def _surnames() -> tuple[list[str], list[str]]:
    """Surnames of twelve European languages from the package `faker`, those in the letters a to z."""
    from importlib import import_module

    names: set[str] = set()
    for locale in LOCALES:
        found = import_module(f"faker.providers.person.{locale}").Provider.last_names
        names.update(str(name).strip() for name in found)
    plain = sorted(name for name in names if name.isascii() and name.isalpha() and 2 < len(name) < 16)
    lines = sorted({name.capitalize() for name in plain})
    return lines, [f"surnames: {len(names):,} of {len(LOCALES)} languages, {len(lines):,} in plain letters"]


def _read(path: Path, column: str) -> tuple[list[str], list[str]]:
    if not path.exists():
        hint = did_you_mean(path.name, [*beside(path), "surnames", "oracle"])
        raise DataError(f"there is no '{path}'", "a text file, a folder, surnames or oracle", hint)
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.name.lower().endswith(SUFFIXES))
    if not files:
        raise DataError(f"no text in {path}", " ".join(SUFFIXES), "check the folder")
    raw = [line.strip() for file in files for line in lines_of(file, column)]
    lines = [line for line in raw if line]
    if not lines:
        raise DataError(f"{path} has no line with text", "one text a line", "check the file")
    report = [f"{path}: {len(files)} file{'s' if len(files) > 1 else ''}"]
    if len(raw) > len(lines):
        report.append(f"{len(raw) - len(lines):,} empty lines left out")
    return lines, report


def lines_of(file: Path, column: str) -> Iterator[str]:
    """The texts of one file, empty ones too.

    Raises:
        DataError: it is not UTF-8, not whole, or has no such column.
    """
    text = _decode(file)
    if file.suffix == ".csv":
        rows = list(csv.DictReader(text.splitlines()))
        name = _column(file, list(rows[0]) if rows else [], column)
        yield from (row[name] or "" for row in rows)
    elif file.suffix == ".jsonl":
        yield from _json_lines(file, text, column)
    else:
        yield from text.splitlines()


def _json_lines(file: Path, text: str, column: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row = json.loads(line) if line.strip() else ""
        except json.JSONDecodeError as error:
            raise DataError(f"{file}:{number} is no JSON: {error}", "one object a line", "correct that line") from error
        yield str(row[_column(file, list(row), column)]) if isinstance(row, dict) else str(row)


def _column(file: Path, columns: Sequence[str], wanted: str) -> str:
    name = wanted or ("text" if "text" in columns else columns[0] if len(columns) == 1 else "")
    if name not in columns:
        raise DataError(
            f"{file} has no column '{wanted or 'text'}'",
            f"one of {', '.join(columns) or 'none'}",
            "--set data.column=NAME",
        )
    return name


def _decode(file: Path) -> str:
    try:
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{file} is not UTF-8 (line {line}, byte {error.start})", "UTF-8 text", "save it as UTF-8"
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file} cannot be read: {error}", "a whole file", "fetch it again") from error
