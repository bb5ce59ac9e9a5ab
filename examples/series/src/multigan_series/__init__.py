"""Time series of several channels, cut into windows.

Real space: float32 `(batch, channels, length)` in [-1, 1], each channel by its lowest and highest value in the series
(the scaling of Yoon et al. 2019, TimeGAN, its code), which `spec.meta` keeps.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan import Adapter, Data, Draw, Spec
from multigan.core.errors import DataError, RecipeError
from multigan.plugins.adapter import Trial
from multigan.provenance import labels as provenance
from multigan_series import nets, scores, tables

__all__ = ["modality", "recipes"]

multigan_api = 2
recipes = Path(__file__).parent / "recipes"


class Windows:
    """Overlapping windows of series in memory.

    Args:
        values: float64 `(channels, steps)`, all series one after the other.
        starts: int64 `(n,)`, the first step of each window.
        groups: int64 `(n,)`, the block of each window: windows that share steps are in one, and held out together.
        length: steps of a window.
    """

    resident = True

    def __init__(self, values: Tensor, starts: Tensor, groups: Tensor, length: int) -> None:
        self.values, self.starts, self.groups, self.length = values, starts, groups, length

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Windows `(batch, channels, length)` in the file's units."""
        steps = self.starts[indices][:, None] + torch.arange(self.length)
        return self.values[:, steps].transpose(0, 1)


class SeriesModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "series"
    summary = "windows of time series of several channels"
    suffixes = (".csv",)
    embedded = ("google",)
    generators: Mapping[str, Any] = {"conv": nets.build_g, **Adapter.generators}
    discriminators: Mapping[str, Any] = {"conv": nets.build_d, **Adapter.discriminators}
    recipe_for_files = "series/windows"
    real_range = (-1.0, 1.0)
    trial = Trial("google", {}, ("G.width=8", "D.width=8"))

    def load(self, source: str, *, length: int = 24, stride: int = 1, block: int = 0) -> Data:
        """Read series and cut them.

        Args:
            source: `google`, a CSV file with a header and a step a row, or a folder of such files with equal columns.
            length: steps of a window.
            stride: steps from one window to the next.
            block: a series is first cut into blocks of so many steps, and no window crosses from one to the next, so
                that blocks can be held out; 0 = three windows' length.
        """
        if length < 2 or stride < 1 or (block and block < length):
            given = f"length = {length}, stride = {stride}, block = {block}"
            raise RecipeError(given, "length from 2, stride from 1, block from length", "change the option")
        names, series, dropped = tables.read(source)
        starts, groups, offset = [], [], 0
        for one in series:
            for first in range(0, len(one), block or 3 * length):
                last = min(first + (block or 3 * length), len(one)) - length
                found = range(offset + first, offset + last + 1, stride)
                starts += found
                groups += [offset + first] * len(found)
            offset += len(one)
        if not starts:
            raise DataError(f"{source} has {offset} steps", f"{length} for a window", "give data.length a lower value")
        values = torch.tensor([row for one in series for row in one], dtype=torch.float64).T.contiguous()
        source_of = Windows(values, torch.tensor(starts), torch.tensor(groups), length)
        report = (
            f"{source}: {offset:,} steps of {len(names)} channels, {len(starts):,} windows in {len({*groups})} blocks",
            *([f"columns without numbers are left out: {', '.join(dropped)}"] if dropped else ()),
        )
        meta = {"channels": names, "low": values.amin(1).tolist(), "high": values.amax(1).tolist()}
        return Data(source_of, Spec(self.name, (len(names), length), (), meta), None, report)

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """The file's units to [-1, 1], by channel; a channel that never changes is 0."""
        middle, half = _scale(raw, spec)
        return ((raw - middle) / half.clamp_min(1e-30)).float().clamp(-1, 1)

    def render(self, fake: Tensor, spec: Spec) -> list[Any]:
        """Windows as dicts, channel to the list of its values in the file's units."""
        middle, half = _scale(fake, spec)
        values = (fake.double() * half + middle).cpu().tolist()
        return [
            {n: [float(f"{v:.6g}") for v in x] for n, x in zip(spec.meta["channels"], w, strict=True)} for w in values
        ]

    def save(self, samples: Sequence[Any], folder: Path, names: Sequence[str], label: Mapping[str, str]) -> list[Path]:
        """One CSV a window, a column a channel."""
        paths = [folder / f"window-{name}.csv" for name in names]
        for sample, path in zip(samples, paths, strict=True):
            provenance.write_text(path, tables.to_csv([sample]), label)
        return paths

    def sheet(self, samples: Sequence[Any], path: Path, label: Mapping[str, str]) -> Path:
        """All windows in one CSV, one after the other."""
        path = path.with_name(path.name + ".csv")
        provenance.write_text(path, tables.to_csv(samples), label)
        return path

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> list[Mapping[str, Any]]:
        """Distances of the autocorrelations and of the changes from step to step; see `scores`."""
        return scores.own_rows(samples, real, train)


def _scale(like: Tensor, spec: Spec) -> tuple[Tensor, Tensor]:
    low, high = (
        torch.tensor(spec.meta[key], dtype=torch.float64, device=like.device)[:, None] for key in ("low", "high")
    )
    return (low + high) / 2, (high - low) / 2


modality = SeriesModality()
