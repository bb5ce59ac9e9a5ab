"""Sounds whose tops are flat: from where on it is a fault, and in which words, after training and in an evaluation."""

__all__ = ["CLIPPED", "RATIO", "clipping"]

CLIPPED = 0.002
"""Share of samples in flat tops that is heard as a crackle: some hundred clipped ones in a second."""
RATIO = 5
"""Times as many as reals have: what is clipped in reals is theirs to learn."""


def clipping(share: float, of_reals: float) -> str:
    """The sentence, or "" where fakes clip no more than may be.

    Args:
        share: of fakes' samples that lie in flat tops at full scale.
        of_reals: the same of reals.
    """
    if share <= max(CLIPPED, RATIO * of_reals):
        return ""
    return (
        f"fakes clip: {share:.1%} of their samples lie in flat tops at full scale, of reals' {of_reals:.1%}; the net's "
        "output saturates, which is heard as a crackle. Train at a lower rate of G, or on sounds with headroom (peaks "
        "at half of full scale)"
    )
