"""Texts to one tensor of token ids, a text at a time: what is longer than a row is counted, and not kept."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from multigan.plugins.text.script import whole_characters
from multigan.plugins.text.vocabulary import END, UNKNOWN, Vocabulary

__all__ = ["LONGEST", "Encoded", "common_length", "encode"]

LONGEST = 64


class Encoded(NamedTuple):
    """Token ids, and what became of every text.

    Attributes:
        ids: int32 `(n, length)`, padded with ends.
        sizes: tokens of each text before it was cut, int `(n,)`.
        unknown: how many of its tokens are unknown, int `(n,)`.
    """

    ids: Tensor
    sizes: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    unknown: "np.ndarray[tuple[int], np.dtype[np.int64]]"

    @property
    def length(self) -> int:
        """Tokens of a row."""
        return self.ids.shape[1]


def encode(texts: Sequence[str], vocabulary: Vocabulary, length: int = 0) -> Encoded:
    """Encode and cut texts; of characters a cut never tears a mark from its letter.

    Args:
        texts: at least one.
        vocabulary: of the tokens.
        length: tokens per text; 0 = see `common_length`.
    """
    widest = length or LONGEST
    ids = np.full((len(texts), widest), END, dtype=np.int32)
    sizes, unknown = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        tokens = vocabulary.encode(text)
        sizes[row], unknown[row] = len(tokens), tokens.count(UNKNOWN)
        kept = min(len(tokens), widest)
        ids[row, :kept] = tokens[:kept]
    chosen = length or common_length(sizes.tolist())
    kept_ids = torch.from_numpy(np.ascontiguousarray(ids[:, :chosen]))
    if vocabulary.kind == "character":
        for row in np.flatnonzero(sizes > chosen).tolist():
            kept_ids[row, whole_characters(texts[row], chosen) :] = END
    return Encoded(kept_ids, sizes, unknown)


def common_length(sizes: Sequence[int]) -> int:
    """Tokens that 99 % of the texts need, with one more for the end; at most 64.

    Args:
        sizes: tokens of each text.
    """
    ordered = sorted(sizes)
    common = ordered[min(len(ordered) - 1, math.ceil(0.99 * len(ordered)))]
    return min(common + 1, LONGEST)
