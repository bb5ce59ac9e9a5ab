"""Molecules as SMILES, character by character, with a reward for drug-likeness beside the game.

Real space: float32 `(batch, length, vocab)`, one-hot for reals and relaxed one-hots for fakes. The alphabet is fixed,
so that an objective can read what G wrote.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan import Adapter, Data, Draw, Spec
from multigan.core.errors import DataError
from multigan.plugins.adapter import Trial
from multigan.plugins.text import lstm, objective, textcnn
from multigan.provenance import labels as provenance
from multigan_molecules import chemistry, reward, scores, smiles

__all__ = ["modality", "recipes"]

multigan_api = 2
recipes = Path(__file__).parent / "recipes"


class Strings:
    """Character numbers in memory.

    Args:
        ids: int64 `(n, length)`.
    """

    resident = True

    def __init__(self, ids: Tensor) -> None:
        self.ids = ids

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Rows `(batch, length)`."""
        return self.ids[indices]


class MoleculesModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "molecules"
    summary = "molecules as SMILES, one a line"
    suffixes = (".smi", ".smiles")
    embedded = ("demo",)
    generators: Mapping[str, Any] = {"lstm": lstm.build_g}
    discriminators: Mapping[str, Any] = {"textcnn": textcnn.build_d}
    objectives: Mapping[str, Any] = {"mle": objective.mle, "qed": reward.qed}
    recipe_for_files = "molecules/smiles"
    real_range = (0.0, 1.0)
    trial = Trial("demo", {"n": 64}, ("G.hidden=16", "D.filters=8"), {"n": 0})

    def load(self, source: str, *, n: int = 0, length: int = 0, longest: int = 64) -> Data:
        """Read SMILES.

        Args:
            source: `demo`, or a file with one SMILES a line or in the first column; what is no molecule is left out.
            n: molecules at most, the first ones; 0 = all.
            length: characters of a sample; 0 = those of the longest molecule, and one for the end.
            longest: molecules with more characters are left out.
        """
        lines = chemistry.demo() if source == "demo" else smiles.read(Path(source))
        fit = [line for line in lines if len(line) < (length or longest + 1) and smiles.known(line)]
        kept = [line for line in (fit[:n] if n else fit) if chemistry.parse(line) is not None]
        if not kept:
            raise DataError(f"{source} holds no molecule", "SMILES, one a line", "check the file")
        ids = smiles.encode(kept, length or max(map(len, kept)) + 1)
        report = (f"{source}: {len(kept):,} molecules of {len(lines):,} lines, length {ids.shape[1]}",)
        meta = {"end": smiles.END, "alphabet": smiles.ALPHABET}
        return Data(Strings(ids), Spec(self.name, (ids.shape[1], len(smiles.ALPHABET)), (), meta, 1), None, report)

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """Character numbers `(batch, length)` -> one-hot `(batch, length, vocab)`."""
        zeros = torch.zeros(*raw.shape, spec.shape[1], device=raw.device)
        return zeros.scatter_(-1, raw.long().unsqueeze(-1), 1.0)

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """SMILES, valid or not."""
        return smiles.decode(fake.argmax(-1))

    def save(self, samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
        """One file, one SMILES a line."""
        path = folder / f"molecules-{names[0]}.smi"
        provenance.write_text(path, "".join(f"{line}\n" for line in samples), label)
        return [path]

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """A grid of drawn molecules, those that are valid."""
        path = path.with_name(path.name + ".png")
        provenance.write_png(chemistry.grid(samples), path, label)
        return path

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Shares of characters and of pairs of characters, hashed: `(batch, 192)`."""
        return smiles.pairs(real.argmax(-1))

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> list[Mapping[str, Any]]:
        """Validity, uniqueness, novelty, and distances of drug-likeness and log P; see `scores`."""
        return scores.own_rows(samples, real, train)


modality = MoleculesModality()
