"""What should be known before a generator is handed out: whether it was judged, and repeats its training data."""

from collections.abc import Sequence

from multigan.core.errors import RunError
from multigan.identity.opened import changes_of
from multigan.publish.facts import Facts
from multigan.run.flags import MEMORISING, UNTOLD, flags_of

__all__ = ["objections", "refuse_unless"]


def objections(facts: Facts, weights_sha256: str) -> list[str]:
    """Reasons not to publish yet, one line each.

    Args:
        facts: of the run.
        weights_sha256: of the generator that is to be published; an evaluation of other weights does not count.
    """
    evaluation = facts.evaluation
    if evaluation is None:
        return ["there is no evaluation: nobody has looked whether the generator repeats its training data"]
    judged = (evaluation.get("generator") or {}).get("weights_sha256")
    found = []
    if judged and judged != weights_sha256:
        found.append(f"the evaluation is of other weights ({judged[:12]}, not {weights_sha256[:12]})")
    found += [f"evaluation: {words}" for key, words in flags_of(evaluation).items() if key in (MEMORISING, UNTOLD)]
    return found + ([f"data: {line}" for line in changes_of(facts.folder)] if facts.folder else [])


def refuse_unless(anyway: bool, found: Sequence[str]) -> None:
    """Stop a publication that has objections.

    Raises:
        RunError: there are some, and `anyway` is not set.
    """
    if found and not anyway:
        raise RunError(
            "not published: " + "; ".join(found),
            "an evaluated generator without a sign of memorisation",
            "run multigan evaluate and read its verdict, or say --anyway",
        )
