"""Masked words filled in by a language model: the likeliest of many candidates, read with what follows."""

import torch
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.generators import Reading
from multigan.core.types import Spec
from multigan.plugins.fitted import Filled
from multigan.plugins.text.vocabulary import UNKNOWN, Vocabulary, split

__all__ = ["MASK", "fill", "fill_tokens", "tokens_of"]

MASK = "____"
SPACE = {"word": "", "character": "", "piece": " "}
"""What may stand before a token and belongs to it, by what vocabularies are made of: those that can be filled in."""
OTHERS = {"bpe": "byte pairs"}


def fill(net: nn.Module, line: str, spec: Spec, *, beam: int = 8, candidates: int = 32) -> list[Filled]:
    """The likeliest fillings of the `____` in a line, best first, at most `beam`.

    Args:
        net: has `logits(tokens)`.
        line: with at least one `____`; words between spaces, or words and marks, as the generator writes them, or, for
            generators that write letters, `_` per letter.
        spec: of the generator.
        beam: see `fill_tokens`.
        candidates: see `fill_tokens`.

    Raises:
        DataError: nothing is masked, the line is longer than the generator's, or the generator cannot read.
    """
    tokens, hole = tokens_of(line, spec)
    vocabulary = Vocabulary.from_meta(spec.meta)
    fits, end = _fits(line, hole, vocabulary), spec.meta.get("end")
    found, scores = fill_tokens(net, tokens, hole, beam=beam, candidates=candidates, end=end, fits=fits)
    results = []
    for row, score in zip(found, scores.tolist(), strict=True):
        new = [vocabulary.entries[k].removeprefix(SPACE[vocabulary.kind]) for k in row[hole].tolist()]
        results.append(Filled(_put(line, new, vocabulary.kind), float(score)))
    return results


def tokens_of(line: str, spec: Spec) -> tuple[Tensor, Tensor]:
    """Ids `(length,)` of a line with masks, padded with ends, and bool `(length,)`, True where it is masked."""
    vocabulary = Vocabulary.from_meta(spec.meta)
    if vocabulary.kind not in SPACE:
        given = f"filling in by a generator of {OTHERS.get(vocabulary.kind, 'numbers')}"
        raise DataError(given, "one of words, pieces or characters", "train with --set data.tokens=piece")
    pieces, mask = _pieces(line, vocabulary.kind), _mask(vocabulary.kind)
    holes = [piece.removeprefix(SPACE[vocabulary.kind]) == mask for piece in pieces]
    if not any(holes):
        raise DataError(f"nothing is masked in '{line}'", f"{MASK} in place of a word", f"type 'a {MASK} on a table'")
    if len(pieces) > spec.shape[0]:
        raise DataError(f"a line of {counted(len(pieces), 'token')}", f"at most {spec.shape[0]}", "shorten it")
    known = {entry: k for k, entry in enumerate(vocabulary.entries) if k > UNKNOWN}
    ids = [UNKNOWN if hidden else known.get(piece, UNKNOWN) for piece, hidden in zip(pieces, holes, strict=True)]
    hole = torch.tensor([*holes, *[False] * (spec.shape[0] - len(holes))])
    return torch.tensor([*ids, *[0] * (spec.shape[0] - len(ids))]), hole


def _mask(kind: str) -> str:
    return "_" if kind == "character" else MASK


def _pieces(line: str, kind: str) -> list[str]:
    return split(line.replace(MASK, "_") if kind == "character" else line, kind)


def _fits(line: str, hole: Tensor, vocabulary: Vocabulary) -> Tensor | None:
    """Of pieces, what may stand in each hole, bool `(length, vocab)`: with a space before it where the mask has one."""
    if vocabulary.kind != "piece":
        return None
    spaced = torch.tensor([entry.startswith(" ") for entry in vocabulary.entries])
    fits = torch.ones(len(hole), len(vocabulary), dtype=torch.bool)
    for place, piece in enumerate(_pieces(line, vocabulary.kind)):
        if hole[place]:
            fits[place] = spaced if piece.startswith(" ") else ~spaced
            if not fits[place, UNKNOWN + 1 :].any():
                where = "after" if piece.startswith(" ") else "without"
                given = f"no piece of this generator fits {MASK} {where} a space in '{line}'"
                raise DataError(given, "a place where one can stand", f"type 'a {MASK} on a table'")
    return fits


@torch.no_grad()
def fill_tokens(
    net: nn.Module,
    tokens: Tensor,
    hole: Tensor,
    *,
    beam: int = 8,
    candidates: int = 32,
    end: int | None = None,
    fits: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Beam search over the holes, scored by the likelihood of the whole line.

    At each hole every hypothesis is extended by its `candidates` likeliest tokens given what precedes; then all known
    tokens up to the next hole are read, and the `beam` best stay. So a candidate is judged by what follows it as well,
    which sampling from left to right does not do.

    Args:
        net: `net.logits(tokens (n, length)) -> (n, length, vocab)`, each position given those before it.
        tokens: `(length,)` ids.
        hole: bool `(length,)`.
        beam: hypotheses kept.
        candidates: tokens tried per hypothesis and hole.
        end: id that no hole may take; unknown (1) and the net's `barred` ids are not taken either.
        fits: bool `(length, vocab)`, what may stand where; None = anything else anywhere.

    Returns:
        ids `(n <= beam, length)` and log-likelihoods `(n,)`, best first.

    Raises:
        DataError: the net has no `logits`.
    """
    if not isinstance(net, Reading):
        raise DataError("this generator cannot say how likely a text is", "one with logits", "use the net 'lstm'")
    hypotheses = tokens[None]
    places = hole.nonzero().flatten().tolist()
    for number, place in enumerate(places):
        known_until = places[number + 1] if number + 1 < len(places) else len(tokens)
        guess = net.logits(hypotheses)[:, place].log_softmax(1)
        barred = {UNKNOWN, *getattr(net, "barred", ()), *(() if end is None else (end,))}
        guess[:, sorted(barred)] = -torch.inf
        if fits is not None:
            guess[:, ~fits[place]] = -torch.inf
        top = guess.topk(min(candidates, int(guess[0].isfinite().sum())), 1).indices  # (n, candidates)
        hypotheses = hypotheses.repeat_interleave(top.shape[1], 0)
        hypotheses[:, place] = top.flatten()
        scores = _log_likelihood(net, hypotheses, known_until, end)
        best = scores.topk(min(beam, len(scores)))
        hypotheses, scores = hypotheses[best.indices], best.values
    return hypotheses, scores


def _log_likelihood(net: Reading, tokens: Tensor, until: int, end: int | None) -> Tensor:
    """Log-likelihood of the first `until` tokens of each row up to its end, 64 rows at a time.

    After an end only ends follow, whatever the net says of them.
    """
    parts = []
    for rows in tokens.split(64):
        logits = net.logits(rows[:, :until]).log_softmax(2)
        values = logits.gather(2, rows[:, :until, None]).squeeze(2)  # (B, T)
        ends = (rows[:, :until] == end).int() if end is not None else torch.zeros_like(rows[:, :until])
        parts.append(torch.where(ends.cumsum(1) - ends > 0, 0.0, values).sum(1))
    return torch.cat(parts)


def _put(line: str, words: list[str], kind: str) -> str:
    """The line with its masks replaced in order; what was known stays as it was written."""
    mask, out = _mask(kind), line.replace(MASK, "_") if kind == "character" else line
    for word in words:
        out = out.replace(mask, word, 1)
    return out
