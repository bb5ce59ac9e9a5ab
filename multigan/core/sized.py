"""Bytes for people, in the unit in which they are a number that can be read."""

__all__ = ["sized"]

UNITS = ("KiB", "MiB", "GiB")


def sized(size: float) -> str:
    """Bytes in KiB, MiB or GiB, whichever gives a number from 1 to 1,024.

    Args:
        size: bytes, 0 or more.

    Example:
        >>> sized(0), sized(300), sized(1_800_000), sized(5 * 2**40)
        ('0.0 KiB', '0.3 KiB', '1.7 MiB', '5,120.0 GiB')
    """
    power = 1
    while power < len(UNITS) and size >= 1024 ** (power + 1):
        power += 1
    return f"{size / 1024**power:,.1f} {UNITS[power - 1]}"
