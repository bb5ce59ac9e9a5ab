"""Pairs of texts as two data sets, item i of the one for item i of the other, with one vocabulary or two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.types import Data, Spec
from multigan.plugins.paired import Couple
from multigan.plugins.text.couples import Pairs, read_pairs
from multigan.plugins.text.data import TextOptions, Texts, vocabulary_for
from multigan.plugins.text.embedded import EMBEDDED, embedded_pairs
from multigan.plugins.text.encode import Encoded, encode
from multigan.plugins.text.vocabulary import END, Vocabulary

__all__ = ["OWN", "chosen", "groups_of", "load_couple", "pairs_of"]

OWN = ("tokens", "vocab", "min_count", "tokenizer")
"""Options that give inputs a vocabulary of their own where `[input]` has one of them."""

AUTO = ", as many as the texts can teach (another number: --set data.vocab=NUMBER)"


def load_couple(
    target: str, source: str | None, options: Mapping[str, Any], given: Mapping[str, Any], *, swap: bool
) -> Couple:
    """Read, join and encode pairs; see `multigan.plugins.abilities.Couples`."""
    pairs = pairs_of(target, source, options, given, swap=swap)
    sides = chosen(options), chosen({**options, "length": 0, **given})
    texts = pairs.target, pairs.source
    if any(name in given for name in OWN):
        words = [vocabulary_for(own, one) for own, one in zip(texts, sides, strict=True)]
    else:
        words = [vocabulary_for([*pairs.target, *pairs.source], sides[0])] * 2
    made = [encode(pairs.target, words[0], sides[0].length), encode(pairs.source, words[1], sides[1].length)]
    groups = groups_of(pairs.source)
    found = [_data(one, vocabulary, groups) for one, vocabulary in zip(made, words, strict=True)]
    facts = [*pairs.report, _told("targets", made[0], words[0]), _told("inputs", made[1], words[1])]
    facts += _too_few("data.vocab", sides[0], words[0])
    facts += _too_few("input.vocab", sides[1], words[1]) if words[0] is not words[1] else []
    if words[0] is words[1]:
        size = f"{_size(words[0])}{AUTO if sides[0].vocab == 'auto' and words[0].kind == 'bpe' else ''}"
        facts.append(f"one vocabulary for both, {size}; of their own with --set input.vocab=NUMBER")
    root = pairs.root if pairs.files else None
    places = tuple(f"{pairs.files[0].name}:{number}" for number in pairs.numbers)
    return Couple(replace(found[0], report=tuple(facts), files=pairs.files, root=root, places=places), found[1])


def pairs_of(
    target: str, source: str | None, options: Mapping[str, Any], given: Mapping[str, Any], *, swap: bool = False
) -> Pairs:
    """The texts of both sides, from files or made here."""
    columns = str(given.get("column", "")), str(options.get("column", ""))
    if target in EMBEDDED:
        return embedded_pairs(target, columns, int(options.get("n", 10_000)), swap=swap)
    return read_pairs(target, source, columns, swap=swap)


def chosen(options: Mapping[str, Any]) -> TextOptions:
    """Those options of a recipe that say how texts are taken."""
    return TextOptions(**{name: options[name] for name in TextOptions._fields if name in options})


def _data(one: Encoded, vocabulary: Vocabulary, groups: Tensor) -> Data:
    meta = {"vocabulary": vocabulary.to_meta(), "end": END}
    return Data(Texts(one.ids, groups), Spec("text", (one.length, len(vocabulary)), (), meta, 1))


def groups_of(source: Sequence[str]) -> Tensor:
    """Pairs with one input belong together: held out together, so that no trained pair gives its target away."""
    number = dict[str, int]()
    return torch.tensor([number.setdefault(text, len(number)) for text in source])


def _size(vocabulary: Vocabulary) -> str:
    return counted(len(vocabulary), "byte pair" if vocabulary.kind == "bpe" else vocabulary.kind)


def _too_few(key: str, options: TextOptions, vocabulary: Vocabulary) -> list[str]:
    """That a vocabulary is larger than was asked for: byte pairs begin with all characters that there are."""
    if vocabulary.kind != "bpe" or options.tokenizer or options.vocab == "auto" or options.vocab >= len(vocabulary):
        return []
    return [
        f"{key} = {options.vocab:,} is fewer than the different characters of the texts, which are byte pairs too:"
        f" {_size(vocabulary)} are kept, none of them of several characters"
    ]


def _told(which: str, one: Encoded, vocabulary: Vocabulary) -> str:
    cut, unknown = int((one.sizes > one.length).sum()), int(one.unknown.sum()) / max(1, int(one.sizes.sum()))
    line = f"{which}: at most {one.length} of {_size(vocabulary)}, {unknown:.2%} unknown"
    return f"{line}; {counted(cut, 'is', 'are')} longer and cut" if cut else line
