"""A small recurrent net with attention that reads one text and writes another; two of them can be one net of two ways.

Both of two manners of writing have the same words but for some, so what is learnt of reading and writing the one serves
the other: the nets of both ways share all weights but a vector that says which manner is written.
"""

from typing import Annotated, Any

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.sizes import Size
from multigan.plugins.text.drawing import TopP
from multigan.plugins.text.translator import Read, TranslatorG
from multigan.plugins.text.vocabulary import END
from multigan.recipe.numbers import Beta

__all__ = ["GruReaderG", "build_gru"]


class GruReaderG(TranslatorG):
    """GRUs in both directions read, a GRU with attention writes, and one table of words serves all three ends.

    Inputs with a vocabulary of their own have a table of their own.

    `p(y_t | y_<t, x) = softmax(E tanh(W [h_t; c_t]) + b)`, `c_t` the states weighted by `softmax(h_t Q S / sqrt(w))`,
    and `h_t` of the words before plus the vector of the side that is written.

    Args:
        spec: of a target.
        source: of an input.
        width: of every state.
        dropout: share of what is read, and of the words before, that is dropped while training.
        temperature: of draws in use; 0 = the likeliest token.
        top_p: of draws in use: from the nucleus of each place alone.
        forget: share of inputs that are withheld while training.

    Source: Bahdanau et al. 2015, section 3.2 (reading); Luong et al. 2015, Eq. 5 to 8, `general` (attention); Press &
    Wolf 2017, section 3 (one table); Lample et al. 2018, section 2.1 (shared by both sides but for what is told the
    decoder).
    Departures: scores are divided by the root of the width, and the side is added to every word before, not only to the
    first.
    """

    def __init__(
        self,
        spec: Spec,
        source: Spec,
        *,
        width: int = 96,
        dropout: float = 0.0,
        temperature: float = 0.0,
        top_p: float = 1.0,
        forget: float = 0.0,
    ) -> None:
        super().__init__(spec, dropout=dropout, temperature=temperature, top_p=top_p, forget=forget)
        one = dict(spec.meta["vocabulary"]) == dict(source.meta["vocabulary"])
        self.shared = _Shared(self.vocab, None if one else source.shape[1], width, dropout)
        self.side = nn.Parameter(torch.randn(width))

    def share(self, other: "GruReaderG") -> None:
        """Have all weights of the net of the other way but the vector of the side.

        Raises:
            RecipeError: that has other words, or inputs have.
        """
        foreign = self.shared.foreign
        if other.vocab != self.vocab or foreign is not None:
            given = f"one net for {other.vocab if foreign is None else foreign.num_embeddings} and {self.vocab} words"
            raise RecipeError(given, "one vocabulary", "remove vocab, tokens and min_count from [input]")
        self.shared = other.shared

    def read(self, source: Tensor) -> Read:
        """The states of inputs `(batch, source length, source vocab)`."""
        table = self.shared.words if self.shared.foreign is None else self.shared.foreign
        given, mask = self._looked_up(source, table.weight)
        return Read(self.shared.encoded(given, mask), mask)

    def written(self, before: Tensor, read: Read) -> Tensor:
        """Logits `(batch, t, vocab)` for what follows each of the tokens `before` `(batch, t)`."""
        return self.shared.continued(before, self.side, None, read)[0]

    def step(self, token: Tensor, state: Any, read: Read) -> tuple[Tensor, Any]:
        """Logits `(batch, vocab)` for what follows, and the state of the GRU."""
        logits, state = self.shared.continued(token, self.side, state, read)
        return logits[:, -1], state


class _Shared(nn.Module):
    """All that both ways may have in common."""

    def __init__(self, vocab: int, foreign: int | None, width: int, dropout: float) -> None:
        super().__init__()
        self.scale, self.dropout = width**0.5, dropout
        self.words = self._table(vocab, width)
        self.foreign = None if foreign is None else self._table(foreign, width)
        self.reader = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.joined = nn.Linear(2 * width, width)
        self.writer = nn.GRU(width, width, batch_first=True)
        self.query = nn.Linear(width, width, bias=False)
        self.top = nn.Linear(2 * width, width)
        self.bias = nn.Parameter(torch.zeros(vocab))

    def _table(self, words: int, width: int) -> nn.Embedding:
        table = nn.Embedding(words, width)
        nn.init.normal_(table.weight, 0.0, 1 / self.scale)
        return table

    def encoded(self, given: Tensor, mask: Tensor) -> Tensor:
        """Embeddings `(batch, t, width)` to states of the same shape, none of which knows what lies behind an end."""
        given = F.dropout(given * self.scale, self.dropout, self.training)
        packed = pack_padded_sequence(given, mask.sum(1).cpu(), batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.reader(packed)[0], batch_first=True)
        found: Tensor = self.joined(states)
        return found

    def continued(self, before: Tensor, side: Tensor, state: Tensor | None, read: Read) -> tuple[Tensor, Tensor]:
        """Logits `(batch, t, vocab)` and the last state."""
        given = F.dropout(self.words(before) * self.scale, self.dropout, self.training) + side
        states, last = self.writer(given, state)
        scores = self.query(states) @ read.states.transpose(1, 2) / self.scale
        scores = scores.masked_fill(read.mask[:, None] == 0, torch.finfo(scores.dtype).min)
        both = torch.cat([states, scores.softmax(-1) @ read.states], -1)
        return torch.tanh(self.top(both)) @ self.words.weight.T * self.scale + self.bias, last


def build_gru(
    spec: Spec,
    source: Spec,
    *,
    width: Size = 96,
    dropout: Beta = 0.0,
    temperature: Annotated[float, Field(ge=0)] = 0.0,
    top_p: TopP = 1.0,
    forget: Beta = 0.0,
) -> GruReaderG:
    """A recurrent net with attention from texts like `source` to texts like `spec`."""
    if any(one.meta.get("end") != END for one in (spec, source)):
        raise RecipeError("texts that no token ends", "lines of text", "name a file of lines", key=("data", "source"))
    use: dict[str, Any] = {"dropout": dropout, "temperature": temperature, "top_p": top_p, "forget": forget}
    return GruReaderG(spec, source, width=width, **use)
