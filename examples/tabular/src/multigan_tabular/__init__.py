"""Tables of mixed columns: numbers by mode-specific normalisation, categories as one-hots.

Real space: float32 `(batch, width)`: for each number the place in its mode in [-1, 1] and the mode as a one-hot, for
each category a one-hot. Source: Xu et al. 2019 (CTGAN), sections 4.2 and 4.4. Departures: a value's mode is the
likeliest one instead of a draw from the posterior; no training by sampling, no conditional vector.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan import Adapter, Data, Draw, Spec
from multigan.core.errors import DataError
from multigan.plugins.adapter import Trial
from multigan.provenance import labels as provenance
from multigan_tabular import columns, nets, scores, tables

__all__ = ["modality", "recipes"]

multigan_api = 2
recipes = Path(__file__).parent / "recipes"


class Rows:
    """Encoded rows in memory.

    Args:
        values: float32 `(n, width)`.
    """

    resident = True

    def __init__(self, values: Tensor) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Rows `(batch, width)`."""
        return self.values[indices]


class TabularModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "tabular"
    summary = "tables of numbers and categories"
    suffixes = (".csv",)
    embedded = tables.NAMES
    generators: Mapping[str, Any] = {"table": nets.build_g, **Adapter.generators}
    recipe_for_files = "tabular/table"
    real_range = (-1.0, 1.0)
    trial = Trial("wine", {"modes": 2}, ("G.width=8", "D.width=8"), {"modes": 2, "categories": 4})

    def load(self, source: str, *, modes: int = 5, categories: int = 20) -> Data:
        """Read a table.

        Args:
            source: a table of scikit-learn by name, or a CSV file with a header.
            modes: Gaussians per column of numbers, at most.
            categories: a column of whole numbers with at most this many different values counts as categories.
        """
        names, rows = tables.read(source)
        made = [columns.fit(name, [row[k] for row in rows], modes, categories) for k, name in enumerate(names)]
        values = torch.cat([columns.encode(one, [row[k] for row in rows]) for k, one in enumerate(made)], 1)
        kinds = f"{sum(one['kind'] == 'number' for one in made)} of numbers"
        report = (f"{source}: {len(rows):,} rows, {len(made)} columns, {kinds}",)
        return Data(Rows(values), Spec(self.name, (values.shape[1],), (), {"columns": made}), None, report)

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """Rows as dicts, column to value."""
        made = spec.meta["columns"]
        decoded = [columns.decode(one, part) for one, part in zip(made, _parts(fake, made), strict=True)]
        names = [one["name"] for one in made]
        return [dict(zip(names, row, strict=True)) for row in zip(*decoded, strict=True)]

    def save(self, samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
        """One CSV."""
        path = folder / f"rows-{names[0]}.csv"
        provenance.write_text(path, tables.to_csv(samples), label)
        return [path]

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """One CSV."""
        path = path.with_name(path.name + ".csv")
        provenance.write_text(path, tables.to_csv(samples), label)
        return path

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Numbers in units of their deviation, categories as one-hots over the square root of 2."""
        made = spec.meta["columns"]
        found = [columns.measure(one, part) for one, part in zip(made, _parts(real, made), strict=True)]
        return torch.cat(found, 1)

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> list[Mapping[str, Any]]:
        """Distance of the columns' distributions and of their correlations; see `scores`."""
        return scores.own_rows(samples, real, train, spec.meta["columns"])


def _parts(x: Tensor, made: Sequence[Mapping[str, Any]]) -> Sequence[Tensor]:
    width = sum(columns.width(one) for one in made)
    if x.shape[1] != width:
        raise DataError(f"rows of {x.shape[1]} numbers", f"{width} for these columns", "load the table again")
    return x.split([columns.width(one) for one in made], 1)


modality = TabularModality()
