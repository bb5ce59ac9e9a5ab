"""Whether an evaluation says something of the run as it lies there now."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from multigan.core.errors import MultiGANError
from multigan.core.shell import typed
from multigan.generator.folder import CONFIG, read_config
from multigan.generator.generator import KEPT
from multigan.run.judged import OTHER_DATA, judged_weights, not_of

__all__ = ["bygone"]


def bygone(folder: Path, evaluation: Mapping[str, Any]) -> str:
    """Why an evaluation is not of the run's generator and data, with what to type, or "".

    Args:
        folder: the run.
        evaluation: its `evaluation.json`, or `{}`.
    """
    if not judged_weights(evaluation):
        return ""
    generator, again = evaluation["generator"], f"type multigan evaluate {typed(folder)}"
    kept = KEPT.get(str(generator.get("which")))
    try:
        now = read_config(folder / kept / CONFIG)[0].get("weights_sha256") if kept else None
    except (MultiGANError, OSError):  # how it is damaged is said by whoever loads it
        return f"the generator that this evaluation is of cannot be read now; {again}"
    why = not_of(evaluation, now)
    if why == OTHER_DATA:
        return f"this evaluation is beside other data than the run was trained on; {again}"
    if not why:
        return ""
    seen = generator.get("samples_seen")
    after = f", as it was after {seen:,} samples" if isinstance(seen, int) else ""
    return f"this evaluation is of another generator than the one that lies there now{after}; {again}"
