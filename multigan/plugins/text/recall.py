"""What needs no training: the input itself, or the target of the trained input that is most alike."""

import torch
import torch.nn.functional as F
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Data, Spec
from multigan.plugins.text.encode import encode
from multigan.plugins.text.vocabulary import END, Vocabulary

__all__ = ["NEAREST", "copied", "is_trained", "nearest", "recalled"]

NEAREST = "the target of the nearest trained input"
CHUNK = 256
MOST = 50_000
"""Trained pairs that are looked through; of more, every so-manyth."""


def copied(source: Tensor, source_spec: Spec, spec: Spec) -> tuple[str, Tensor]:
    """Inputs `(n, ...)` as outputs, one-hots `(n, *spec.shape)`."""
    reading, writing = Vocabulary.from_meta(source_spec.meta), Vocabulary.from_meta(spec.meta)
    texts = [reading.decode(ids) for ids in source.argmax(-1).tolist()]
    return "the input as it is", _hot(encode(texts, writing, spec.shape[0]).ids.long(), spec)


def recalled(data: Data, train: Tensor, source: Tensor) -> dict[str, Tensor]:
    """By name, what is looked up for inputs; see `nearest`."""
    return {NEAREST: nearest(data, train, source)}


def nearest(data: Data, train: Tensor, source: Tensor) -> Tensor:
    """For every input `(n, ...)` the target of the trained input with the most tokens in common, rare ones first.

    Cosine of counts of tokens, weighted by the logarithm of how few trained inputs hold each (Jones 1972, tf-idf).

    Returns:
        One-hots `(n, *spec.shape)`.
    """
    inputs = data.inputs
    if inputs is None:
        raise ValueError("data without inputs")
    train = train[:: -(-len(train) // MOST)]
    trained = inputs.take(train, Draw(0))
    if trained is None:
        raise ValueError("inputs that are made of their targets")
    vocab = inputs.spec.shape[1]
    rare = _rare(trained.long(), vocab)
    asked = _weighed(source.argmax(-1), rare)
    best = torch.full((len(asked),), -1.0)
    found = torch.zeros(len(asked), dtype=torch.long)
    for start in range(0, len(train), CHUNK):
        value, place = (asked @ _weighed(trained[start : start + CHUNK].long(), rare).T).max(1)
        found = torch.where(value > best, place + start, found)
        best = torch.maximum(best, value)
    return _hot(data.items.take(train[found], Draw(0)).long(), data.spec)


def is_trained(data: Data, train: Tensor, fake: Tensor) -> Tensor:
    """Which outputs `(n, length, vocab)` are equal to a target of the items `train`, bool `(n,)`."""
    known = set(map(tuple, data.items.take(train, Draw(0)).tolist()))
    ids = fake.argmax(-1)
    ids = ids.masked_fill((ids == END).cumsum(1) > 0, END)
    return torch.tensor([tuple(one) in known for one in ids.tolist()])


def _rare(ids: Tensor, vocab: int) -> Tensor:
    """How rare every token is among texts `(n, length)`: `log(n / texts that hold it)`, 0 for the end: `(vocab,)`."""
    seen = torch.zeros(vocab)
    for part in ids.split(CHUNK):
        seen += (_counts(part, vocab) > 0).sum(0)
    rare = torch.log((len(ids) + 1) / (seen + 1))
    rare[END] = 0.0
    return rare


def _weighed(ids: Tensor, rare: Tensor) -> Tensor:
    return F.normalize(_counts(ids, len(rare)) * rare, dim=1)


def _counts(ids: Tensor, vocab: int) -> Tensor:
    return torch.zeros(len(ids), vocab).scatter_add_(1, ids.cpu(), torch.ones(ids.shape))


def _hot(ids: Tensor, spec: Spec) -> Tensor:
    return torch.zeros(*ids.shape, spec.shape[1]).scatter_(-1, ids[..., None], 1.0)
