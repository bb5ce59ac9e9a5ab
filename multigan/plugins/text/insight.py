"""A critic of texts that reads them as their generator does: by its own states, and how expected each token was."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.generators import Telling
from multigan.plugins.text.ends import until_end

__all__ = ["Insight", "insight"]

HIDDEN = 64
DROPPED = (0.2, 0.5)


class Insight(nn.Module):
    """A small head over what a frozen copy of the generator makes of a text.

    Of every token the generator's state before it, its surprise `-log q(x_t | x_<t)` and the entropy of what was
    expected; of a text the mean and the maximum of each over its tokens, and how many there are. A net that never saw
    more than a few hundred texts can tell by these what is odd about a generator's texts, and needs to learn no words.

    Args:
        reader: the generator's net, or one of its kind that gets its weights; it does not learn.
        width: of its states.
        end: id of the end token; what follows the first of a text does not count. None = texts have no end.

    Source: Deng et al. 2020 ("Residual Energy-Based Models for Text Generation"), section 4.1: an energy that begins
    as the language model itself.
    Departures: the language model stands still, and only a head of two layers learns.
    """

    judges_alone = True

    def __init__(self, reader: nn.Module, width: int, end: int | None) -> None:
        super().__init__()
        self.reader, self.end = reader.requires_grad_(False), end
        self.head = nn.Sequential(
            nn.BatchNorm1d(2 * (width + 2) + 1, affine=False),
            nn.Dropout(DROPPED[0]),
            nn.Linear(2 * (width + 2) + 1, HIDDEN),
            nn.GELU(),
            nn.Dropout(DROPPED[1]),
            nn.Linear(HIDDEN, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """One-hots `(batch, length, vocab)` to logits `(batch,)`."""
        logits: Tensor = self.head(self.seen(x.argmax(-1)))[:, 0]
        return logits

    @torch.no_grad()
    def seen(self, ids: Tensor) -> Tensor:
        """What the head is shown of texts `(batch, length)`: `(batch, 2 * (width + 2) + 1)`."""
        states = self.reader.states(ids)  # type: ignore[operator]
        logs = F.log_softmax(self.reader.out(states), -1)  # type: ignore[operator]
        surprise = -logs.gather(-1, ids[..., None])
        entropy = -(logs.exp() * logs).sum(-1, keepdim=True)
        each = torch.cat([states, surprise, entropy], -1)
        counted = until_end(ids, self.end)
        size = counted.sum(1, keepdim=True)
        mean = (each * counted[..., None]).sum(1) / size
        most = each.masked_fill(~counted[..., None], -torch.inf).amax(1)
        return torch.cat([mean, most, size.to(mean.dtype) / ids.shape[1]], 1)


def insight(net: nn.Module) -> nn.Module | None:
    """The critic for a net of texts, with a head of new weights; None where the net tells no states."""
    if not isinstance(net, Telling):
        return None
    return Insight(net, net.width, getattr(net, "end", None))
