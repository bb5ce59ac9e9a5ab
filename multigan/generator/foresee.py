"""What many samples will cost, told from a few before anything is written: disk, memory and time."""

import shutil
import time
import tracemalloc
from collections.abc import Callable, Sequence
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.core.sized import sized
from multigan.generator.generator import Generator
from multigan.nets.capacity import memory_bytes
from multigan.terminal.bar import spoken

__all__ = ["MANY", "Cost", "foresee"]

MANY = 2_000
"""Samples from which on it is worth a look ahead."""
TRIED = 128
BLOCK = 4096
"""Bytes of which a file takes whole ones on most disks."""
COPIES = 2
"""Of all tensors: in pieces, and joined."""


class Cost(NamedTuple):
    """What all samples take.

    Attributes:
        disk: bytes.
        memory: bytes.
        seconds: of wall time.
    """

    disk: int
    memory: int
    seconds: float

    def __str__(self) -> str:
        return f"about {sized(self.disk)} on the disk and {spoken(self.seconds)}"


def foresee(generator: Generator, n: int, folder: Path, save: Callable[[Path, int], Sequence[Path]]) -> Cost:
    """Draw and write a few samples elsewhere, and reckon what `n` of them take.

    Args:
        generator: what draws.
        n: how many are wanted.
        folder: where they are to lie; it need not exist.
        save: writes that many into a folder.

    Raises:
        DataError: they take more than the disk has free, or the machine has memory.
    """
    with TemporaryDirectory() as place:
        began = time.perf_counter()
        tracemalloc.start()
        try:
            files = save(Path(place), TRIED)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        seconds = (time.perf_counter() - began) * n / TRIED
        alone = len(files) > 1  # a file each
        sizes = [path.stat().st_size for path in Path(place).rglob("*") if path.is_file()]
    disk = sum(-(-size // BLOCK) * BLOCK if alone else size for size in sizes)
    memory = peak + COPIES * 4 * TRIED * prod(generator.spec.shape)
    cost = Cost(disk * n // TRIED, memory * n // TRIED, seconds)
    _refuse(n, "of memory", cost.memory, memory_bytes(), "the machine has")
    here = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    _refuse(n, f"on the disk of {here}", cost.disk, shutil.disk_usage(here).free, "are free there")
    return cost


def _refuse(n: int, where: str, wanted: int, there: int, which: str) -> None:
    if wanted > there:
        given = f"{counted(n, 'sample takes', 'samples take')} about {sized(wanted)} {where}"
        raise DataError(given, f"less than the {sized(there)} that {which}", "draw fewer at a time")
