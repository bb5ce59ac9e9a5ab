"""SMILES as numbers: a fixed alphabet, the end first."""

import csv
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from multigan.core.errors import DataError

__all__ = ["ALPHABET", "END", "decode", "encode", "known", "pairs", "read"]

END = 0
ALPHABET = "\n#%()+-./0123456789=@BCFHIKNOPSZ[\\]abceilnorst"
_NUMBER = {character: number for number, character in enumerate(ALPHABET)}
_BINS = 192 - len(ALPHABET)


def read(path: Path) -> list[str]:
    """First column of a file: SMILES, one a line, with or without a header or further columns.

    Raises:
        DataError: there is no such file.
    """
    if not path.is_file():
        raise DataError(f"no molecules in '{path}'", "demo, or a file of SMILES", "check the path")
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        return [row[0].split()[0] for row in csv.reader(file) if row and row[0].split()]


def known(line: str) -> bool:
    """Whether all characters are in the alphabet."""
    return bool(line) and "\n" not in line and all(character in _NUMBER for character in line)


def encode(lines: Sequence[str], length: int) -> Tensor:
    """Int64 `(n, length)`, filled up with ends."""
    rows = [[_NUMBER[character] for character in line] for line in lines]
    return torch.tensor([row + [END] * (length - len(row)) for row in rows])


def decode(ids: Tensor) -> list[str]:
    """Strings up to the first end."""
    return ["".join(ALPHABET[k] for k in row).partition(ALPHABET[END])[0] for row in ids.tolist()]


def pairs(ids: Tensor) -> Tensor:
    """Shares of characters, and of pairs hashed into bins, `(batch, 192)`; what follows the end does not count."""
    alive = (ids != END).float()
    single = torch.zeros(len(ids), len(ALPHABET), device=ids.device).scatter_add_(1, ids, alive)
    bins = (ids[:, :-1] * 131 + ids[:, 1:] * 7) % _BINS
    double = torch.zeros(len(ids), _BINS, device=ids.device).scatter_add_(1, bins, alive[:, :-1])
    return torch.cat([single, double], 1) / alive.sum(1, keepdim=True).clamp_min(1)
