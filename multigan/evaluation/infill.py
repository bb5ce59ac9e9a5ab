"""Token accuracy of masked words, beside trivial rivals."""

from collections import Counter

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.generator.generator import Generator
from multigan.metrics.intervals import bootstrap_mean

__all__ = ["bigram_fill", "infill_rows", "masked"]

END, UNKNOWN = 0, 1


def infill_rows(
    generator: Generator, held_out: Tensor, trained: Tensor, seed: int
) -> list[tuple[str, str, str, float, float, float]]:
    """Mask one known word of each held-out line and fill it: fields of `benchmark.Row` but `n` and `seed`.

    Rivals: the generator reading from left to right only; the token most frequent between the same two neighbours in
    trained lines, else after the same word; the most frequent token of all.

    Args:
        generator: with `logits`.
        held_out: ids `(n, length)`.
        trained: ids `(m, length)`.
        seed: which words are masked.
    """
    hole = masked(held_out, seed)
    common = Counter(trained[trained > UNKNOWN].tolist()).most_common(1)[0][0]
    truth = held_out[hole]
    fill = {
        "generator": _fill(generator, held_out, hole, 8, 32),
        "generator, left to right": _fill(generator, held_out, hole, 1, 1),
        "neighbours' counts": bigram_fill(trained, held_out, hole, common),
        "most frequent token": torch.full_like(truth, common),
    }
    return [
        ("infill", way, "token_accuracy", *bootstrap_mean((found == truth).float(), Draw(seed)))
        for way, found in fill.items()
    ]


def masked(tokens: Tensor, seed: int) -> Tensor:
    """One place of each row, drawn evenly among its known words: bool `(n, length)`.

    Raises:
        DataError: a row has no known word.
    """
    known = tokens > UNKNOWN
    if not known.any(1).all():
        raise DataError("a held-out line without a known word", "lines of known words", "raise data.vocab")
    noise = Draw(seed, 0, "mask/").uniform("place", tuple(tokens.shape))
    places = noise.masked_fill(~known, -1).argmax(1)
    return torch.nn.functional.one_hot(places, tokens.shape[1]).bool()


def bigram_fill(trained: Tensor, tokens: Tensor, hole: Tensor, common: int) -> Tensor:
    """What stands most often between the same neighbours, else after the same word, else `common`: `(n,)`."""
    edge = torch.full((len(trained), 1), END)
    rows = torch.cat([edge, trained, edge], 1)
    between: dict[tuple[int, int], Counter[int]] = {}
    after: dict[int, Counter[int]] = {}
    for left, middle, right in rows.unfold(1, 3, 1).reshape(-1, 3).tolist():
        if middle > UNKNOWN:
            between.setdefault((left, right), Counter())[middle] += 1
            after.setdefault(left, Counter())[middle] += 1
    found = []
    for row, place in zip(tokens.tolist(), hole.int().argmax(1).tolist(), strict=True):
        left = row[place - 1] if place else END
        right = row[place + 1] if place + 1 < len(row) else END
        counts = between.get((left, right)) or after.get(left)
        found.append(counts.most_common(1)[0][0] if counts else common)
    return torch.tensor(found)


def _fill(generator: Generator, tokens: Tensor, hole: Tensor, beam: int, candidates: int) -> Tensor:
    fill_tokens = generator.modality.fill_tokens  # type: ignore[attr-defined]
    end = generator.spec.meta.get("end")
    found = []
    for row, gap in zip(tokens, hole, strict=True):
        filled, _ = fill_tokens(generator.net, row, gap, beam=beam, candidates=candidates, end=end)
        found.append(filled[0][gap])
    return torch.cat(found)
