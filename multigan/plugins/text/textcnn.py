"""The convolutional discriminator on relaxed one-hots."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Critique, Spec
from multigan.nets.sizes import Size
from multigan.recipe.numbers import Beta

__all__ = ["TextCnnD", "build_d"]

WIDTHS = (2, 3, 4, 5)


class TextCnnD(nn.Module):
    """Embedding, convolutions of several widths, max over time, a highway layer, dropout, one logit; no norms.

    Args:
        length: tokens per text; filters wider than that are left out.
        vocab: number of tokens.
        embed: dimensions of a word.
        filters: per width.
        dropout: share of features dropped while training; the mask comes from the draw.

    Source: Kim 2014, section 2, with a highway layer (Srivastava et al. 2015) as in Yu et al. 2017 (SeqGAN).
    Departures: one logit instead of two classes, a linear embedding so that relaxed one-hots can pass.
    """

    def __init__(self, length: int, vocab: int, embed: int, filters: int, dropout: float) -> None:
        super().__init__()
        widths = [width for width in WIDTHS if width <= length] or [1]
        self.embedding = nn.Linear(vocab, embed, bias=False)
        nn.init.uniform_(self.embedding.weight, -1.0, 1.0)
        self.convs = nn.ModuleList(nn.Conv1d(embed, filters, width) for width in widths)
        size = filters * len(widths)
        self.gate, self.transform = nn.Linear(size, size), nn.Linear(size, size)
        self.out = nn.Linear(size, 1)
        self.dropout = dropout

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x one-hots `(batch, length, vocab)` or ids `(batch, length)` -> logits `(batch,)` and one feature."""
        words = self.embedding(x) if x.is_floating_point() else F.embedding(x, self.embedding.weight.t())
        words = words.transpose(1, 2)  # (B, E, T)
        pooled = torch.cat([F.leaky_relu(conv(words), 0.2).amax(2) for conv in self.convs], 1)
        gate = torch.sigmoid(self.gate(pooled))
        features = gate * F.leaky_relu(self.transform(pooled), 0.2) + (1 - gate) * pooled
        return Critique((self.out(self._drop(features, draw)).squeeze(1),), (features,))

    def _drop(self, features: Tensor, draw: Draw | None) -> Tensor:
        if draw is None or not self.dropout or not self.training:
            return features
        keep = draw.uniform("dropout", tuple(features.shape)).to(features) >= self.dropout
        return features * keep / (1 - self.dropout)


def build_d(spec: Spec, *, embed: Size = 64, filters: Size = 64, dropout: Beta = 0.25) -> TextCnnD:
    """A convolutional discriminator for texts like `spec`."""
    length, vocab = spec.shape
    return TextCnnD(length, vocab, embed, filters, dropout)
