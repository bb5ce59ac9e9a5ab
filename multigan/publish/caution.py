"""What should be known before a generator is handed out: whether it was judged, and repeats its training data."""

from collections.abc import Sequence

from multigan.core.errors import RunError
from multigan.core.shell import typed
from multigan.identity.opened import changes_of
from multigan.publish.facts import RunFiles
from multigan.run.flags import MEMORISING, UNTOLD, flags_of
from multigan.run.judged import OTHER_DATA, OTHER_WEIGHTS, judged_weights, not_of

__all__ = ["objections", "refuse_unless", "remedy"]


def objections(facts: RunFiles, weights_sha256: str) -> list[str]:
    """Reasons not to publish yet, one line each.

    Args:
        facts: of the run.
        weights_sha256: of the generator that is to be published; an evaluation of other weights, or
            beside other data than the run's, does not count.
    """
    evaluation = facts.evaluation
    if evaluation is None:
        why = f" ({facts.unjudgeable})" if facts.unjudgeable else ""
        return [f"there is no evaluation{why}: nobody has looked whether the generator repeats its training data"]
    found, why = list[str](), not_of(evaluation, weights_sha256)
    if why == OTHER_WEIGHTS:
        judged = judged_weights(evaluation)
        found.append(f"the evaluation is of other weights ({judged[:12]}, not {weights_sha256[:12]})")
    elif why:
        found.append("the evaluation is beside other data than the run was trained on")
    found += [f"evaluation: {words}" for key, words in flags_of(evaluation).items() if key in (MEMORISING, UNTOLD)]
    return found + ([f"data: {line}" for line in changes_of(facts.folder)] if facts.folder else [])


def remedy(facts: RunFiles, weights_sha256: str, kept: str) -> str:
    """What to type where there are objections: only what can end otherwise than in the same objections.

    Args:
        facts: of the run.
        weights_sha256: of the generator that is to be published.
        kept: which of the run's generators it is, "" for one of no run.
    """
    why = not_of(facts.evaluation or {}, weights_sha256)
    if facts.evaluation is not None and not why:
        return "read the evaluation's verdict, or say --anyway: the card has its scores and warnings"
    unjudged = "say --anyway: the card then says that it was not evaluated"
    if facts.folder is None:
        return f"publish the run that it comes from, which can be evaluated, or {unjudged}"
    if facts.apart:
        return f"look at multigan report {typed(facts.folder)}, then {unjudged}"
    if facts.unjudgeable:
        return f"train on more data, or {unjudged}"
    which = f" --which {kept}" if kept not in ("", "best") else ""
    beside = " beside the data that it was trained on" if why == OTHER_DATA else ""
    unjudged = "say --anyway: the card has its scores and warnings" if why == OTHER_DATA else unjudged
    return f"run multigan evaluate {typed(facts.folder)}{which}{beside} and read its verdict, or {unjudged}"


def refuse_unless(anyway: bool, found: Sequence[str], fix: str = "say --anyway") -> None:
    """Stop a publication that has objections.

    Args:
        anyway: whether it goes on in spite of them.
        found: the objections.
        fix: what to type.

    Raises:
        RunError: there are some, and `anyway` is not set.
    """
    if found and not anyway:
        raise RunError(
            "not published: " + "; ".join(found),
            "an evaluated generator without a sign of memorisation",
            fix,
        )
