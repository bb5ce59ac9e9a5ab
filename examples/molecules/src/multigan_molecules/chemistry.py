"""What rdkit says of molecules."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from PIL.Image import Image, new
from rdkit import Chem, RDLogger
from rdkit.Chem import QED, Crippen, Draw
from scipy.stats import wasserstein_distance

__all__ = ["canonical", "demo", "grid", "likeness", "parse", "scores"]

RDLogger.DisableLog("rdApp.*")
HEADS = ("C", "CC", "CCC", "CC(C)", "OCC", "NCC", "FC", "ClCC", "N#CC", "COC")
LINKS = ("C(=O)O", "C(=O)N", "O", "N", "S", "C(=O)", "NC(=O)N")
TAILS = (
    "c1ccccc1",
    "c1ccncc1",
    "C1CCCCC1",
    "c1ccc(F)cc1",
    "c1ccc(C)cc1",
    "c1ccoc1",
    "C1CCNCC1",
    "C1CCOC1",
    "CC=C",
    "CC#C",
)


def demo() -> list[str]:
    """All 700 combinations of a head, a link and a tail: valid by construction, no stand-in for real chemistry."""
    return ["".join(parts) for parts in product(HEADS, LINKS, TAILS)][::-1]


def parse(line: str) -> Any:
    """The molecule, or None where the SMILES is not valid or empty."""
    return Chem.MolFromSmiles(line) if line else None


def canonical(line: str) -> str | None:
    """One spelling for each molecule, or None."""
    molecule = parse(line)
    return None if molecule is None else str(Chem.MolToSmiles(molecule))


def likeness(lines: Sequence[str]) -> list[float]:
    """QED in [0, 1], 0 where a SMILES is not valid.

    Source: Bickerton et al. 2012.
    """
    return [0.0 if molecule is None else float(QED.qed(molecule)) for molecule in map(parse, lines)]


def scores(real: Sequence[str], fake: Sequence[str]) -> dict[str, float]:
    """Validity of all, uniqueness of the valid, novelty of the unique; Wasserstein distances of properties.

    Source: the definitions of Polykovskiy et al. 2020 (MOSES), section on metrics.
    """
    known = {canonical(line) for line in real}
    valid = [name for name in map(canonical, fake) if name is not None]
    unique = set(valid)
    found = {
        "validity": len(valid) / max(len(fake), 1),
        "uniqueness": len(unique) / max(len(valid), 1),
        "novelty": len(unique - known) / max(len(unique), 1),
        "qed": float(np.mean(likeness(valid))) if valid else 0.0,
    }
    if valid and (reals := [line for line in real if parse(line) is not None]):
        found["qed_distance"] = float(wasserstein_distance(likeness(reals), likeness(valid)))
        logs = ([Crippen.MolLogP(parse(line)) for line in lines] for lines in (reals, valid))
        found["logp_distance"] = float(wasserstein_distance(*logs))
    return found


def grid(lines: Sequence[str]) -> Image:
    """Drawings of the first 16 valid molecules."""
    molecules = [molecule for molecule in map(parse, lines) if molecule is not None][:16]
    if not molecules:
        return new("RGB", (200, 200), "white")
    picture: Image = Draw.MolsToGridImage(molecules, molsPerRow=4, subImgSize=(200, 150))
    return picture
