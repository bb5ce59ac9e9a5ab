"""Mixtures of Gaussians, and CSV files."""

import math
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, did_you_mean
from multigan.core.types import Data, Spec

__all__ = ["Points", "centres", "load"]

DEVIATION = {"ring": 0.01, "grid": 0.05}


class Points:
    """Points in memory.

    Args:
        points: float32 `(n, 2)`.
    """

    resident = True

    def __init__(self, points: Tensor) -> None:
        self.points = points

    def __len__(self) -> int:
        return len(self.points)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Rows `(batch, 2)`."""
        return self.points[indices]


def centres(source: str, radius: float = 1.0) -> Tensor:
    """Centres `(modes, 2)` of a mixture: 8 on a ring, or 25 on the grid {-4, -2, 0, 2, 4}².

    Source: Lin et al. 2018 (PacGAN), experiments on synthetic data.
    """
    if source == "ring":
        angles = torch.arange(8) * (2 * math.pi / 8)
        return radius * torch.stack([angles.cos(), angles.sin()], 1)
    ticks = torch.tensor([-4.0, -2.0, 0.0, 2.0, 4.0])
    return torch.cartesian_prod(ticks, ticks)


def load(source: str, n: int, radius: float, deviation: float) -> Data:
    """A mixture by name, or a CSV file; see `PointsModality.load`."""
    if source in DEVIATION:
        deviation = deviation or DEVIATION[source]
        middle = centres(source, radius)
        generator = Draw(0).generator(f"points/{source}")
        labels = torch.randint(len(middle), (n,), generator=generator)
        points = middle[labels] + deviation * torch.randn(n, 2, generator=generator)
        known = {"centres": middle.tolist(), "deviation": deviation}
        report = (
            f"{source}: {counted(n, 'point')} drawn from {counted(len(middle), 'Gaussian')} of deviation {deviation}"
        )
        return _data(points, known, (report,), labels, tuple(str(k) for k in range(len(middle))))
    points, report_lines = _read_csv(Path(source))
    return _data(points, {}, report_lines)


def _data(
    points: Tensor,
    known: dict[str, object],
    report: tuple[str, ...],
    labels: Tensor | None = None,
    classes: tuple[str, ...] = (),
) -> Data:
    scale = points.std().clamp_min(1e-12).item()
    meta = {"centre": points.mean(0).tolist(), "scale": scale, **known}
    return Data(Points(points), Spec("points", (2,), classes, meta), labels, report)


def _read_csv(path: Path) -> tuple[Tensor, tuple[str, ...]]:
    if not path.is_file():
        raise DataError(f"no points in '{path}'", "ring, grid or a CSV file", did_you_mean(str(path), DEVIATION))
    rows, rejected = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        point = _point(line)
        if point is None:
            rejected.append(number)
        else:
            rows.append(point)
    if len(rows) < 2:
        seen = "one line" if rows else "no line"
        raise DataError(f"{path} has {seen} of two numbers", "x,y on two lines or more", "check the file")
    report = [f"{path.name}: {counted(len(rows), 'point')} read"]
    if rejected:
        report.append(
            f"{counted(len(rejected), 'line is', 'lines are')} not two finite numbers (first: line {rejected[0]})"
        )
    return torch.tensor(rows), tuple(report)


def _point(line: str) -> tuple[float, float] | None:
    """The two finite numbers of a line, or None: one NaN would spoil the scale of all points."""
    try:
        x, y = (float(cell) for cell in line.split(","))
    except ValueError:
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None
