"""What all generators of texts from texts have in common: they read the input once, and write token by token."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.core.types import Latent, Spec
from multigan.plugins.text.drawing import nucleus
from multigan.plugins.text.ends import until_end
from multigan.plugins.text.vocabulary import END, never_drawn

__all__ = ["Read", "TranslatorG", "sizes_of"]


class Read(NamedTuple):
    """What the encoder made of inputs.

    Attributes:
        states: `(batch, source length, width)`.
        mask: int64 `(batch, source length)`, 1 up to and including the first end.
    """

    states: Tensor
    mask: Tensor

    def repeated(self, times: int) -> "Read":
        """Every input so many times in a row."""
        return Read(self.states.repeat_interleave(times, 0), self.mask.repeat_interleave(times, 0))


class TranslatorG(nn.Module):
    """A net that is given a text and writes one; what is its own is how it reads, and how it goes on.

    In use it writes the likeliest token at every step, or draws where `temperature` is above 0. While it plays, tokens
    are exact draws, and D sees `softmax(logits + Gumbel noise)` of the same noise, as with the LSTM.

    Args:
        spec: of a target.
        dropout: share of activations dropped while training.
        temperature: of draws in use; 0 = the likeliest token.
        top_p: of draws in use: from the nucleus of each place alone; 1 = from all tokens.
        forget: share of inputs that are withheld while training, so that the net also knows texts without one.

    Source: Sutskever et al. 2014, section 2 (one text written for another, and the beam); relaxed draws: Jang et al.
    2017, Eq. 2; `top_p`: Holtzman et al. 2020; `forget`: Ho & Salimans 2022 (classifier-free guidance), Algorithm 1.
    """

    def __init__(
        self, spec: Spec, *, dropout: float = 0.0, temperature: float = 0.0, top_p: float = 1.0, forget: float = 0.0
    ) -> None:
        super().__init__()
        self.latent = Latent((0,))
        (self.length, self.vocab), self.end = spec.shape, spec.meta.get("end")
        self.temperature, self.dropout, self.top_p, self.forget = temperature, dropout, top_p, forget
        self.barred: Sequence[int] = never_drawn(spec.meta)

    @abstractmethod
    def read(self, source: Tensor) -> Read:
        """What is known of inputs, one-hots `(batch, source length, source vocab)`."""

    @abstractmethod
    def written(self, before: Tensor, read: Read) -> Tensor:
        """Logits `(batch, t, vocab)` for what follows each of the tokens `before` `(batch, t)`."""

    @abstractmethod
    def step(self, token: Tensor, state: Any, read: Read) -> tuple[Tensor, Any]:
        """Logits `(batch, vocab)` for what follows `token` `(batch, 1)`, and the state then; it begins with None."""

    def forward(
        self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor | None = None
    ) -> Tensor:
        """Inputs `(batch, source length, source vocab)` -> one-hots `(batch, length, vocab)`, relaxed while training.

        In use they are hard, and have the gradient of the probabilities where the input asks for one.
        """
        if draw is None or source is None:
            wanted = "draw=Draw(seed), source=inputs"
            raise ShapeError("this generator was called without a draw or an input", wanted, "pass both")
        if self.training:
            tokens = self.sample(len(source), draw, temperature=1.0, source=source)
            noise = torch.stack([self._noise(draw, t, len(source)) for t in range(self.length)], 1).to(source.device)
            return self._ended(F.softmax(self.logits(tokens, source, draw) + noise, -1), tokens)
        tokens = self.sample(len(source), draw, temperature=self.temperature, top_p=self.top_p, source=source)
        hard = F.one_hot(tokens, self.vocab).to(next(self.parameters()).dtype)
        if not (torch.is_grad_enabled() and source.requires_grad):
            return hard
        soft = F.softmax(self.logits(tokens, source), -1)
        return hard + soft - soft.detach()

    def logits(self, tokens: Tensor, source: Tensor, draw: Draw | None = None) -> Tensor:
        """Teacher forcing: logits `(batch, length, vocab)` of tokens `(batch, length)`, each given those before it.

        Columns behind the longest text of the batch are not computed: their logits are 0.

        Args:
            tokens: ids.
            source: inputs, one-hots `(batch, source length, source vocab)`.
            draw: of dropout, and of which inputs are withheld; None = none.
        """
        needed = tokens.shape[1] if self.end is None else min(tokens.shape[1], int(sizes_of(tokens, self.end).max()))
        before = F.pad(tokens[:, : needed - 1], (1, 0), value=END)
        dropping = draw is not None and self.training and self.dropout > 0
        if draw is not None and self.training and self.forget > 0:
            withheld = draw.child("forget").uniform("inputs", (len(source),)).to(source.device) < self.forget
            source = torch.where(withheld[:, None, None], self.nothing(source), source)
        with torch.random.fork_rng([], enabled=dropping):
            if draw is not None and dropping:
                draw.child("dropout").seed_layers()
            found = self.written(before, self.read(source))
        return F.pad(found, (0, 0, 0, tokens.shape[1] - needed))

    @torch.no_grad()
    def sample(  # noqa: PLR0913  (each is a choice of its own)
        self,
        n: int,
        draw: Draw,
        *,
        z: Tensor | None = None,
        prefix: Tensor | None = None,
        temperature: float | None = None,
        top_p: float = 1.0,
        filled: bool = False,
        source: Tensor,
    ) -> Tensor:
        """Tokens int64 `(n, length)` for inputs `(n, ...)`, after those of `prefix` `(n, shorter)` where one is given.

        `temperature` divides the logits, 0 = the likeliest; None = 1: exact draws. `top_p` below 1 draws from the
        nucleus of each place. With `filled` no text is empty, as none was that it learnt. Nothing is dropped.
        """
        warmth, training = 1.0 if temperature is None else temperature, self.training
        self.eval()
        try:
            return self._sampled(n, draw, prefix, (warmth, top_p, filled), self.read(source))
        finally:
            self.train(training)

    def nothing(self, source: Tensor) -> Tensor:
        """What the net is given in place of inputs `(n, ...)` that it is not to know: texts of no word."""
        empty = torch.zeros_like(source)
        empty[..., END] = 1.0
        return empty

    def _sampled(self, n: int, draw: Draw, prefix: Tensor | None, how: tuple[float, float, bool], read: Read) -> Tensor:
        temperature, top_p, filled = how
        token = torch.full((n,), END, dtype=torch.long, device=read.states.device)
        ended, state, tokens = torch.zeros_like(token, dtype=torch.bool), None, list[Tensor]()
        for t in range(self.length):
            logits, state = self.step(token[:, None], state, read)
            logits = self._unbarred(logits, begins=filled and t == 0)
            if temperature > 0:
                logits = nucleus(logits / temperature, top_p) + self._noise(draw, t, n).to(logits.device)
            token = logits.argmax(1) if prefix is None or t >= prefix.shape[1] else prefix[:, t]
            if self.end is not None:
                token = torch.where(ended, self.end, token)
                ended = ended | (token == self.end)
            tokens.append(token)
            if self.end is not None and bool(ended.all()):
                break
        return F.pad(torch.stack(tokens, 1), (0, self.length - len(tokens)), value=self.end or 0)

    @torch.no_grad()
    def beam(self, source: Tensor, size: int) -> tuple[Tensor, Tensor]:
        """The best texts of a beam search, best first: ids `(n, size, length)`, log-likelihoods per token `(n, size)`.

        Args:
            source: inputs `(n, ...)`.
            size: hypotheses that are kept at every step.
        """
        read, n = self.read(source).repeated(size), len(source)
        tokens = torch.full((n * size, 1), END, dtype=torch.long, device=source.device)
        score = torch.full((n, size), -torch.inf, device=source.device)
        score[:, 0] = 0.0
        first, stay = size * torch.arange(n, device=source.device)[:, None], self._staying(source.device)
        for t in range(self.length):
            step = F.log_softmax(self._unbarred(self.written(tokens, read)[:, -1]), -1)
            if self.end is not None and t:
                step = torch.where((tokens[:, 1:] == self.end).any(1)[:, None], stay, step)
            score, best = (score[..., None] + step.view(n, size, -1)).flatten(1).topk(size)
            rows = (first + best // self.vocab).flatten()
            tokens = torch.cat([tokens[rows], (best % self.vocab).view(-1, 1)], 1)
        found = tokens[:, 1:].view(n, size, -1)
        sizes = found.shape[2] if self.end is None else sizes_of(found.flatten(0, 1), self.end).view(n, size)
        mean, order = (score / sizes).sort(dim=1, descending=True, stable=True)
        return found.gather(1, order[..., None].expand_as(found)), mean

    def _looked_up(self, source: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings `(batch, longest, width)` of inputs and their mask, without columns that no text needs."""
        # Inputs are one-hots; a product with the table costs more than looking rows up, and has a gradient.
        ids = source.argmax(-1)
        mask = torch.arange(ids.shape[1], device=ids.device) < sizes_of(ids, END)[:, None]
        needed = int(mask.sum(1).max())
        given = source @ table if source.requires_grad else F.embedding(ids[:, :needed], table)
        return given[:, :needed].to(table.dtype), mask[:, :needed].long()

    def _unbarred(self, logits: Tensor, *, begins: bool = False) -> Tensor:
        """Logits without those of tokens that are no text, and of the end where a text `begins`."""
        never = [*self.barred, *([self.end] if begins and self.end is not None else [])]
        return logits.index_fill(-1, torch.tensor(never, device=logits.device, dtype=torch.long), -torch.inf)

    def _noise(self, draw: Draw, t: int, n: int) -> Tensor:
        return draw.gumbel(f"token-{t}", (n, self.vocab))

    def _staying(self, device: torch.device) -> Tensor:
        """Log probabilities `(1, vocab)` of a text that is over: only ends follow."""
        stay = torch.full((1, self.vocab), -torch.inf, device=device)
        stay[:, self.end or 0] = 0.0
        return stay

    def _ended(self, soft: Tensor, tokens: Tensor) -> Tensor:
        """Behind the first end, ends."""
        if self.end is None:
            return soft
        over = torch.arange(self.length, device=tokens.device) >= sizes_of(tokens, self.end)[:, None]
        ends = F.one_hot(torch.full_like(tokens, self.end), self.vocab).to(soft.dtype)
        return torch.where(over[..., None], ends, soft)


def sizes_of(tokens: Tensor, end: int) -> Tensor:
    """Tokens of each text `(n, length)` up to and including its first end: int64 `(n,)`, at least 1."""
    return until_end(tokens, end).sum(1)
