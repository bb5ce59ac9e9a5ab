"""Whether an evaluation is of a generator beside the data that its run was trained on."""

from collections.abc import Mapping
from typing import Any

__all__ = ["OTHER_DATA", "OTHER_WEIGHTS", "judged_weights", "not_of"]

OTHER_DATA, OTHER_WEIGHTS = "other data", "other weights"


def judged_weights(evaluation: Mapping[str, Any]) -> str:
    """The checksum of the weights that an evaluation is of; "" where it says none.

    Args:
        evaluation: an `evaluation.json`, or `{}`.
    """
    generator = evaluation.get("generator")
    found = generator.get("weights_sha256") if isinstance(generator, Mapping) else None
    return found if isinstance(found, str) else ""


def not_of(evaluation: Mapping[str, Any], weights_sha256: str | None) -> str:
    """Why an evaluation does not count for a generator: `OTHER_DATA`, `OTHER_WEIGHTS`, or "" where it does.

    One that says not what it is of counts. Data that was changed while the run was trained is the run's.

    Args:
        evaluation: an `evaluation.json`, or `{}`.
        weights_sha256: of the generator; None = there is none.
    """
    judged = judged_weights(evaluation)
    if not judged:
        return ""
    if evaluation.get("data_other", evaluation.get("data_changed")):
        return OTHER_DATA
    return "" if judged == weights_sha256 else OTHER_WEIGHTS
