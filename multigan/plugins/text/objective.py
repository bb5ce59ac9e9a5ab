"""Maximum likelihood: what a text generator learns before it plays."""

import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import Telling, asked, likely_of
from multigan.core.types import Batch
from multigan.plugins.text.ends import until_end
from multigan.plugins.text.scramble import scrambled

__all__ = ["denoise", "mle", "token_nll"]


def mle(G: nn.Module, batch: Batch, draw: Draw) -> Tensor:
    """Negative log likelihood of real texts under teacher forcing, nats per place.

    `-1/L sum_t log G(x_t | x_1 .. x_{t-1})`, the sum up to and including the first end token, L the places of the
    longest text. Every token counts alike, so that the minimum is the likeliest G. A mean over the tokens of each text
    has another minimum: tokens of short texts count more there, and G writes short texts too often.

    Args:
        G: has `logits(tokens)` and `end`; with inputs `logits(tokens, source=, draw=)`.
        batch: `real` one-hots `(batch, length, vocab)`, and their inputs where there are some.
        draw: of dropout, in nets that are given inputs.

    Returns:
        `(batch,)`.

    Source: Yu et al. 2017 (SeqGAN), Algorithm 1, line 2 (pre-training).
    """
    tokens = batch.real.argmax(-1)
    return _sums(G, tokens, batch.source, draw)[0] / tokens.shape[1]


def denoise(G: nn.Module, batch: Batch, draw: Draw) -> Tensor:
    """Negative log likelihood of real texts, given themselves with words lost, hidden and out of order; nats per place.

    A net that is given nothing has nothing to repair: there it is `mle`.

    Args:
        G: is given texts with the vocabulary of those that it writes.
        batch: `real` one-hots `(batch, length, vocab)`; what its inputs say does not count.
        draw: of what becomes of the texts.

    Returns:
        `(batch,)`.

    Raises:
        RecipeError: inputs have a vocabulary of their own.

    Source: Lample et al. 2018, Eq. 1.
    """
    if batch.source is None:
        return mle(G, batch, draw)
    if batch.source.shape[2] != batch.real.shape[2]:
        what, fix = "the turn 'denoise' for inputs with a vocabulary of their own", "remove input.vocab and its like"
        raise RecipeError(what, "one vocabulary for both", fix, key=("phases",))
    given = scrambled(batch.real, draw.child("scrambled"))
    tokens = batch.real.argmax(-1)
    return _sums(G, tokens, given, draw)[0] / tokens.shape[1]


def token_nll(
    G: nn.Module,
    tokens: Tensor,
    temperature: float = 1.0,
    *,
    source: Tensor | None = None,
    draw: Draw | None = None,
) -> Tensor:
    """NLL per token `(batch,)` of texts `(batch, length)` under G; tokens after the first end do not count.

    `temperature` divides G's logits: the likelihood of what G draws at that temperature. `source` are the inputs of a
    translator, `draw` that of its dropout.

    Source: Yu et al. 2017 (SeqGAN), NLL_oracle with G in place of the oracle, per token.
    """
    sums, sizes = _sums(G, tokens, source, draw, temperature)
    return sums / sizes


def _sums(
    G: nn.Module, tokens: Tensor, source: Tensor | None, draw: Draw | None, temperature: float = 1.0
) -> tuple[Tensor, Tensor]:
    """NLL of whole texts and how many tokens count in each, `(batch,)` both."""
    counts = until_end(tokens, G.end)  # (B, T)
    net = likely_of(G)
    if source is None and isinstance(net, Telling):
        longest = int(counts.sum(1).max())  # half of the places of captions follow their ends
        logits = net.out(net.states(tokens[:, :longest])[counts[:, :longest]])
    else:
        more = {} if source is None else {**asked(source), "draw": draw}
        logits = net.logits(tokens, **more)[counts]
    # Flat: over a last axis that is contiguous, cross-entropy is four times faster than over a transposed one.
    nll = F.cross_entropy(logits if temperature == 1 else logits / temperature, tokens[counts], reduction="none")
    return nll.new_zeros(tokens.shape).masked_scatter(counts, nll).sum(1), counts.sum(1)
