"""What a classifier of the data's own labels says of the fakes."""

from typing import Any

import torch

from multigan.evaluation.score import Score
from multigan.evaluation.sets import Sets
from multigan.evaluation.subject import Subject
from multigan.features import Extractor

__all__ = ["class_rows"]

MOST = 2000


def class_rows(subject: Subject, maker: Extractor, sets: Sets, samples: int, seed: int) -> list[Score]:
    """Sharpness and balance of classes where the extractor is a classifier; else none."""
    probabilities = getattr(maker, "probabilities", None)
    if probabilities is None:
        return []
    from multigan.features.class_scores import class_scores, inception_like_score

    n = min(MOST, samples)
    fake, blank = (
        torch.cat([probabilities(batch) for batch in one.batches(n, seed)])
        for one in (subject.generator, subject.untrained)
    )
    real = torch.cat([probabilities(batch) for batch in subject.reals(sets.chosen.reference[:MOST])])
    found, trivial = class_scores(fake, real), class_scores(blank, real)
    frame: dict[str, Any] = {
        "floor_note": f"the {sets.chosen.what} reals themselves",
        "baseline_note": "the untrained generator of the same seed",
        "n_fake": n,
        "n_real": len(real),
        "extractor": maker.name,
    }
    names = subject.data.spec.classes
    missing = ", ".join(names[k] if k < len(names) else str(k) for k in found.missing) or "none"
    note = str(getattr(maker, "note", ""))
    return [
        Score(
            "class_score",
            "class score",
            "quality",
            found.score,
            "near floor",
            floor=found.score_real,
            baseline=inception_like_score(blank),
            note=f"1 to the number of classes; {note}",
            **frame,
        ),
        Score(
            "class_imbalance",
            "fakes in the wrong class",
            "diversity",
            found.imbalance,
            "lower",
            floor=0.0,
            baseline=trivial.imbalance,
            note=f"share that would have to change class; classes without fakes: {missing}",
            unit="%",
            **frame,
        ),
    ]
