"""The proof: a written file against the net it was made from, at several batch sizes, and how fast both are."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.exporters.explicit import Explicit
from multigan.exporters.form import Runner

__all__ = ["BATCHES", "Row", "compare"]

BATCHES = (1, 3, 8)
REPEATS = 5


@dataclass(frozen=True)
class Row:
    """One batch size.

    Attributes:
        batch: samples per call.
        difference: largest absolute difference of the two outputs, in units of the largest output where that is above
            1; infinite where shapes, types or NaNs differ.
        torch_ms: median time of a call of the net, in milliseconds.
        file_ms: of the file.
        real_time_factor: seconds of sound per second of computing with the file; None where samples have no duration.
        size: of what a translator was given, as `32 x 48`; "" of others.
    """

    batch: int
    difference: float
    torch_ms: float
    file_ms: float
    real_time_factor: float | None = None
    size: str = ""


def compare(
    net: Explicit, run: Runner, batches: Sequence[int] = BATCHES, seconds: float | None = None, seed: int = 0
) -> list[Row]:
    """Give both the same inputs and hold the outputs side by side.

    Args:
        net: the truth.
        run: the file, read back.
        batches: sizes to try.
        seconds: duration of one sample, where it has one.
        seed: of the inputs.

    Returns:
        One row a batch size; of a translator one more, of a larger input with other sides.
        Times are the median of five calls after one to warm up, on the CPU as it is.
    """
    rows = []
    with torch.no_grad():
        for batch, larger in [*((batch, False) for batch in batches), *([(1, True)] if net.translates else [])]:
            values = net.sample(batch, seed + batch, larger=larger)
            difference = _difference(net(*values), _attempt(run, values))
            torch_ms = _milliseconds(lambda values=values: net(*values))
            file_ms = _milliseconds(lambda values=values: _attempt(run, values))
            factor = batch * seconds / (file_ms / 1000) if seconds else None
            size = " x ".join(map(str, values[0].shape[2:])) if net.translates else ""
            rows.append(Row(batch, difference, torch_ms, file_ms, factor, size))
    return rows


def _attempt(run: Runner, values: Sequence[Tensor]) -> Tensor | None:
    """The file's output, or None where it refuses this batch: a frozen batch size is found out, not a crash."""
    try:
        return run(values)
    except Exception:
        return None


def _difference(truth: Tensor, found: Tensor | None) -> float:
    if found is None or truth.shape != found.shape or truth.dtype != found.dtype:
        return float("inf")
    # Pictures and sounds end at 1; points may be in the millions, where float32 ends before the fourth decimal.
    scale = truth.double().abs().max().clamp_min(1.0) if truth.is_floating_point() else 1.0
    worst = ((truth.double() - found.double()).abs().max() / scale).item()
    return worst if worst == worst else float("inf")


def _milliseconds(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return sorted(times)[REPEATS // 2] * 1000
