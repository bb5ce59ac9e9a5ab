"""Inputs that lie beside their targets: two data sets joined by the names of their items, never by their order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from os.path import commonpath
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.owners import mirrored_of, owners_of
from multigan.core.types import Data, Items, Modality
from multigan.files.findings import listed, shown

__all__ = ["Beside", "Chosen", "files_of", "pair_up"]

Key = tuple[str, int]
"""The name of a group of items, and which item of the group it is."""


class Beside:
    """Inputs from a data set of their own.

    Args:
        other: the inputs.
        modality: theirs.
        rows: int64 `(n,)`, which item of `other` belongs to each target.
    """

    aligned = True

    def __init__(self, other: Data, modality: Modality, rows: Tensor) -> None:
        self.other, self.modality, self.rows, self.spec = other, modality, rows, other.spec
        self.resident: bool = getattr(other.items, "resident", False)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Raw inputs of the targets `indices`."""
        return self.other.items.take(self.rows[indices], draw)

    def make(self, real: Tensor, raw: Tensor | None, draw: Draw) -> Tensor:
        """Inputs in the space of G."""
        if raw is None:
            raise ValueError("inputs beside their targets are read, not made")
        return self.modality.to_real(raw, self.spec)


class Chosen:
    """Some items of a data set, in an order of their own.

    Args:
        items: all of them.
        rows: int64 `(n,)`, their numbers.
    """

    def __init__(self, items: Items, rows: Tensor) -> None:
        self.items, self.rows = items, rows
        self.resident: bool = getattr(items, "resident", False)
        self.groups, self.mirrored = owners_of(items)[rows], mirrored_of(items)[rows]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """As of all items."""
        return self.items.take(self.rows[indices], draw)


def pair_up(target: Data, other: Data, modality: Modality, *, strict: bool = False) -> Data:
    """The targets that have an input, each with its own.

    Args:
        target: what G is to make; its `names` find the inputs.
        other: the inputs. Where neither side has names, item i belongs to item i.
        modality: of both.
        strict: refuse where an item of either side is left over.

    Returns:
        The pairs in the order of the targets, with what is left over named in the report.

    Raises:
        DataError: nothing matches, or something is left over that must not be.
    """
    keys, inputs = _keys(target), _keys(other)
    place = {key: row for row, key in reversed([*enumerate(inputs)])}
    seen, rows = set[Key](), list[int]()
    for row, key in enumerate(keys):
        if key in place and key not in seen:
            rows.append(row)
            seen.add(key)
    left = [_left(keys, seen, "target"), _left(inputs, seen, "input")]
    said = [line for line in left if line]
    if not rows or (strict and said):
        given = "; ".join(said) or "no item has a partner"
        raise DataError(given, "inputs and targets with the same names", "rename them, or take them away")
    chosen = torch.tensor(rows)
    beside = Beside(other, modality, torch.tensor([place[keys[row]] for row in rows]))
    mirrored = int(mirrored_of(target.items)[chosen].sum())
    pairs, too = counted(len(rows) - mirrored, "pair"), ", and their mirror images" if mirrored else ""
    lines = [f"{pairs} of input and target{too}, joined by {'name' if target.names else 'order'}"]
    report = (*target.report, *(line for line in other.report if line not in target.report), *lines, *said)
    labels = None if target.labels is None else target.labels[chosen]
    files, root = files_of(target, other)
    places = tuple(target.places[row] for row in rows) if target.places else ()
    changed = replace(target, items=Chosen(target.items, chosen), labels=labels, places=places)
    return replace(changed, report=report, files=files, root=root, inputs=beside)


def _keys(data: Data) -> list[Key]:
    numbers = owners_of(data.items).tolist()
    met = Counter[str]()
    keys = list[Key]()
    twins = Counter(data.names)
    for number in numbers:
        # Of two files with one name (a.jpg, a.png), the second is nobody's partner.
        name = data.names[number] if data.names else str(number)
        first = twins[name] < 2 or data.names.index(name) == number
        keys.append((name if first else f"{name}, once more", met[f"{number}"]))
        met[f"{number}"] += 1
    return keys


def _left(keys: Sequence[Key], seen: set[Key], what: str) -> str:
    names = list(dict.fromkeys(name for name, _ in keys if (name, 0) not in seen))
    if not names:
        return ""
    other = "input" if what == "target" else "target"
    few = ", ".join(listed([shown(name) for name in names], len(names)))
    return f"{counted(len(names), what)} without {'an' if other == 'input' else 'a'} {other}, left out: {few}"


def files_of(target: Data, other: Data) -> tuple[tuple[Path, ...], Path | None]:
    """What both sides were read from, and the folder above."""
    roots = [str(data.root) for data in (target, other) if data.root is not None]
    if not target.files or len(roots) < 2:
        return target.files, target.root
    if target.files == other.files or not other.files:
        return target.files, target.root
    return (*target.files, *other.files), Path(commonpath([Path(root).absolute() for root in roots]))
