"""The synthetic oracle: a random LSTM whose likelihood of any text is known exactly."""

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["Oracle"]

EMBED = 32


class Oracle:
    """A one-layer LSTM with all parameters drawn from N(0, 1); start token 0, fixed length, no end.

    Args:
        vocab: number of words.
        length: tokens per text.
        hidden: hidden units; words have 32 dimensions.
        seed: of the parameters.

    Source: Yu et al. 2017 (SeqGAN), synthetic data: length 20; 5,000 words and 32 hidden units as in their code.
    Departures: other draws of the parameters, so that its floor must be stated with every number: floors of such
    oracles differ by some tenths of a nat between seeds.
    """

    def __init__(self, vocab: int = 5000, length: int = 20, hidden: int = 32, seed: int = 0) -> None:
        self.vocab, self.length, self.hidden = vocab, length, hidden
        generator = torch.Generator().manual_seed(seed)
        self.embedding = torch.randn(vocab, EMBED, generator=generator)
        self.w = torch.randn(EMBED, 4 * hidden, generator=generator)
        self.u = torch.randn(hidden, 4 * hidden, generator=generator)
        self.b = torch.randn(4 * hidden, generator=generator)
        self.wo = torch.randn(hidden, vocab, generator=generator)
        self.bo = torch.randn(vocab, generator=generator)

    def sample(self, n: int, generator: torch.Generator, temperature: float = 1.0) -> Tensor:
        """Draw int64 `(n, length)`."""
        state, token = self._start(n)
        tokens = []
        for _ in range(self.length):
            logits, state = self._step(token, state)
            token = torch.multinomial(F.softmax(logits / temperature, -1), 1, generator=generator).squeeze(1)
            tokens.append(token)
        return torch.stack(tokens, 1)

    def nll(self, tokens: Tensor) -> Tensor:
        """Negative log likelihood `(n,)` of texts `(n, length)`, nats per token."""
        state, token = self._start(len(tokens))
        total = torch.zeros(len(tokens), dtype=self.b.dtype)
        for t in range(tokens.shape[1]):
            logits, state = self._step(token, state)
            token = tokens[:, t]
            total += F.cross_entropy(logits, token, reduction="none")
        return total / tokens.shape[1]

    def double(self) -> "Oracle":
        """The same oracle computed in float64."""
        made = Oracle(1, self.length, 1)
        made.vocab, made.hidden = self.vocab, self.hidden
        for name in ("embedding", "w", "u", "b", "wo", "bo"):
            setattr(made, name, getattr(self, name).double())
        return made

    def _start(self, n: int) -> tuple[tuple[Tensor, Tensor], Tensor]:
        zeros = torch.zeros(n, self.hidden, dtype=self.b.dtype)
        return (zeros, zeros), torch.zeros(n, dtype=torch.long)

    def _step(self, token: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        h, c = state
        i, f, o, g = (self.embedding[token] @ self.w + h @ self.u + self.b).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h @ self.wo + self.bo, (h, c)
