"""From how much training on anything can be expected, while a run trains and when it is evaluated."""

from multigan.core.counted import counted

__all__ = ["FEW_SAMPLES", "FEW_STEPS", "too_few"]

FEW_STEPS = 100
"""Iterations: the memory of Adam's second moment at .99, and twelve to each of eight measurements."""
FEW_SAMPLES = 4 * FEW_STEPS
"""Items seen, one by one: where batches hold fewer than four, a step is hardly one, and their number says little."""


def too_few(steps: float, samples: float | None = None) -> str:
    """Below what nothing can be expected, in words that go on from so many iterations, or "" where there was enough.

    Args:
        steps: iterations that were done.
        samples: reals that were seen in them; None = not known.
    """
    if steps < FEW_STEPS:
        return f"below {FEW_STEPS} nothing can be expected"
    if samples is not None and samples < FEW_SAMPLES:
        return f"these saw {counted(round(samples), 'sample')}, and below {FEW_SAMPLES} nothing can be expected"
    return ""
