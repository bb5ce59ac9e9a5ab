"""Weights that lie in a run and are no weights: NaN, infinity, or a file that cannot be read."""

from pathlib import Path

from safetensors import SafetensorError, safe_open

from multigan.generator.folder import CONFIG, KEPT, WEIGHTS

__all__ = ["NO_NUMBERS", "spoilt_weights"]

NO_NUMBERS = "holds NaN or infinity"


def spoilt_weights(folder: Path) -> list[str]:
    """A line for each generator of a run whose weights are of no use, with the first tensor that is to blame.

    Training writes none that are not finite: such a file was damaged, or written by something else.

    Args:
        folder: the run directory.
    """
    found = list[str]()
    for path in (folder / kept / WEIGHTS for kept in KEPT.values()):
        if not path.is_file():
            found += [f"{path} is missing"] if path.with_name(CONFIG).is_file() else []
        elif why := _fault(path):
            found.append(f"{path}: {why}")
    return found


def _fault(path: Path) -> str:
    try:
        with safe_open(path, "pt") as file:
            for name in file.keys():  # noqa: SIM118  (it is no mapping)
                values = file.get_tensor(name)
                if values.is_floating_point() and not values.isfinite().all():
                    return f"{name} {NO_NUMBERS}"
    except (SafetensorError, OSError, ValueError) as error:
        return f"it cannot be read ({error})"
    return ""
