"""Texts with words lost, hidden and out of order: what a net that repairs them has to know of its language."""

import torch
import torch.nn.functional as F
from torch import Tensor

from multigan.core.draw import Draw
from multigan.plugins.text.translator import sizes_of
from multigan.plugins.text.vocabulary import END, UNKNOWN

__all__ = ["scrambled"]

LOST, HIDDEN, REACH = 0.15, 0.25, 3.0


def scrambled(real: Tensor, draw: Draw, lost: float = LOST, hidden: float = HIDDEN, reach: float = REACH) -> Tensor:
    """Texts `(batch, length, vocab)` of one-hots, each changed in its own way, as one-hots of the same shape.

    A token is lost with the chance `lost`, else made unknown with the chance `hidden`; what is left is sorted by
    `place + u`, u uniform in [0, reach + 1), so that no token passes one that is more than `reach` places away.

    Args:
        real: texts, up to their first end.
        draw: of what becomes of them.
        lost: share of tokens.
        hidden: share of tokens.
        reach: in places; 0 = the order stays.

    Source: Lample et al. 2018, section 2.3 (`p_wd`, and `k` = reach); hidden: `word_blank` in the code of Lample et al.
    2018 ("Phrase-Based & Neural Unsupervised Machine Translation").
    Departures: the shares, .1 lost and none hidden in the paper: what is hidden has to be told from what stands around
    it, and that is what holds the two sides together.
    """
    tokens = real.argmax(-1)
    n, length = tokens.shape
    places = torch.arange(length, device=tokens.device).expand(n, length)
    inside = places < (sizes_of(tokens, END) - (tokens == END).any(1).long())[:, None]
    drawn = {name: draw.uniform(name, (n, length)).to(tokens.device) for name in ("lost", "hidden", "order")}
    kept = inside & (drawn["lost"] >= lost)
    tokens = torch.where(drawn["hidden"] < hidden, UNKNOWN, tokens)
    tokens = torch.where(kept, tokens, END)
    keys = torch.where(kept, places + drawn["order"] * (reach + 1 if reach else 0), places + 2.0 * length)
    order = keys.argsort(dim=1, stable=True)
    return F.one_hot(tokens.gather(1, order), real.shape[2]).to(real.dtype)
