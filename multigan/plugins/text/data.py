"""Lines of text to one tensor of token ids, with a report of what was done to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, did_you_mean
from multigan.core.sized import sized
from multigan.core.types import Data, Spec
from multigan.files.listing import absent, beside
from multigan.plugins.text.borrowed import borrowed_vocabulary
from multigan.plugins.text.embedded import EMBEDDED, embedded_pairs
from multigan.plugins.text.encode import Encoded, encode
from multigan.plugins.text.oracle import Oracle
from multigan.plugins.text.read import Reading, read_files
from multigan.plugins.text.registers import REGISTERS, register_lines
from multigan.plugins.text.script import kind_of
from multigan.plugins.text.verses import VERSES, write_verses
from multigan.plugins.text.vocabulary import END, Vocabulary

__all__ = [
    "VOCAB",
    "TextOptions",
    "Texts",
    "Tokenized",
    "load_lines",
    "load_oracle",
    "tokenize",
    "vocabulary_for",
    "vocabulary_size",
]

SURNAMES = Path(__file__).with_name("surnames.txt")

VOCAB = 5000
PER_PAIR = 400
"""Characters of texts for each byte pair: what is rarer than about a hundred times is not learnt from few pairs."""
FEWEST_PAIRS, MOST_PAIRS = 100, 4000


class TextOptions(NamedTuple):
    """See `TextModality.load`."""

    tokens: str = "auto"
    length: int = 0
    vocab: int | Literal["auto"] = VOCAB
    min_count: int = 1
    column: str | int = ""
    texts: str = "lines"
    tokenizer: str = ""


class Texts:
    """Token ids in memory.

    Args:
        ids: int32 `(n, length)`.
        groups: int64 `(n,)`, which of them belong together; None = each is alone.
    """

    resident = True

    def __init__(self, ids: Tensor, groups: Tensor | None = None) -> None:
        self.ids = ids
        if groups is not None:
            self.groups = groups

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
    report = (
        f"oracle: {counted(n, 'text')} of {counted(length, 'token')} from a random LSTM with {counted(vocab, 'word')}"
    )
    return Data(Texts(ids.int()), Spec("text", (length, vocab), (), meta, channel_axis=1), None, (report,))


class Tokenized(NamedTuple):
    """Texts as training takes them.

    Attributes:
        kind: of the tokens.
        vocabulary: learnt from the texts.
        encoded: the tokens.
        spec: of one text.
    """

    kind: str
    vocabulary: Vocabulary
    encoded: Encoded
    spec: Spec


def tokenize(texts: Sequence[str], options: TextOptions) -> Tokenized:
    """Learn a vocabulary from texts, at least one, and encode them: what training and the doctor both do."""
    vocabulary = vocabulary_for(texts, options)
    kind = vocabulary.kind
    encoded = encode(texts, vocabulary, options.length)
    meta = {"vocabulary": vocabulary.to_meta(), "end": END}
    return Tokenized(kind, vocabulary, encoded, Spec("text", (encoded.length, len(vocabulary)), (), meta, 1))


def vocabulary_for(texts: Sequence[str], options: TextOptions) -> Vocabulary:
    """The vocabulary that is learnt from texts, or that of a folder where one is named."""
    if options.tokenizer:
        return borrowed_vocabulary(options.tokenizer)
    kind = kind_of(texts) if options.tokens == "auto" else options.tokens
    return Vocabulary.learn(texts, kind, vocabulary_size(texts, kind, options.vocab), options.min_count)


def vocabulary_size(texts: Sequence[str], kind: str, vocab: int | Literal["auto"]) -> int:
    """The largest vocabulary of a kind of tokens: what is asked for, or as much as the texts can teach.

    Example:
        >>> vocabulary_size(["a line of texts"] * 8_000, "bpe", "auto")
        300
    """
    if vocab != "auto":
        return vocab
    return min(MOST_PAIRS, max(FEWEST_PAIRS, sum(map(len, texts)) // PER_PAIR)) if kind == "bpe" else VOCAB


def load_lines(source: str, options: TextOptions, n: int = 10_000) -> Data:
    """Read texts, or make `n` where the source is an embedded grammar of pairs; see `TextModality.load`."""
    if source in MADE:
        texts, report = MADE[source]()
        return _data(texts, report, options)
    if source in EMBEDDED:
        pairs = embedded_pairs(source, ("", str(options.column)), n)
        return _data(pairs.target, [f"{source}: {counted(n, 'text')} made here"], options)
    if source in REGISTERS:
        return _data(register_lines(source, n), [f"{source}: {counted(n, 'line')} of one register, made here"], options)
    reading = _read(Path(source).expanduser(), options)
    texts = reading.texts()
    files = tuple(one.file for one in reading.files if any(one.texts))
    return replace(_data(texts, reading.report(), options), files=files, root=reading.found.root)


def _data(texts: Sequence[str], report: Sequence[str], options: TextOptions) -> Data:
    found = tokenize(texts, options)
    return Data(Texts(found.encoded.ids), found.spec, None, (*report, *_facts(texts, found)))


def _facts(texts: Sequence[str], found: Tokenized) -> list[str]:
    length, vocab = found.spec.shape
    total, unknown = int(found.encoded.sizes.sum()), int(found.encoded.unknown.sum())
    cut = int((found.encoded.sizes > length).sum())
    what = "poem" if any("\n" in text for text in texts) else "line"
    facts = [
        f"{counted(len(texts), what)}, {len(set(texts)) / len(texts):.1%} of them unique, as {found.kind}s",
        f"vocabulary {vocab:,}, {unknown / max(total, 1):.2%} of tokens unknown; length {length}",
        f"a batch of 64 takes {sized(64 * length * vocab * 4)} in D's space",
    ]
    if cut:
        facts.append(counted(cut, f"{what} is longer and was cut", f"{what}s are longer and were cut"))
    if len(texts) < 100:
        facts.append(f"only {counted(len(texts), what)}: the generator will mostly learn them by heart")
    return facts


def _surnames() -> tuple[list[str], list[str]]:
    """Surnames of twelve European languages, those in the letters a to z, from the lists of the package Faker (MIT)."""
    lines = SURNAMES.read_text(encoding="utf-8").split()
    return lines, [f"surnames: {len(lines):,} of 12 languages, in plain letters"]


def _verses() -> tuple[list[str], list[str]]:
    """Quatrains of the package's own grammar."""
    return write_verses(), [f"verses: {VERSES:,} English quatrains from a small grammar"]


MADE: Mapping[str, Callable[[], tuple[list[str], list[str]]]] = {"surnames": _surnames, "verses": _verses}
"""Texts without inputs that need no file."""


def _read(path: Path, options: TextOptions) -> Reading:
    if not path.exists():
        hint = did_you_mean(path.name, [*beside(path), *MADE, "oracle", *EMBEDDED])
        raise DataError(absent(path), f"a text file, a folder, oracle, {' or '.join([*MADE, *EMBEDDED])}", hint)
    return read_files(path, options.column, to_train=True, poems=options.texts == "poems")
