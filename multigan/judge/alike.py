"""Fakes that are much alike: from where on, and in which words, while a run trains and when it is evaluated."""

__all__ = ["NARROW_SPREAD", "NARROW_VARIETY", "much_alike"]

NARROW_SPREAD = 0.4
"""Fakes' mean distance over reals'."""
NARROW_VARIETY = 0.3
"""Fakes' Vendi score over reals', both beyond one."""


def much_alike(spread: float, variety: float) -> str:
    """The sentence, or "" where fakes are not much alike.

    Args:
        spread: fakes' mean distance over reals'.
        variety: fakes' Vendi score over reals', both beyond one.
    """
    if spread >= NARROW_SPREAD and variety >= NARROW_VARIETY:
        return ""
    return (
        f"fakes are much alike: they differ {spread:.0%} as much as reals do, variety (Vendi score) {variety:.0%} of "
        "theirs, which may be one answer with little variations"
    )
