"""Text to token ids and back."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from multigan.core.errors import DataError
from multigan.plugins.text.script import is_unspaced

__all__ = ["END", "LONGEST_WORD", "UNKNOWN", "Vocabulary", "never_drawn", "split"]

END, UNKNOWN = 0, 1
LONGEST_WORD = 256
"""Characters; what goes on for longer without a space, or repeats a mark more often, is no word, and none is learnt."""
_OVERLONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
UNKNOWN_TEXT = "�"
BREAK = "\n"
"""A token of its own among words, as it is among characters."""
_AROUND_BREAKS = re.compile(f" ?{BREAK} ?")
_OTHER_SPACES = re.compile(rf"[^\S {BREAK}]")
"""White space that is neither a space nor a line break: between words it is as good as a space."""
_MARKS = "!-/:-@\\[-`{-~¡-¿।॥‐-⁞、-〿！-／：-＠"
"""Punctuation of ASCII, Latin-1, India, all scripts (U+2010 to U+205E) and wide ones, for regular expressions."""
_PIECE = re.compile(rf"{BREAK}| ?[^\s{_MARKS}]+(?:['\u2019][^\s{_MARKS}]+)*| ?([{_MARKS}])\1*")


class Vocabulary:
    """Characters, words, pieces, byte pairs or bare numbers. Id 0 ends a text and pads it, id 1 is unknown.

    Args:
        kind: `"character"`, `"word"`, `"piece"` (words and the marks at them, each with the space before it), `"bpe"`
            or `"number"` (a synthetic corpus: every id is its own text, none ends).
        entries: text of every id; the first two are the special ones. For bpe the tokenizer knows them.
        tokenizer: JSON of a Hugging Face tokenizer, for bpe.
    """

    def __init__(self, kind: str, entries: Sequence[str], tokenizer: str = "") -> None:
        self.kind, self.entries, self.tokenizer = kind, tuple(entries), tokenizer
        self._ids = {entry: k for k, entry in enumerate(self.entries) if k > UNKNOWN}
        self._bpe = _parse(tokenizer) if kind == "bpe" else None

    def __len__(self) -> int:
        return len(self.entries)

    def is_whole(self) -> bool:
        """Whether the entries are those of the tokenizer, where there is one."""
        return self._bpe is None or {entry: k for k, entry in enumerate(self.entries)} == self._bpe.get_vocab()

    def encode(self, text: str) -> list[int]:
        """Token ids of one text, without an end."""
        if self._bpe is not None:
            return [int(k) for k in self._bpe.encode(text).ids]
        return [self._ids.get(piece, UNKNOWN) for piece in split(text, self.kind)]

    def strange(self, text: str) -> list[str]:
        """Words that hold what is unknown, each once; of characters those themselves."""
        if self.kind == "bpe":
            found = [word for word in text.split() if UNKNOWN in self.encode(word)]
        else:
            found = [piece.strip(" ") or piece for piece in split(text, self.kind) if piece not in self._ids]
        return list(dict.fromkeys(found))

    def spelt(self, words: Sequence[str]) -> dict[str, str]:
        """Those words that are known in small letters, or with a capital, as they are known."""
        found = dict[str, str]()
        for word in words:
            known = [other for other in (word.lower(), word.capitalize(), word.upper()) if not self.strange(other)]
            # Of pieces any word can be made: as it was read most often it is made of the fewest.
            found |= {word: min(known, key=lambda other: len(self.encode(other)))} if known else {}
        return found

    @property
    def small(self) -> bool:
        """Whether all its letters are small ones, so that a text in others can only be read in small ones."""
        letters = [c for entry in self.entries[UNKNOWN + 1 :] for c in entry if c.isalpha()]
        return any(c.islower() for c in letters) and not any(c.isupper() for c in letters)

    def decode(self, ids: Iterable[int]) -> str:
        """The text up to the first end."""
        kept: list[int] = []
        for k in ids:
            if k == END and self.kind != "number":
                break
            kept.append(k)
        if self._bpe is not None:
            return str(self._bpe.decode([k for k in kept if k != UNKNOWN]))
        if self.kind == "character":
            return "".join(self.entries[k] for k in kept)
        if self.kind == "piece":
            text = "".join(self.entries[k] if k != UNKNOWN else f" {UNKNOWN_TEXT}" for k in kept)
            return _AROUND_BREAKS.sub(BREAK, text).removeprefix(" ")
        return _AROUND_BREAKS.sub(BREAK, " ".join(self.entries[k] for k in kept))

    def to_meta(self) -> dict[str, Any]:
        """JSON values for `Spec.meta`."""
        return {"kind": self.kind, "entries": list(self.entries), "tokenizer": self.tokenizer}

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> "Vocabulary":
        """The vocabulary that `to_meta` described."""
        found = meta["vocabulary"]
        if found["kind"] == "number":
            return cls.numbers(found["size"])
        return cls(found["kind"], found["entries"], found["tokenizer"])

    @classmethod
    def numbers(cls, size: int) -> "Vocabulary":
        """Ids as numbers, for synthetic corpora."""
        return cls("number", [str(k) for k in range(size)])

    @classmethod
    def learn(cls, lines: Sequence[str], kind: str, size: int, min_count: int) -> "Vocabulary":
        """The most frequent tokens of a corpus, of at most `LONGEST_WORD` characters.

        Ties are in code-point order, so that it never depends on the machine.
        """
        if kind == "bpe":
            return cls._learn_bpe([_OVERLONG.sub(_parted, line) for line in lines], size, min_count)
        counts = Counter(piece for line in lines for piece in split(line, kind) if len(piece) <= LONGEST_WORD)
        ranked = sorted((-count, piece) for piece, count in counts.items() if count >= min_count)
        return cls(kind, ["", UNKNOWN_TEXT, *(piece for _, piece in ranked[: size - 2])])

    @classmethod
    def _learn_bpe(cls, lines: Sequence[str], size: int, min_count: int) -> "Vocabulary":
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        special = _unused(lines)
        tokenizer = Tokenizer(models.BPE(unk_token=special[UNKNOWN]))
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.decoder = decoders.Metaspace()
        trainer = trainers.BpeTrainer(
            vocab_size=size, min_frequency=max(2, min_count), special_tokens=special, show_progress=False
        )
        tokenizer.train_from_iterator(lines, trainer)
        table = tokenizer.get_vocab()
        return cls("bpe", sorted(table, key=lambda piece: table[piece]), tokenizer.to_str())


def never_drawn(meta: Mapping[str, Any]) -> tuple[int, ...]:
    """Ids that stand for lost or unknown text, of the vocabulary in `Spec.meta`: a generator in use draws none of them.

    They are the unknown token, and what holds the mark � that stands where characters were lost.
    """
    found = meta.get("vocabulary", {"kind": "number"})
    if found["kind"] == "number":
        return ()
    return tuple(k for k, entry in enumerate(found["entries"]) if k == UNKNOWN or (k and UNKNOWN_TEXT in entry))


def _unused(lines: Sequence[str]) -> list[str]:
    """Names of end and unknown that stand in no line: a text of the same letters would become the special token."""
    special = ["[END]", "[UNK]"]
    while any(name in line for line in lines for name in special):
        special = [f"[{name}]" for name in special]
    return special


def split(text: str, kind: str) -> list[str]:
    """Pieces of a text: its characters, its words and marks, or its words between white space and its line breaks.

    Example:
        >>> split("No, I don't...", "piece")
        [' No', ',', " I", " don't", '...']
    """
    if kind == "character":
        return list(text)
    if kind == "piece":
        spaced = _OTHER_SPACES.sub(" ", text).replace(BREAK, f"{BREAK} ")
        return [found[0] for found in _PIECE.finditer(f" {spaced}")]
    if BREAK not in text:
        return text.split()
    first, *others = text.split(BREAK)
    return [*first.split(), *(piece for line in others for piece in (BREAK, *line.split()))]


def _parted(run: re.Match[str]) -> str:
    """Parts of what is written without spaces; else nothing: pairs of one word of a million letters take hours."""
    text = run[0]
    starts = range(0, len(text), LONGEST_WORD) if is_unspaced(text[:LONGEST_WORD]) else ()
    return " ".join(text[k : k + LONGEST_WORD] for k in starts)


def _parse(tokenizer: str) -> Any:
    from tokenizers import Tokenizer

    try:
        json.loads(tokenizer)
        found = Tokenizer.from_str(tokenizer)
    except (ValueError, RecursionError) as error:
        raise DataError("the tokenizer of this generator is damaged", "its JSON", "copy the folder again") from error
    found.encode_special_tokens = True  # "[END]" in a text is text
    return found
