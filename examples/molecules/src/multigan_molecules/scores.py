"""Scores of SMILES with their frames: other reals in the samples' place, and reals with their characters shuffled."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from multigan.metrics.rows import About, row
from multigan_molecules import chemistry

__all__ = ["own_rows"]

MOST = 500  # of each side: rdkit takes a millisecond for the properties of a molecule
ABOUT = {
    "validity": About("validity", "valid SMILES", "quality", "near floor", "share that rdkit reads"),
    "uniqueness": About("uniqueness", "unique molecules", "diversity", "near floor", "share of the valid"),
    "novelty": About("novelty", "new molecules", "memorisation", "near floor", "share of the unique, not in training"),
    "qed": About("qed", "drug-likeness (QED)", "quality", "near floor", "mean of the valid; Bickerton et al. 2012"),
    "qed_distance": About("qed_distance", "distance of QED", "similarity", "lower", "Wasserstein, to reals"),
    "logp_distance": About("logp_distance", "distance of log P", "similarity", "lower", "Wasserstein, to reals"),
}
NOTE = "real SMILES, the characters of each shuffled"


def own_rows(fake: Sequence[str], real: Sequence[str], train: Sequence[str]) -> list[Mapping[str, Any]]:
    """`chemistry.scores` of up to 500 lines a side; what no valid molecule is there for gives no row.

    Distances are to `real`, their floor is that of `train`; novelty is against `train`, its floor that of `real`.

    Args:
        fake: rendered samples.
        real: held-out lines.
        train: trained lines.
    """
    n = min(len(fake), len(real), len(train), MOST)
    known, chance = {chemistry.canonical(line) for line in train}, Random(0)
    trivial = ["".join(chance.sample(line, len(line))) for line in real[:n]]
    found = [chemistry.scores(real[:n], side[:n]) for side in (fake, train, trivial)]
    for one, side in zip(found, (fake, real, trivial), strict=True):
        unique = {name for name in map(chemistry.canonical, side[:n]) if name is not None}
        one["novelty"] = len(unique - known) / max(len(unique), 1)
    rows = [row(about, lambda one, key=key: one.get(key), found, NOTE) for key, about in ABOUT.items()]
    return [{"n_fake": n, "n_real": n, **one} for one in rows if one["value"] is not None]
