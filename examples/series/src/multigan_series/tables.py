"""Series in and out: the one that comes with matplotlib, and CSV files."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from multigan.core.errors import DataError

__all__ = ["read", "to_csv"]

GOOGLE = ("open", "high", "low", "close", "volume")
Rows = list[list[float]]


def read(source: str) -> tuple[list[str], list[Rows], list[str]]:
    """Names of the channels, series as lists of steps, and names of columns left out for having no numbers."""
    if source == "google":
        return [*GOOGLE], [_google()], []
    path = Path(source)
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise DataError(f"no series in '{source}'", "google, a CSV file or a folder of them", "check the path")
    found = [_file(file) for file in files]
    for file, (names, _, _) in zip(files, found, strict=True):
        if names != found[0][0]:
            raise DataError(f"{file} has channels {names}", f"{found[0][0]} as {files[0].name}", "make columns equal")
    return found[0][0], [rows for _, rows, _ in found], found[0][2]


def to_csv(windows: Sequence[Mapping[str, Sequence[float]]]) -> str:
    """Windows one after the other, a step a row, with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*windows[0]] if windows else [])
    for window in windows:
        writer.writerows(zip(*window.values(), strict=True))
    return text.getvalue()


def _file(path: Path) -> tuple[list[str], Rows, list[str]]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        head, *lines = [line for line in csv.reader(file) if line] or [[]]
    for number, line in enumerate(lines, 2):
        if len(line) != len(head):
            raise DataError(f"{path}: row {number} has {len(line)} cells", f"{len(head)}", "fill or drop it")
    kept = [k for k in range(len(head)) if lines and _is_number(lines[0][k])]
    if not kept:
        raise DataError(f"{path} has no column of numbers", "a header, then a step a row", "check the file")
    for number, line in enumerate(lines, 2):
        if bad := [head[k] for k in kept if not _is_number(line[k])]:
            raise DataError(f"{path}: row {number} has no number in {bad[0]}", "one in every row", "fill or drop it")
    rows = [[float(line[k]) for k in kept] for line in lines]
    return [head[k] for k in kept], rows, [head[k] for k in range(len(head)) if k not in kept]


def _google() -> Rows:
    """Daily prices in dollars and volumes of a share, 2004 to 2008, from matplotlib's sample data."""
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise DataError("the series 'google' comes with matplotlib", "matplotlib", "pip install matplotlib")
    path = Path(package.origin).parent / "mpl-data" / "sample_data" / "goog.npz"
    if not path.is_file():
        raise DataError(f"this matplotlib has no {path.name}", "matplotlib 3.9 or later", "give a CSV file instead")
    with np.load(path) as file:
        table: Any = file["price_data"]
    return [[float(row[name]) for name in GOOGLE] for row in table]


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
