"""A count and its noun: "1 file", "2,000 files"; one place for all that people read."""

__all__ = ["counted"]


def counted(n: int, noun: str, plural: str = "") -> str:
    """A number with thousands marked, before its noun in the form that it asks for.

    Args:
        n: how many.
        noun: for one; it may begin with adjectives.
        plural: for any other number; "" = the noun with an s.

    Example:
        >>> counted(1, "other file"), counted(0, "item"), counted(2000, "class", "classes")
        ('1 other file', '0 items', '2,000 classes')
    """
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"
