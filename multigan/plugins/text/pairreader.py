"""A discriminator that reads a text together with the one that it was made of, and gives a verdict at every token."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Critique, Spec
from multigan.nets.sizes import Size
from multigan.plugins.text.vocabulary import END

__all__ = ["PairReaderD", "build_d"]


class PairReaderD(nn.Module):
    """Reads the text from left to right, looks at the input at every token, and says how real it is so far.

    Verdicts behind the end of a text repeat that of its last token.

    Args:
        vocab: tokens of a text.
        source_vocab: tokens of an input.
        embed: dimensions of a token.
        hidden: of every state.

    Source: Bahdanau et al. 2015, section 3.1 (attention); de Masson d'Autume et al. 2019 (ScratchGAN), section 2.1: a
    reward at every token.
    """

    def __init__(self, vocab: int, source_vocab: int, embed: int, hidden: int) -> None:
        super().__init__()
        self.vocab = vocab
        self.embedding = nn.Linear(vocab, embed, bias=False)
        self.source_embedding = nn.Linear(source_vocab, embed, bias=False)
        for table in (self.embedding, self.source_embedding):
            nn.init.normal_(table.weight, 0.0, 1.0)
        self.near = nn.Conv1d(embed, hidden, 3, padding=1)
        self.reader = nn.GRU(embed, hidden, batch_first=True)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.head = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1))

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """Texts and their inputs, joined, `(batch, length, both vocabularies)` -> logits `(batch, length)`."""
        text, source = x[..., : self.vocab], x[..., self.vocab :]
        given = F.leaky_relu(self.near(self.source_embedding(source).transpose(1, 2)), 0.2).transpose(1, 2)  # (B, S, H)
        states, _ = self.reader(self.embedding(text))  # (B, T, H)
        scores = self.query(states) @ given.transpose(1, 2) / given.shape[2] ** 0.5
        there = source.sum(-1) > 0
        scores = scores.masked_fill(~there[:, None], torch.finfo(scores.dtype).min)
        features = torch.cat([states, scores.softmax(-1) @ given], -1)
        verdicts = self.head(features).squeeze(-1)  # (B, T)
        last = (text.argmax(-1) == END).cumsum(1).eq(0).sum(1, keepdim=True).clamp_max(text.shape[1] - 1)
        places = torch.minimum(torch.arange(text.shape[1], device=x.device).expand_as(verdicts), last)
        return Critique((verdicts.gather(1, places),), (features,))


def build_d(spec: Spec, *, embed: Size = 64, hidden: Size = 96) -> PairReaderD:
    """A discriminator for texts and their inputs, joined: `spec.meta["joined"]` says where the inputs begin.

    Raises:
        RecipeError: it is to see texts alone.
    """
    vocab = spec.meta.get("joined")
    if not isinstance(vocab, int):
        given = "D.net = 'pair-reader' for texts without their inputs"
        raise RecipeError(given, "[input] with judged = true", "type --set D.net=textcnn")
    return PairReaderD(vocab, spec.shape[1] - vocab, embed, hidden)
