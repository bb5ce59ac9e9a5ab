"""A reward beside the game: drug-likeness by policy gradient, a turn of G (`turns = ["d", "g", "qed"]` of a phase)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan import Batch, Draw
from multigan_molecules import chemistry, smiles

__all__ = ["qed"]


def qed(G: nn.Module, batch: Batch, draw: Draw) -> Tensor:
    """`(R - mean R) * -log p(y)` of molecules y that G draws, R their QED, 0 where not valid: `(batch,)`.

    Source: Guimaraes et al. 2017 (ORGAN), section 3: a reward from outside beside D's. Departures: the two rewards are
    descended in turns instead of being mixed by a weight; one reward for a whole sequence; baseline: Williams 1992.
    """
    tokens = G.sample(len(batch.real), draw.child("qed"))  # type: ignore[operator]
    reward = torch.tensor(chemistry.likeness(smiles.decode(tokens)), device=tokens.device)
    logits = G.logits(tokens)  # type: ignore[operator]
    nll = F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), reduction="none").view(tokens.shape)
    return (reward - reward.mean()) * nll.sum(1)
