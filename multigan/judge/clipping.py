"""Sounds whose tops are flat: from where on it is a fault, and in which words, after training and in an evaluation."""

__all__ = ["CLIPPED", "clipping"]

CLIPPED = 0.002
"""Share of samples in flat tops that is heard as a crackle: some hundred clipped ones in a second."""


def clipping(share: float, of_reals: float) -> str:
    """The sentence, or "" where fakes clip no more than may be.

    Args:
        share: of fakes' samples that lie in flat tops at full scale.
        of_reals: of reals' samples that lie near their own peaks: of recordings that were clipped and then levelled or
            resampled many do, and to learn that is no fault.
    """
    if share <= max(CLIPPED, of_reals):
        return ""
    return (
        f"fakes clip: {share:.1%} of their samples lie in flat tops at full scale, where {of_reals:.1%} of reals' are "
        "near the peak of their sound; the net's output saturates, which is heard as a crackle. Train at a lower rate "
        "of G, or on sounds with headroom (peaks at half of full scale)"
    )
