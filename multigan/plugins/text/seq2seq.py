"""A Transformer that reads one text and writes another, token by token."""

import inspect
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, ShapeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.text.vocabulary import END, never_drawn
from multigan.recipe.numbers import Beta

__all__ = ["Seq2SeqG", "build_g"]


class _Read(NamedTuple):
    """What the encoder made of inputs.

    Attributes:
        states: `(batch, source length, width)`.
        mask: int64 `(batch, source length)`, 1 up to and including the first end.
    """

    states: Tensor
    mask: Tensor

    def repeated(self, times: int) -> "_Read":
        """Every input so many times in a row."""
        return _Read(self.states.repeat_interleave(times, 0), self.mask.repeat_interleave(times, 0))


class Seq2SeqG(nn.Module):
    """An encoder that reads the input and a decoder that writes, of T5's kind: relative positions, RMSNorm first.

    In use it writes the likeliest token at every step, or draws where `temperature` is above 0. While it plays, tokens
    are exact draws, and D sees `softmax(logits + Gumbel noise)` of the same noise, as with the LSTM.

    Args:
        spec: of a target.
        source: of an input. Where both have one vocabulary, so has the net one table of embeddings.
        width: of every state.
        layers: of the encoder, and as many of the decoder.
        heads: of attention; they divide the width.
        hidden: units between the two linear maps of a layer.
        dropout: share of activations dropped while training.
        temperature: of draws in use; 0 = the likeliest token.

    Source: Vaswani et al. 2017, section 3; Raffel et al. 2020 (T5), section 2.1.
    """

    def __init__(  # noqa: PLR0913  (the dimensions of the net)
        self,
        spec: Spec,
        source: Spec,
        *,
        width: int = 128,
        layers: int = 2,
        heads: int = 4,
        hidden: int = 256,
        dropout: float = 0.0,
        temperature: float = 0.0,
    ) -> None:
        super().__init__()
        self.latent = Latent((0,))
        (self.length, self.vocab), self.end = spec.shape, spec.meta.get("end")
        self.temperature, self.dropout = temperature, dropout
        self.barred: Sequence[int] = never_drawn(spec.meta)
        self.body = _body(self.vocab, width, layers, heads, hidden, dropout)
        self._cache = "cache" if "cache" in inspect.signature(self.body.decoder.forward).parameters else ""
        self._cache = self._cache or "past_key_values"  # its older name
        shared = dict(spec.meta["vocabulary"]) == dict(source.meta["vocabulary"])
        self.embedding = None if shared else nn.Embedding(source.shape[1], width)
        if self.embedding is not None:
            nn.init.normal_(self.embedding.weight)

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
        tokens = self.sample(len(source), draw, temperature=self.temperature, source=source)
        hard = F.one_hot(tokens, self.vocab).to(self.body.shared.weight.dtype)
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
            draw: of dropout; None = none is dropped.
        """
        needed = tokens.shape[1] if self.end is None else min(tokens.shape[1], int(_sizes(tokens, self.end).max()))
        before = F.pad(tokens[:, : needed - 1], (1, 0), value=END)
        dropping = draw is not None and self.training and self.dropout > 0
        with torch.random.fork_rng([], enabled=dropping):
            if draw is not None and dropping:
                draw.child("dropout").seed_layers()
            found = self._written(before, self._read(source))
        return F.pad(found, (0, 0, 0, tokens.shape[1] - needed))

    @torch.no_grad()
    def sample(
        self,
        n: int,
        draw: Draw,
        *,
        z: Tensor | None = None,
        prefix: Tensor | None = None,
        temperature: float | None = None,
        source: Tensor,
    ) -> Tensor:
        """Tokens int64 `(n, length)` for inputs `(n, ...)`, after those of `prefix` `(n, shorter)` where one is given.

        `temperature` divides the logits, 0 = the likeliest; None = 1: exact draws. Nothing is dropped.
        """
        warmth, training = 1.0 if temperature is None else temperature, self.training
        self.body.eval()
        try:
            return self._sampled(n, draw, prefix, warmth, self._read(source))
        finally:
            self.body.train(training)

    def _sampled(self, n: int, draw: Draw, prefix: Tensor | None, temperature: float, read: _Read) -> Tensor:
        token = torch.full((n,), END, dtype=torch.long, device=read.states.device)
        ended, cache, tokens = torch.zeros_like(token, dtype=torch.bool), None, list[Tensor]()
        for t in range(self.length):
            out = self.body(**self._seen(token[:, None], read), **{self._cache: cache}, use_cache=True)
            cache, logits = getattr(out, self._cache), self._unbarred(out.logits[:, -1])
            if temperature > 0:
                logits = logits / temperature + self._noise(draw, t, n).to(logits.device)
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
        read, n = self._read(source).repeated(size), len(source)
        tokens = torch.full((n * size, 1), END, dtype=torch.long, device=source.device)
        score = torch.full((n, size), -torch.inf, device=source.device)
        score[:, 0] = 0.0
        first, stay = size * torch.arange(n, device=source.device)[:, None], self._staying(source.device)
        for t in range(self.length):
            step = F.log_softmax(self._unbarred(self._written(tokens, read)[:, -1]), -1)
            if self.end is not None and t:
                step = torch.where((tokens[:, 1:] == self.end).any(1)[:, None], stay, step)
            score, best = (score[..., None] + step.view(n, size, -1)).flatten(1).topk(size)
            rows = (first + best // self.vocab).flatten()
            tokens = torch.cat([tokens[rows], (best % self.vocab).view(-1, 1)], 1)
        found = tokens[:, 1:].view(n, size, -1)
        sizes = found.shape[2] if self.end is None else _sizes(found.flatten(0, 1), self.end).view(n, size)
        mean, order = (score / sizes).sort(dim=1, descending=True, stable=True)
        return found.gather(1, order[..., None].expand_as(found)), mean

    def _read(self, source: Tensor) -> _Read:
        table = (self.body.shared if self.embedding is None else self.embedding).weight
        # Inputs are one-hots; a product with the table costs more than looking rows up, and has a gradient.
        ids = source.argmax(-1)
        mask = torch.arange(ids.shape[1], device=ids.device) < _sizes(ids, END)[:, None]
        needed = int(mask.sum(1).max())
        given = source @ table if source.requires_grad else F.embedding(ids[:, :needed], table)
        mask = mask[:, :needed].long()
        states = self.body.encoder(inputs_embeds=given[:, :needed].to(table.dtype), attention_mask=mask)[0]
        return _Read(states, mask)

    def _seen(self, before: Tensor, read: _Read) -> dict[str, Any]:
        return {"decoder_input_ids": before, "encoder_outputs": (read.states,), "attention_mask": read.mask}

    def _written(self, before: Tensor, read: _Read) -> Tensor:
        found: Tensor = self.body(**self._seen(before, read), use_cache=False).logits
        return found

    def _unbarred(self, logits: Tensor) -> Tensor:
        """Logits without those of tokens that are no text."""
        return logits.index_fill(-1, torch.tensor(self.barred, device=logits.device, dtype=torch.long), -torch.inf)

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
        over = torch.arange(self.length, device=tokens.device) >= _sizes(tokens, self.end)[:, None]
        ends = F.one_hot(torch.full_like(tokens, self.end), self.vocab).to(soft.dtype)
        return torch.where(over[..., None], ends, soft)


def build_g(  # noqa: PLR0913  (options of a recipe)
    spec: Spec,
    source: Spec,
    *,
    width: Size = 128,
    layers: Size = 2,
    heads: Size = 4,
    hidden: Size = 256,
    dropout: Beta = 0.0,
    temperature: Annotated[float, Field(ge=0)] = 0.0,
) -> Seq2SeqG:
    """A Transformer from texts like `source` to texts like `spec`."""
    if width % heads:
        given = f"heads = {heads} of width = {width}"
        raise RecipeError(given, "heads that divide the width", f"type --set G.width={heads * (width // heads + 1)}")
    if any(one.meta.get("end") != END for one in (spec, source)):
        raise RecipeError("texts that no token ends", "lines of text", "name a file of pairs", key=("data", "source"))
    sizes = {"width": width, "layers": layers, "heads": heads, "hidden": hidden}
    return Seq2SeqG(spec, source, **sizes, dropout=dropout, temperature=temperature)


def _body(vocab: int, width: int, layers: int, heads: int, hidden: int, dropout: float) -> Any:
    # Seconds to import, and few nets need it.
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(
        vocab_size=vocab,
        d_model=width,
        d_kv=width // heads,
        d_ff=hidden,
        num_layers=layers,
        num_decoder_layers=layers,
        num_heads=heads,
        dropout_rate=dropout,
        relative_attention_num_buckets=32,
        relative_attention_max_distance=64,
        pad_token_id=END,
        eos_token_id=END,
        decoder_start_token_id=END,
        tie_word_embeddings=True,
    )
    return T5ForConditionalGeneration(config)


def _sizes(tokens: Tensor, end: int) -> Tensor:
    """Tokens of each text `(n, length)` up to and including its first end: int64 `(n,)`, at least 1."""
    before = (tokens == end).cumsum(1) == 0
    return (before.sum(1) + 1).clamp_max(tokens.shape[1])
