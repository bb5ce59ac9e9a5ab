"""How many outputs are their target to the letter, at the end of a run: what no distance between sets can see."""

import torch
from torch import Tensor

from multigan.doctor.reference import Reference, chunks
from multigan.engine.trainer import Trainer
from multigan.plugins.abilities import Matches, able
from multigan.plugins.contract import guarded

__all__ = ["MATCHED", "matched"]

MATCHED = "vitals/exact_match"


def matched(trainer: Trainer, reference: Reference, fakes: Tensor) -> dict[str, float]:
    """The share of outputs that are their target, of up to 256 held-out pairs, or trained ones where none are held out.

    Nothing for a modality whose outputs are never the same to the letter, and where no output has a target.

    Args:
        trainer: at its end.
        reference: whose pairs these are.
        fakes: outputs of the averaged G for them, in their order, as `multigan.doctor.measure` has drawn them; those
            behind the last pair are left out.
    """
    data, modality = trainer.batches.data, trainer.batches.modality
    if data.inputs is None or not data.inputs.aligned or not able(modality, Matches):
        return {}
    offered = guarded(modality, "against_targets", lambda: modality.against_targets(data.spec))
    exact = next((score for score in offered if score.share), None)
    items = reference.unseen_items if len(reference.unseen_items) else reference.items
    if exact is None or not len(items):
        return {}
    items = items[: len(fakes)]
    real = torch.cat([batch.real.cpu() for batch in chunks(trainer.batches, items)])
    return {MATCHED: exact.number(exact.rows(real, fakes[: len(items)].cpu())), "vitals/exact_items": float(len(items))}
