"""Whether samples are of the class that was asked for, as far as features see classes."""

import torch

from multigan.evaluation.score import Score, spread
from multigan.evaluation.sets import Sets
from multigan.evaluation.subject import Subject
from multigan.generator.refined import RefinedGenerator
from multigan.metrics.intervals import wilson
from multigan.metrics.memorisation import nearest

__all__ = ["asked_rows"]

MOST = 2000


def asked_rows(subject: Subject, sets: Sets, extractor: str) -> list[Score]:
    """How often the nearest trained item of a fake has the label that was asked for, and of a real its own.

    The measure of the vitals `labels_fake`, `labels_real` and `labels_chance`. None without labels, of other data than
    was trained on, and of a refined generator, which picks among its samples.
    """
    generator, labels = subject.generator, subject.data.labels
    if labels is None or not generator.conditional or subject.other_data or isinstance(generator, RefinedGenerator):
        return []
    mine, fakes = labels[sets.chosen.trained].cpu(), sets.all_fakes[:MOST]
    wanted = torch.arange(len(fakes)).remainder(len(generator.spec.classes))  # drawn in turn
    right = int((mine[nearest(fakes, sets.trained)[1]] == wanted).sum())
    reals = sets.trained[:MOST]
    shares = torch.bincount(mine).double() / len(mine)
    score = Score(
        "labels",
        "samples of the class asked for",
        "quality",
        better="near floor",
        floor=_own(reals, mine[: len(reals)]),
        floor_note=f"{len(reals):,} trained reals by their nearest other one",
        baseline=shares.square().sum().item(),
        baseline_note="by chance",
        n_fake=len(fakes),
        n_real=len(mine),
        extractor=extractor,
        note="share whose nearest trained item has the label that was asked for",
        unit="%",
        **spread(wilson(right, len(fakes))),
    )
    return [score]


def _own(reals: torch.Tensor, labels: torch.Tensor) -> float:
    neighbour = nearest(reals, reals, leave_one_out=True)[1]
    return (labels[neighbour] == labels).double().mean().item()
