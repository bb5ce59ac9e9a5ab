"""Tables in and out: those that come with scikit-learn, and CSV files."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from multigan.core.errors import DataError, did_you_mean

__all__ = ["NAMES", "read", "to_csv"]

NAMES = ("breast_cancer", "diabetes", "iris", "wine")
Row = list[str | float]


def read(source: str) -> tuple[list[str], list[Row]]:
    """Names of columns, and rows of floats and words; the column to be predicted is the last."""
    if source in NAMES:
        return _embedded(source)
    path = Path(source)
    if not path.is_file():
        raise DataError(f"no table in '{source}'", f"{', '.join(NAMES)} or a CSV file", did_you_mean(source, NAMES))
    with path.open(newline="", encoding="utf-8-sig") as file:
        head, *lines = [line for line in csv.reader(file) if line] or [[]]
    if len(lines) < 2:
        raise DataError(f"{path} has {len(lines)} rows", "a header and two rows or more", "check the file")
    for number, line in enumerate(lines, 2):
        if len(line) != len(head) or not all(cell.strip() for cell in line):
            raise DataError(f"{path}: row {number} has empty or missing cells", f"{len(head)} cells", "fill or drop it")
    numeric = [all(_is_number(line[k]) for line in lines) for k in range(len(head))]
    return head, [[float(cell) if numeric[k] else cell for k, cell in enumerate(line)] for line in lines]


def to_csv(samples: Sequence[Mapping[str, Any]]) -> str:
    """Rows with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*samples[0]] if samples else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(samples)
    return text.getvalue()


def _embedded(name: str) -> tuple[list[str], list[Row]]:
    from sklearn import datasets

    table = getattr(datasets, f"load_{name}")()
    names = [str(column).replace(" ", "_") for column in table.feature_names]
    labels = [str(table.target_names[k]) for k in table.target] if "target_names" in table else table.target.tolist()
    return [*names, "target"], [[*map(float, row), label] for row, label in zip(table.data, labels, strict=True)]


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
