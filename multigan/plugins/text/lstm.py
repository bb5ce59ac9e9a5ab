"""The LSTM generator: Gumbel-softmax while it plays, exact sampling when it is used."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.core.generators import Steered
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size, SizeOrNone
from multigan.plugins.text.drawing import bar_of, inverse_cdf, nucleus, relaxed
from multigan.plugins.text.vocabulary import never_drawn

__all__ = ["LstmG", "Schedule", "build_g", "inverse_temperature"]

Schedule = Literal["constant", "linear", "exponential"]
State = tuple[Tensor, Tensor]

_SCHEDULES: Mapping[str, Callable[[float, float], float]] = {
    "constant": lambda beta_max, progress: beta_max,
    "linear": lambda beta_max, progress: 1 + (beta_max - 1) * progress,
    "exponential": lambda beta_max, progress: float(beta_max**progress),
}


def inverse_temperature(schedule: Schedule, beta_max: float, progress: float) -> float:
    """The inverse temperature at a share of the run: 1 (or `beta_max` when constant) at 0, exactly `beta_max` at 1.

    Source: Nie et al. 2019 (RelGAN), section 2.2.2: exponential, `beta_max ** (i / N)`.
    """
    return _SCHEDULES[schedule](beta_max, progress)


class LstmG(nn.Module):
    """An LSTM language model that draws tokens with reparameterised noise.

    While training, `y = softmax(beta (o + g))` goes to D and `argmax(o + g)`, an exact draw from softmax(o), goes back
    into the recurrence; in evaluation mode the draw itself comes out, one-hot. After the end token only ends follow.

    Args:
        length: tokens per text.
        vocab: number of tokens.
        embed: dimensions of a word.
        hidden: hidden units.
        nz: size of a latent that sets the first state; 0 = all noise is in the tokens.
        end: id of the end token, or None where texts have a fixed length.
        beta_max: largest inverse temperature.
        schedule: how it is reached, see `inverse_temperature`.
        straight_through: D sees hard one-hots whose gradient is that of y.
        temperature: of exact sampling in evaluation mode.
        barred: ids that exact sampling never draws: the unknown token, which is no text. Its likelihood stays what it
            is, as real texts hold it; a policy gradient is that of the draws up to a factor that no token changes.

    Attributes:
        top_p: of draws in use, see `nucleus`; 1 = from all tokens.

    Source: Nie et al. 2019 (RelGAN), Eq. 5-6, with an LSTM in place of relational memory; Jang et al. 2017, Eq. 2 and
    section 2.2 (straight-through).
    """

    def __init__(  # noqa: PLR0913  (the dimensions of the net, and its temperature)
        self,
        length: int,
        vocab: int,
        *,
        embed: int = 32,
        hidden: int = 32,
        nz: int = 0,
        end: int | None = None,
        beta_max: float = 1.0,
        schedule: Schedule = "exponential",
        straight_through: bool = False,
        temperature: float = 1.0,
        barred: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.latent = Latent((nz,))
        self.length, self.vocab, self.hidden, self.end = length, vocab, hidden, end
        self.width = hidden
        self.beta_max, self.schedule, self.straight_through = beta_max, schedule, straight_through
        self.temperature, self.top_p, self.barred = temperature, 1.0, tuple(barred)
        self.steered: Steered | None = None
        self.embedding = nn.Embedding(vocab, embed)
        self.cell = nn.LSTMCell(embed, hidden)
        self.out = nn.Linear(hidden, vocab)
        self.first = nn.Linear(nz, 2 * hidden) if nz else None
        for parameter in self.parameters():
            nn.init.normal_(parameter, 0.0, 0.1)

    def forward(
        self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, temperature: float | None = None
    ) -> Tensor:
        """z `(batch, nz)` -> relaxed (training) or hard (evaluation) one-hots `(batch, length, vocab)`.

        `temperature` is that of exact sampling, for this call; None = the net's own. Training has none: it has beta.
        """
        if draw is None:
            raise ShapeError(
                "the text generator was called without a draw", "draw=Draw(seed)", "pass one: it is the noise"
            )
        if not self.training:
            drawn = self.sample(z.shape[0], draw, z=z, temperature=temperature, top_p=self.top_p)
            return F.one_hot(drawn, self.vocab).to(self.out.weight.dtype)
        beta = inverse_temperature(self.schedule, self.beta_max, draw.progress)
        noise = draw.gumbel("gumbel", (len(z), self.length, self.vocab)).to(z.device)
        state, token = self._start(z)
        ended = torch.zeros(len(z), 1, dtype=torch.bool, device=z.device)
        soft = []
        for t in range(self.length):
            state = self.cell(self.embedding(token), state)
            noisy = self.out(state[0]) + noise[:, t]  # (B, V)
            token = noisy.argmax(1)
            soft_token = relaxed(noisy, token, beta, straight_through=self.straight_through)
            if self.end is not None:
                ends = F.one_hot(torch.full_like(token, self.end), self.vocab).to(soft_token.dtype)
                soft_token = torch.where(ended, ends, soft_token)
                token = torch.where(ended[:, 0], self.end, token)
                ended = ended | (token == self.end)[:, None]
            soft.append(soft_token)
        return torch.stack(soft, 1)  # (B, T, V)

    def logits(self, tokens: Tensor, z: Tensor | None = None) -> Tensor:
        """Teacher forcing: logits `(batch, length, vocab)` of tokens `(batch, length)`, each given those before it."""
        logits: Tensor = self.out(self.states(tokens, z))
        return logits

    def states(self, tokens: Tensor, z: Tensor | None = None) -> Tensor:
        """What `out` makes logits of, `(batch, length, hidden)`: for whoever wants them at some places alone."""
        state, token = self._start(z if z is not None else tokens.new_zeros(len(tokens), *self.latent.shape).float())
        hidden = []
        for t in range(tokens.shape[1]):
            state = self.cell(self.embedding(token), state)
            hidden.append(state[0])
            token = tokens[:, t]
        return torch.stack(hidden, 1)

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

        `temperature` divides the logits, for this call; None = the net's own. Below 1 = likelier texts, fewer of them.
        `top_p` below 1 draws from the nucleus of each place.
        """
        temperature = self.temperature if temperature is None else temperature
        device = self.out.weight.device
        state, token = self._start(z if z is not None else torch.zeros(n, *self.latent.shape, device=device))
        given = 0 if prefix is None else prefix.shape[1]
        u = draw.uniform("tokens", (n, self.length)).to(device)
        bar = bar_of(self.barred, self.out.weight[:, 0])
        steering = None if self.steered is None else self.steered.begin(n)
        ended = torch.zeros(n, dtype=torch.bool, device=device)
        tokens = []
        for t in range(self.length):
            state = self.cell(self.embedding(token), state)
            if prefix is not None and t < given:
                token = prefix[:, t]
            else:
                logits = self.out(state[0]) / temperature + bar
                if steering is not None:
                    logits = steering.narrowed(logits, t)
                token = inverse_cdf(F.softmax(nucleus(logits, top_p), 1), u[:, t])
            if self.end is not None:
                token = torch.where(ended, self.end, token)
                ended = ended | (token == self.end)
            if steering is not None:
                steering.took(token)
            tokens.append(token)
        return torch.stack(tokens, 1)

    def _start(self, z: Tensor) -> tuple[State, Tensor]:
        """The first state from z `(batch, nz)`, and token 0."""
        zeros = z.new_zeros(z.shape[0], self.hidden, dtype=self.out.weight.dtype)
        h, c = (zeros, zeros) if self.first is None else torch.tanh(self.first(z)).chunk(2, 1)
        return (h, c), torch.zeros(z.shape[0], dtype=torch.long, device=z.device)


def build_g(  # noqa: PLR0913  (options of a recipe)
    spec: Spec,
    *,
    embed: Size = 32,
    hidden: Size = 32,
    nz: SizeOrNone = 0,
    beta_max: Annotated[float, Field(gt=0, le=1e6)] = 1.0,
    schedule: Schedule = "exponential",
    straight_through: bool = False,
    temperature: Annotated[float, Field(gt=0)] = 1.0,
) -> LstmG:
    """An LSTM generator for texts like `spec`."""
    return LstmG(
        *spec.shape,
        embed=embed,
        hidden=hidden,
        nz=nz,
        end=spec.meta.get("end"),
        beta_max=beta_max,
        schedule=schedule,
        straight_through=straight_through,
        temperature=temperature,
        barred=never_drawn(spec.meta),
    )
