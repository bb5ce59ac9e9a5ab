"""A decoder-only Transformer as generator: Gumbel-softmax while it plays, exact sampling when it is used."""

from collections.abc import Callable, Sequence
from typing import Annotated

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, ShapeError
from multigan.core.generators import Steered
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.text.drawing import bar_of, inverse_cdf, nucleus, relaxed
from multigan.plugins.text.ends import until_end
from multigan.plugins.text.lstm import Schedule, inverse_temperature
from multigan.plugins.text.vocabulary import never_drawn

__all__ = ["TransformerG", "build_transformer"]

MOST_LAYERS = 48


class TransformerG(nn.Module):
    """A language model of the Llama kind that draws tokens with reparameterised noise; roles as in `LstmG`.

    Tokens are written one after the other, keys and values of earlier ones kept. While training they are drawn as
    `argmax(o + g)` without gradients; then one pass over all of them gives the logits o again, with gradients, and
    `y = softmax(beta (o + g))` goes to D. The noise g is the same, so y is that of the tokens drawn.

    Args:
        length: tokens per text.
        vocab: number of tokens.
        width: of a token's vector.
        layers: blocks of attention and a gated feed-forward net.
        heads: of attention.
        end: id of the end token, or None where texts have a fixed length.
        beta_max: largest inverse temperature.
        schedule: how it is reached, see `inverse_temperature`.
        straight_through: D sees hard one-hots whose gradient is that of y.
        temperature: of exact sampling in evaluation mode.
        barred: ids that exact sampling never draws.

    Attributes:
        top_p: of draws in use, see `nucleus`; 1 = from all tokens.

    Source: Vaswani et al. 2017; Touvron et al. 2023 (Llama), section 2.2, as `transformers` has it; Nie et al. 2019
    (RelGAN), Eq. 5-6.
    """

    def __init__(  # noqa: PLR0913  (the dimensions of the net, and its temperature)
        self,
        length: int,
        vocab: int,
        *,
        width: int = 128,
        layers: int = 2,
        heads: int = 4,
        end: int | None = None,
        beta_max: float = 1.0,
        schedule: Schedule = "exponential",
        straight_through: bool = False,
        temperature: float = 1.0,
        barred: Sequence[int] = (),
    ) -> None:
        from transformers import LlamaConfig, LlamaModel

        super().__init__()
        self.latent, self.width = Latent((0,)), width
        self.length, self.vocab, self.end = length, vocab, end
        self.beta_max, self.schedule, self.straight_through = beta_max, schedule, straight_through
        self.temperature, self.top_p, self.barred = temperature, 1.0, tuple(barred)
        self.steered: Steered | None = None
        config = LlamaConfig(
            vocab_size=vocab,
            hidden_size=width,
            intermediate_size=3 * width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            max_position_embeddings=length,
        )
        self.body = LlamaModel(config)
        self.out = nn.Linear(width, vocab)
        nn.init.normal_(self.out.weight, 0.0, 0.02)
        nn.init.zeros_(self.out.bias)

    def forward(
        self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, temperature: float | None = None
    ) -> Tensor:
        """z `(batch, 0)` -> relaxed (training) or hard (evaluation) one-hots `(batch, length, vocab)`.

        `temperature` is that of exact sampling, for this call; None = the net's own. Training has none: it has beta.
        """
        if draw is None:
            raise ShapeError(
                "the text generator was called without a draw", "draw=Draw(seed)", "pass one: it is the noise"
            )
        n = z.shape[0]
        if not self.training:
            drawn = self.sample(n, draw, temperature=temperature, top_p=self.top_p)
            return F.one_hot(drawn, self.vocab).to(self.out.weight.dtype)
        noise = draw.gumbel("gumbel", (n, self.length, self.vocab)).to(z.device)
        tokens = self._write(n, lambda t, logits: (logits + noise[:, t]).argmax(1))
        beta = inverse_temperature(self.schedule, self.beta_max, draw.progress)
        noisy = self.logits(tokens) + noise
        soft = relaxed(noisy, tokens, beta, straight_through=self.straight_through)
        if self.end is None:
            return soft
        return torch.where(until_end(tokens, self.end)[..., None], soft, F.one_hot(tokens, self.vocab).to(soft.dtype))

    def logits(self, tokens: Tensor) -> Tensor:
        """Teacher forcing: logits `(batch, length, vocab)` of tokens `(batch, length)`, each given those before it."""
        logits: Tensor = self.out(self.states(tokens))
        return logits

    def states(self, tokens: Tensor) -> Tensor:
        """What `out` makes logits of, `(batch, length, width)`: for whoever wants them at some places alone."""
        before = F.pad(tokens[:, :-1].long(), (1, 0))  # token 0 begins
        # Given, since without one `transformers` looks for packed texts in the values, which tracers do not have.
        places = before.shape[1]
        later = torch.full((places, places), -torch.inf, device=before.device, dtype=self.out.weight.dtype).triu(1)
        hidden: Tensor = self.body(
            input_ids=before, attention_mask=later[None, None], use_cache=False
        ).last_hidden_state
        return hidden

    @torch.no_grad()
    def sample(
        self,
        n: int,
        draw: Draw,
        *,
        z: Tensor | None = None,
        prefix: Tensor | None = None,
        temperature: float | None = None,
        top_p: float = 1.0,
    ) -> Tensor:
        """Exact draws: int64 `(n, length)`, after the tokens of `prefix` `(n, shorter)` where one is given.

        `temperature` divides the logits, for this call; None = the net's own. `top_p` below 1 draws from the nucleus of
        each place. There is no `z`: it is not looked at.
        """
        temperature = self.temperature if temperature is None else temperature
        u = draw.uniform("tokens", (n, self.length)).to(self.out.weight.device)
        bar = bar_of(self.barred, self.out.weight[:, 0])
        steering = None if self.steered is None else self.steered.begin(n)

        def pick(t: int, logits: Tensor) -> Tensor:
            logits = logits / temperature + bar
            if steering is not None:
                logits = steering.narrowed(logits, t)
            return inverse_cdf(F.softmax(nucleus(logits, top_p), 1), u[:, t])

        return self._write(n, pick, prefix, None if steering is None else steering.took)

    @torch.no_grad()
    def _write(
        self,
        n: int,
        pick: Callable[[int, Tensor], Tensor],
        prefix: Tensor | None = None,
        took: Callable[[Tensor], None] | None = None,
    ) -> Tensor:
        """Tokens `(n, length)`: `pick(place, logits)` of each, ends after the first one; `took` is told of each."""
        from transformers import DynamicCache

        device = self.out.weight.device
        given = 0 if prefix is None else prefix.shape[1]
        token = torch.zeros(n, dtype=torch.long, device=device)
        ended = torch.zeros(n, dtype=torch.bool, device=device)
        kept = DynamicCache()
        tokens = []
        for t in range(self.length):
            # By place, fourth: `transformers` has two names for what is kept, and warns of the older one.
            hidden = self.body(token[:, None], None, None, kept, use_cache=True).last_hidden_state
            token = prefix[:, t] if prefix is not None and t < given else pick(t, self.out(hidden[:, -1]))
            if self.end is not None:
                token = torch.where(ended, self.end, token)
                ended = ended | (token == self.end)
            if took is not None:
                took(token)
            tokens.append(token)
        return torch.stack(tokens, 1)


def build_transformer(  # noqa: PLR0913  (options of a recipe)
    spec: Spec,
    *,
    width: Size = 128,
    layers: Annotated[int, Field(ge=1, le=MOST_LAYERS)] = 2,
    heads: Annotated[int, Field(ge=1, le=64)] = 4,
    beta_max: Annotated[float, Field(gt=0, le=1e6)] = 1.0,
    schedule: Schedule = "exponential",
    straight_through: bool = False,
    temperature: Annotated[float, Field(gt=0)] = 1.0,
) -> TransformerG:
    """A decoder-only Transformer for texts like `spec`.

    Raises:
        RecipeError: the heads do not share the width in even parts.
    """
    if width % (2 * heads):
        given = f"{heads} heads for a width of {width}"
        raise RecipeError(
            given, "a width that is a multiple of twice the heads", f"try width = {64 * heads}", key=["heads"]
        )
    return TransformerG(
        *spec.shape,
        width=width,
        layers=layers,
        heads=heads,
        end=spec.meta.get("end"),
        beta_max=beta_max,
        schedule=schedule,
        straight_through=straight_through,
        temperature=temperature,
        barred=never_drawn(spec.meta),
    )
